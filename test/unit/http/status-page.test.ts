import type { Hono } from 'hono'
import { describe, expect, it, test } from 'vitest'
import { MemoryPauseStore } from '../../../src/adapters/memory/memory-pause-store.js'
import { CaesError } from '../../../src/core/errors.js'
import type { DoneWindow } from '../../../src/core/pair-history.js'
import { noWindows, stalls, type Stall } from '../../../src/core/pair-status.js'
import { emptyReport } from '../../../src/core/report.js'
import { anybody } from '../../../src/http/permission.js'
import { statusPage, type StatusPageOptions } from '../../../src/http/status-page.js'
import { remembered } from '../../../src/runtime/remembered.js'
import type { Snapshot } from '../../../src/sync/read-overview.js'
import type { PairReading } from '../../../src/sync/read-status.js'
import { testLogger } from '../../support/daemon/memory-ports.js'

const second = 1_000_000
const now = 1_700_000_000 * second
const watched = (name: string) => ({ name, unit: 's', settle: 2 * second, interval: 10 * second }) as const

const reading = (name: string, more: Partial<PairReading> = {}): PairReading => ({
  name,
  state: 'in sync',
  stall: undefined,
  watermark: 1_699_999_993,
  planned: 1_699_999_998,
  lag: 7 * second,
  progress: { watermark: 1_699_999_993, acknowledged: [] },
  pause: undefined,
  open: noWindows,
  rejects: 0,
  runs: [],
  verifiedAt: undefined,
  ...more,
})
const done = (from: number, written = 0): DoneWindow => {
  const window = { from, to: from + 10 }
  const report = { ...emptyReport('p', window), written: { elasticsearch: written, cassandra: 0 }, unchanged: 3 }
  return { ...window, ended: (from + 13) * second, report }
}
const snapshotOf = (pairs: readonly PairReading[], more: Partial<Snapshot> = {}): Snapshot => ({
  at: now,
  pairs,
  faults: [],
  done: {
    byPair: new Map([[pairs[0]!.name, [done(1_699_999_970, 20), done(1_699_999_980)]]]),
    completeSince: now - 60 * second,
  },
  failed: new Map(),
  workers: 2,
  ...more,
})

const appOf = (snapshot: Snapshot, more: Partial<StatusPageOptions> = {}): Hono =>
  statusPage({
    pairs: snapshot.pairs.map(({ name }) => watched(name)),
    snapshot: remembered(0, async () => snapshot),
    version: '1.2.3',
    windows: { retry: async () => undefined, failedIds: async () => [], fate: async () => 'failed' },
    pauses: new MemoryPauseStore(),
    may: anybody,
    visitor: () => undefined,
    logger: testLogger(),
    ...more,
  })
const page = async (snapshot: Snapshot, path = '/'): Promise<string> => (await appOf(snapshot).request(path)).text()

describe('the page', () => {
  it('says first whether all is in sync, and how far behind, in its title as well', async () => {
    const html = await page(snapshotOf([reading('default')]))
    expect(html).toContain('<title>In sync · caes-sync</title>')
    expect(html).toMatch(/<h1>.*In sync<\/h1>/)
    expect(html).toContain('<span class="big">7 s</span> behind')
  })

  it('tells the worst of several pairs, and leads to each', async () => {
    const pairs = [
      reading('a'),
      reading('b', { state: 'stalled', stall: 'no worker', lag: 300 * second }),
      reading('c'),
    ]
    const html = await page(snapshotOf(pairs))
    expect(html).toContain('<title>1 of 3 pairs stalled · caes-sync</title>')
    expect(html).toContain('<span class="big">5 min</span> behind at most')
    for (const name of ['a', 'b', 'c']) {
      expect(html).toContain(`href="#pair-${name}"`)
      expect(html).toContain(`id="pair-${name}"`)
    }
  })

  test.each(Object.keys(stalls) as Stall[])('says what "%s" means', async (stall) => {
    const html = await page(snapshotOf([reading('default', { state: 'stalled', stall })]))
    expect(html.toLowerCase()).toContain(stalls[stall].meaning)
  })

  it('lists failed windows with reason and advice, each with a retry, and how many there are more', async () => {
    const window = { from: 1_699_999_000, to: 1_699_999_010 }
    const failures = {
      windows: [
        {
          id: 'default.1699999000-1699999010',
          window,
          error: 'CAES_X: it broke (there); mend it',
          attempts: 5,
          ended: 0,
        },
      ],
      more: 3,
    }
    const open = { ...noWindows, failed: Array.from({ length: 4 }, () => window) }
    const html = await page(
      snapshotOf([reading('default', { state: 'stalled', stall: 'failed windows', open })], {
        failed: new Map([['default', failures]]),
      }),
    )
    expect(html).toContain('4 windows failed')
    expect(html).toContain('Retry all 4')
    expect(html).toContain('<span class="what">it broke (there)</span> <code>CAES_X</code>')
    expect(html).toContain('<span class="hint">mend it</span>')
    expect(html).toContain('<input type="hidden" name="window" value="default.1699999000-1699999010"/>')
    expect(html).toContain('3 more failed windows')
  })

  it('shows the last windows, each leading to its job on the board, and says in words what became of it', async () => {
    const html = await page(snapshotOf([reading('default')]))
    expect(html).toContain('href="board/queue/windows/default.1699999970-1699999980"')
    expect(html).toContain('20 to Elasticsearch, 3 equal')
    expect(html).toContain('both sides equal')
  })

  it('names the store that is down, and shows what the others tell', async () => {
    const unknown = { state: undefined, watermark: undefined, planned: undefined, lag: undefined, progress: undefined }
    const fault = new CaesError('CAES_CASSANDRA_DOWN', 'no host answers', { hint: 'start it' })
    const html = await page(snapshotOf([reading('default', unknown)], { faults: [fault, fault] }))
    expect(html).toContain('State not known')
    expect(html.match(/role="alert"/g)).toHaveLength(1)
    expect(html).toContain('no host answers</span> <code>CAES_CASSANDRA_DOWN</code>')
    expect(html).toContain('20 to Elasticsearch')
    const redisDown = await page(
      snapshotOf([reading('default', { open: undefined, rejects: undefined })], {
        done: undefined,
        workers: undefined,
      }),
    )
    expect(redisDown).toContain('The history is in Redis, which does not answer.')
    expect(redisDown).toContain('<span class="big">7 s</span> behind')
  })

  it('shows who has logged in, and buttons to those alone who may use them', async () => {
    const window = { from: 1_699_999_000, to: 1_699_999_010 }
    const failed = { id: 'default.1699999000-1699999010', window, error: 'CAES_X: it broke', attempts: 5, ended: 0 }
    const snapshot = snapshotOf(
      [reading('default', { state: 'stalled', stall: 'failed windows', open: { ...noWindows, failed: [window] } })],
      { failed: new Map([['default', { windows: [failed], more: 0 }]]) },
    )
    const seenBy = async (role: 'viewer' | 'operator', path: string): Promise<string> => {
      const visitor = () => ({ name: '<ann>', role })
      const app = appOf(snapshot, { visitor, may: () => (role === 'viewer' ? undefined : 'ann') })
      return (await app.request(path)).text()
    }
    for (const path of ['/', '/fragment']) {
      const [looking, acting] = [await seenBy('viewer', path), await seenBy('operator', path)]
      expect(looking).toContain('it broke')
      expect(looking).not.toContain('action="actions/')
      for (const action of ['retry', 'retry-failed', 'pause']) expect(acting).toContain(`action="actions/${action}"`)
    }
    const whole = await seenBy('viewer', '/')
    expect(whole).toContain('&lt;ann&gt;</span> <span class="quiet">viewer</span>')
    expect(whole).toMatch(/<form method="post" action="logout".*Log out/s)
    expect(await page(snapshot)).not.toContain('Log out')
  })

  it('is never stored, runs no script of its own, and may be framed by nobody', async () => {
    const answer = await appOf(snapshotOf([reading('default')])).request('/')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const policy = answer.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    const html = await answer.text()
    expect(html).not.toMatch(/<script(?![^>]* src=)/)
    expect(html).not.toMatch(/ (style|on\w+)="/)
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//)
  })

  it('escapes everything that comes from elsewhere', async () => {
    const evil = '"><script>alert(1)</script>'
    const failures = {
      windows: [
        { id: evil, window: { from: 1, to: 2 }, error: `CAES_X: ${evil}; ${evil}`, attempts: 1, ended: undefined },
      ],
      more: 0,
    }
    const pair = reading(evil, {
      state: 'paused',
      pause: { since: 0, who: evil },
      open: { ...noWindows, failed: [{ from: 1, to: 2 }] },
    })
    const html = await page(snapshotOf([pair], { failed: new Map([[evil, failures]]), faults: [new Error(evil)] }))
    expect(html).not.toContain('<script>alert')
  })

  it('shows the time that was asked for, or else all that is known', async () => {
    const shown = async (path: string, ago: number): Promise<string | undefined> => {
      const done = { byPair: new Map(), completeSince: now - ago * 60 * second }
      const html = await page(snapshotOf([reading('default')], { done }), path)
      return /<a id="span-(\w+)"[^>]*aria-current="true"/.exec(html)?.[1]
    }
    expect(await shown('/?span=6h', 5)).toBe('6h')
    expect(await shown('/', 5)).toBe('15m')
    expect(await shown('/', 16)).toBe('1h')
    expect(await shown('/', 10_000)).toBe('24h')
    expect(await shown('/?span=constructor', 5)).toBe('15m')
  })

  it('gives the script the same content without the frame', async () => {
    const fragment = await page(snapshotOf([reading('default')]), '/fragment')
    expect(fragment).not.toContain('<html')
    const html = await page(snapshotOf([reading('default')]))
    expect(html).toContain(fragment)
  })

  it('is read anew after an action, so that nobody sees what was before it', async () => {
    let paused = false
    const snapshot = remembered(60_000, async () =>
      snapshotOf([reading('default', paused ? { state: 'paused', pause: { since: 0, who: 'ann' } } : {})]),
    )
    const app = appOf(await snapshot(), { snapshot })
    expect(await (await app.request('/')).text()).toContain('Pause<')
    paused = true
    await app.request('/actions/pause', { method: 'POST', body: new URLSearchParams({ pair: 'default' }) })
    expect(await (await app.request('/')).text()).toContain('Resume<')
  })

  it('says what came of an action in its own words, whatever the address says', async () => {
    const snapshot = snapshotOf([reading('default')])
    expect(await page(snapshot, '/?done=retried&count=3')).toContain('3 windows handed to the workers.')
    expect(await page(snapshot, '/?failed=CAES_CASSANDRA_DOWN')).toContain('Cassandra cannot be reached')
    for (const query of [
      '?done=hacked&count=1',
      '?done=retried&count=<b>',
      '?failed=toString',
      '?done=constructor&count=1',
    ]) {
      expect(await page(snapshot, `/${query}`)).not.toContain('class="notice')
    }
  })
})

describe('its files', () => {
  it('are all served, with a type, and not again while they are the same', async () => {
    const app = appOf(snapshotOf([reading('default')]))
    const html = await (await app.request('/')).text()
    const files = [...html.matchAll(/(?:href|src)="(assets\/[^"]+)"/g)].map(([, path]) => path!)
    expect(files).toHaveLength(3)
    for (const path of files) {
      const answer = await app.request(`/${path}`)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toMatch(/^(text\/css|text\/javascript|image\/svg\+xml)/)
      expect((await answer.text()).length).toBeGreaterThan(50)
      const again = await app.request(`/${path}`, { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } })
      expect(again.status).toBe(304)
    }
  })
})
