import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { windowId } from '../../../src/adapters/bullmq/window-id.js'
import { CaesError } from '../../../src/core/errors.js'
import { startAt } from '../../../src/core/progress.js'
import { until } from '../../support/eventually.js'
import { daemonFixture, pairName, quietResult, redisUrl, type DaemonFixture } from '../../support/daemon/fixture.js'
import { createAuth } from '../../../src/http/auth.js'
import { basicOf, passwordOf, testUsers } from '../../support/http-users.js'
import { openLine } from '../../support/tcp-line.js'

let daemon: DaemonFixture
beforeEach(async () => {
  daemon = await daemonFixture()
})
afterEach(() => daemon.close())

describe('the dashboard', () => {
  it('serves the board, from its own folder, and every script and style that it names', async () => {
    const url = `${(await daemon.dashboard()).url}/board`
    const page = await fetch(url)
    expect(page.status).toBe(200)
    expect((await fetch(`${url}/`)).status).toBe(200)
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
    expect(await (await fetch(`${url}/board/queue/windows`)).text()).toContain('id="root"')
  })

  it('shows windows by pair, time and counts', async () => {
    const window = { from: 1427254200000, to: 1427254260000 }
    daemon.checkpoints.reset(pairName, startAt(window.from))
    const { url } = await daemon.dashboard()
    await daemon.queue.add('w', { pair: pairName, ...window }, { jobId: windowId(pairName, window) })
    const name = async (): Promise<string | undefined> => {
      const answer = await fetch(`${url}/board/api/queues?activeQueue=windows&page=1&jobsPerPage=10`)
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
      await fetch(`${url}/board/api/queues/windows/${windowId(pairName, window)}/logs`)
    ).json()) as string[]
    expect(logs.join('\n')).toContain('wrote 0 to Elasticsearch and 2 to Cassandra')
  })

  it('leaves the ticks to the schedulers', async () => {
    const { url } = await daemon.dashboard()
    expect((await fetch(`${url}/board/api/queues/ticks/pause`, { method: 'PUT' })).status).toBe(405)
  })

  it('lets a viewer look at the board, without a button, and an operator act on it', async () => {
    const auth = createAuth({ users: await testUsers(), behindProxy: false, logger: daemon.logger })
    const { url } = await daemon.dashboard({}, { auth, metrics: auth.check })
    const readOnly = async (role: 'viewer' | 'operator'): Promise<Record<string, boolean>> => {
      const headers = { authorization: basicOf(role, passwordOf(role)) }
      const answer = (await (await fetch(`${url}/board/api/queues`, { headers })).json()) as {
        queues: { name: string; readOnlyMode: boolean }[]
      }
      return Object.fromEntries(answer.queues.map(({ name, readOnlyMode }) => [name, readOnlyMode]))
    }
    expect(await readOnly('viewer')).toEqual({ windows: true, parts: true, rejects: true, ticks: true })
    expect(await readOnly('operator')).toEqual({ windows: false, parts: false, rejects: false, ticks: true })
  })

  it('answers only to its own names and takes changes only from itself', async () => {
    const { url } = await daemon.dashboard()
    const origin = { origin: 'http://evil.example' }
    expect((await fetch(`${url}/board/api/queues/windows/pause`, { method: 'PUT', headers: origin })).status).toBe(403)
    expect(await daemon.queue.isPaused()).toBe(false)
  })

  it('shows on its first page how the pair is, what failed and why, and retries it', async () => {
    let broken = true
    await daemon.scheduler({ attempts: 1 })
    const { url } = await daemon.dashboard()
    await daemon.worker(async (pair, each) => {
      if (broken && each.from === daemon.checkpoints.history[0]?.progress.watermark) {
        throw new CaesError('CAES_ELASTICSEARCH_REFUSED', 'the index is closed', { hint: 'open it' })
      }
      return quietResult(pair, each)
    })
    const failed = await until('one fails', () => daemon.jobIn('failed'))
    const page = async (): Promise<string> => (await fetch(url)).text()
    await until('it is shown', async () => (await page()).includes('Stalled, 1 window failed'))
    const html = await page()
    expect(html).toContain('the index is closed</span> <code>CAES_ELASTICSEARCH_REFUSED</code>')
    expect(html).toContain('1 worker takes windows')
    broken = false
    const retry = (headers: Record<string, string>) =>
      fetch(`${url}/actions/retry`, {
        method: 'POST',
        body: new URLSearchParams({ window: failed.id! }),
        redirect: 'manual',
        headers,
      })
    expect((await retry({ origin: 'http://evil.example' })).status).toBe(403)
    expect(await daemon.jobIn('failed')).toBeDefined()
    const answer = await retry({ origin: url })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '../?done=retried&count=1'])
    await until('the watermark passes it', () => daemon.watermark() > failed.data.to)
    await until('all is well', async () => (await page()).includes('<title>In sync'))
  })

  it('pauses and resumes', async () => {
    const { url } = await daemon.dashboard()
    const post = async (action: string): Promise<void> => {
      await fetch(`${url}/actions/${action}`, { method: 'POST', body: new URLSearchParams({ pair: pairName }) })
    }
    await post('pause')
    expect(await daemon.pauses.read(pairName)).toMatchObject({ who: 'the dashboard' })
    await until('it is shown', async () => (await (await fetch(url)).text()).includes('Paused by the dashboard'))
    await post('resume')
    expect(await daemon.pauses.read(pairName)).toBeUndefined()
  })

  it('answers soon although a store hangs, and says which', async () => {
    const never = new Promise<never>(() => undefined)
    daemon.checkpoints.read = () => never
    const { url } = await daemon.dashboard()
    const html = await (await fetch(url, { signal: AbortSignal.timeout(20_000) })).text()
    expect(html).toContain('State not known')
    expect(html).toContain('CAES_CASSANDRA_DOWN')
  })

  it('goes on without Redis, with what the checkpoint tells', async () => {
    const { hostname, port } = new URL(redisUrl)
    const line = await openLine(hostname, Number(port))
    try {
      daemon.checkpoints.reset(pairName, startAt(Date.now()))
      const { url } = await daemon.dashboard({ redis: { ...daemon.redis, url: `redis://127.0.0.1:${line.port}` } })
      expect(await (await fetch(url)).text()).toContain('<title>In sync')
      await line.cut()
      await until('Redis is missed', async () => (await (await fetch(url)).text()).includes('CAES_REDIS_DOWN'))
      const html = await (await fetch(url)).text()
      expect(html).toContain('The history is in Redis, which does not answer.')
      expect(html).toMatch(/<span class="big">\d+ s<\/span> behind/)
    } finally {
      await line.close()
    }
  })

  it('serves health and metrics beside them', async () => {
    const { url } = await daemon.dashboard()
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    const text = await (await fetch(`${url}/metrics`)).text()
    expect(text).toContain('caes_sync_build_info')
    expect(text).toContain(`caes_sync_state{pair="${pairName}",state="never ran"} 1`)
    expect(text).toContain(`caes_sync_failed_windows{pair="${pairName}"} 0`)
    for (const queue of ['windows', 'rejects']) expect(text).toContain(`bullmq_job_count{queue="${queue}"`)
    expect(text.match(/^# TYPE bullmq_job_count /gm)).toHaveLength(1)
  })
})
