import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { windowId } from '../../../src/adapters/bullmq/window-id.js'
import { startAt } from '../../../src/core/progress.js'
import { until } from '../../support/eventually.js'
import { daemonFixture, pairName, quietResult, type DaemonFixture } from '../../support/daemon/fixture.js'

let daemon: DaemonFixture
beforeEach(async () => {
  daemon = await daemonFixture()
})
afterEach(() => daemon.close())

describe('the dashboard', () => {
  it('serves the page and every script and style that it names', async () => {
    const { url } = await daemon.dashboard()
    const page = await fetch(url)
    expect(page.status).toBe(200)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
    const html = await page.text()
    expect(html).toContain('<title>caes-sync</title>')
    const assets = [...html.matchAll(/(?:src|href)="(static\/[^"]+\.(js|css))"/g)]
    expect(assets.length).toBeGreaterThan(2)
    for (const [, path = '', kind = ''] of assets) {
      const asset = await fetch(`${url}/${path}`)
      expect(asset.status).toBe(200)
      expect(asset.headers.get('content-type')).toContain(kind === 'js' ? 'javascript' : 'css')
      expect((await asset.text()).length).toBeGreaterThan(1_000)
    }
  })

  it('opens a page below the first one directly', async () => {
    const { url } = await daemon.dashboard()
    expect(await (await fetch(`${url}/queue/windows`)).text()).toContain('id="root"')
  })

  it('shows windows by pair, time and counts', async () => {
    const window = { from: 1427254200000, to: 1427254260000 }
    daemon.checkpoints.reset(pairName, startAt(window.from))
    const { url } = await daemon.dashboard()
    await daemon.queue.add('w', { pair: pairName, ...window }, { jobId: windowId(pairName, window) })
    const name = async (): Promise<string | undefined> => {
      const answer = await fetch(`${url}/api/queues?activeQueue=windows&page=1&jobsPerPage=10`)
      const { queues } = (await answer.json()) as { queues: { name: string; jobs: { name: string }[] }[] }
      return queues.find((queue) => queue.name === 'windows')?.jobs[0]?.name
    }
    expect(await name()).toBe('default · 2015-03-25T03:30:00Z … 03:31:00Z')
    await daemon.worker(async (pair, each) => {
      const result = quietResult(pair, each)
      result.report.written.cassandra = 2
      return result
    })
    const counted = 'default · 2015-03-25T03:30:00Z … 03:31:00Z · 0 → Elasticsearch, 2 → Cassandra, 0 unchanged'
    await until('counts are shown', async () => (await name()) === counted)
    const logs = (await (
      await fetch(`${url}/api/queues/windows/${windowId(pairName, window)}/logs`)
    ).json()) as string[]
    expect(logs.join('\n')).toContain('wrote 0 to Elasticsearch and 2 to Cassandra')
  })

  it('leaves the ticks to the schedulers', async () => {
    const { url } = await daemon.dashboard()
    expect((await fetch(`${url}/api/queues/ticks/pause`, { method: 'PUT' })).status).toBe(405)
  })

  it('answers only to its own names and takes changes only from itself', async () => {
    const { url } = await daemon.dashboard()
    const origin = { origin: 'http://evil.example' }
    expect((await fetch(`${url}/api/queues/windows/pause`, { method: 'PUT', headers: origin })).status).toBe(403)
    expect(await daemon.queue.isPaused()).toBe(false)
  })

  it('serves health and metrics beside the board', async () => {
    const { url } = await daemon.dashboard()
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('caes_sync_build_info')
  })
})
