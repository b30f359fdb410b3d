import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openRedis } from '../../../src/adapters/bullmq/connection.js'
import { partId, windowId } from '../../../src/adapters/bullmq/window-id.js'
import { createWindowList, windowStates, type WindowList } from '../../../src/adapters/bullmq/window-list.js'
import { createWindowQueue } from '../../../src/adapters/bullmq/window-queue.js'
import { CaesError } from '../../../src/core/errors.js'
import { noWindows } from '../../../src/core/pair-status.js'
import { allIds, type WindowPart } from '../../../src/core/window-part.js'
import type { Window } from '../../../src/core/window.js'
import { daemonFixture, pairName, quietResult, redisUrl, type DaemonFixture } from '../../support/daemon/fixture.js'
import { until } from '../../support/eventually.js'
import { openLine } from '../../support/tcp-line.js'

let daemon: DaemonFixture
let list: WindowList
const releases: (() => unknown)[] = []
beforeEach(async () => {
  daemon = await daemonFixture()
  const link = openRedis({ url: redisUrl }, 'producer', 'test', daemon.logger)
  releases.push(() => link.close())
  await link.untilReady(5_000)
  list = createWindowList(link, daemon.redis.prefix)
  releases.push(() => list.close())
})
afterEach(async () => {
  for (const release of releases.splice(0).toReversed()) await release()
  await daemon.close()
})

const at = (from: number): Window => ({ from, to: from + 10 })
const refused = (): Error => new CaesError('CAES_ELASTICSEARCH_REFUSED', 'not that', { hint: 'ask otherwise' })

/** Hands windows out as a planner would. */
const enqueue = async (pair: string, windows: readonly Window[], attempts = 1): Promise<void> => {
  const link = openRedis({ url: redisUrl }, 'producer', 'test planner', daemon.logger)
  await link.untilReady(5_000)
  const queue = createWindowQueue(link, { prefix: daemon.redis.prefix, attempts, backoffMs: 60_000 })
  await queue.enqueue(pair, windows)
  await queue.close()
  link.close()
}

describe('the list of windows', () => {
  it('tells pair, range, state, attempts, error and report, the newest first', async () => {
    daemon.checkpoints.reset(pairName, { watermark: 0, acknowledged: [] })
    daemon.checkpoints.reset('my orders', { watermark: 0, acknowledged: [] })
    await enqueue(pairName, [at(10), at(20), at(30)])
    await enqueue('my orders', [at(40)])
    await daemon.worker(async (pair, window) => {
      if (window.from === 20) throw refused()
      const result = quietResult(pair, window)
      result.report.written.cassandra = 2
      return result
    })
    const all = { states: windowStates, limit: 10 }
    const { windows, more } = await until('all are through', async () => {
      const found = await list.list(all)
      return found.windows.every(({ state }) => state === 'completed' || state === 'failed') && found
    })
    expect(more).toBe(0)
    expect(windows).toMatchObject([
      { id: windowId('my orders', at(40)), pair: 'my orders', window: at(40), state: 'completed', attempts: 1 },
      { pair: pairName, window: at(30), state: 'completed', report: { written: { cassandra: 2 } }, error: undefined },
      { window: at(20), state: 'failed', attempts: 1, mostAttempts: 1, report: undefined },
      { window: at(10), state: 'completed' },
    ])
    expect(windows[2]?.error).toBe('CAES_ELASTICSEARCH_REFUSED: not that; ask otherwise')

    const failed = await list.list({ states: ['failed'], limit: 10 })
    expect(failed.windows.map(({ window }) => window)).toEqual([at(20)])
    const newest = await list.list({ ...all, pair: pairName, limit: 1 })
    expect(newest.windows.map(({ window }) => window)).toEqual([at(30)])
    expect(newest.more).toBe(2)
  })

  it('tells open windows by pair and state, in one look', async () => {
    await enqueue(pairName, [at(10), at(20)])
    await enqueue('other', [at(30)])
    await daemon.queue.add('by hand', {} as never, { jobId: 'nothing of ours' })
    expect(await list.openByState()).toEqual(
      new Map([
        [pairName, { ...noWindows, waiting: expect.arrayContaining([at(10), at(20)]) as unknown }],
        ['other', { ...noWindows, waiting: [at(30)] }],
      ]),
    )
  })

  it('starts a failed window anew and a delayed one at once', async () => {
    await enqueue(pairName, [at(10)])
    await enqueue(pairName, [at(20)], 5)
    daemon.checkpoints.reset(pairName, { watermark: 0, acknowledged: [] })
    let broken = true
    await daemon.worker(async (pair, window) => {
      if (broken) throw refused()
      return quietResult(pair, window)
    })
    const [failed, delayed] = [windowId(pairName, at(10)), windowId(pairName, at(20))]
    await until('one is failed, one delayed', async () => {
      const open = (await list.openByState()).get(pairName)
      return open?.failed.length === 1 && open.delayed.length === 1
    })
    expect(await list.failedIds()).toEqual([failed])
    expect(await list.failedIds('other')).toEqual([])
    expect(await list.fate(failed)).toBe('failed')
    expect(await list.failureOf(failed)).toContain('CAES_ELASTICSEARCH_REFUSED')
    expect(await list.fate(delayed)).toBe('under way')
    broken = false
    await list.retry(failed)
    await list.retry(delayed)
    await until(
      'both are done',
      async () => (await list.fate(failed)) === 'done' && (await list.fate(delayed)) === 'done',
    )
    // Nothing happens to what is done or not there.
    await list.retry(failed)
    await list.retry('default.1-2')
    expect(await list.fate(failed)).toBe('done')
    expect(await list.fate('default.1-2')).toBe('gone')
  })

  it('tells a divided window as failed while a part of it is, and lists and retries the part', async () => {
    const window = at(10)
    const parts: WindowPart[] = [10, 15].map((from) => ({ from, to: from + 5, ids: allIds }))
    const [, broken] = parts as [WindowPart, WindowPart]
    daemon.checkpoints.reset(pairName, { watermark: 10, acknowledged: [] })
    await enqueue(pairName, [window])
    let isBroken = true
    await daemon.worker(async (pair, each, _signal, { part }) => {
      if (part === undefined) return { parts }
      if (isBroken && part.from === broken.from) throw new CaesError('CAES_INTERNAL', 'no')
      return quietResult(pair, each)
    })
    const states = await until('a part is failed', async () => {
      const open = (await list.openByState()).get(pairName)
      return open?.failed.length === 1 && open
    })
    expect(states).toEqual({ ...noWindows, failed: [window] })
    const { windows } = await list.list({ states: ['failed'], limit: 10 })
    const id = partId(windowId(pairName, window), broken)
    expect(windows).toMatchObject([{ id, pair: pairName, window, part: broken, state: 'failed' }])
    expect(await list.failedIds()).toEqual([id])
    isBroken = false
    await list.retry(id)
    await until('the window is done', () => daemon.watermark() === window.to)
    await until('nothing is open', async () => (await list.openByState()).size === 0)
  })

  it('says which store is down', async () => {
    const { hostname, port } = new URL(redisUrl)
    const proxy = await openLine(hostname, Number(port))
    releases.push(() => proxy.close())
    const link = openRedis({ url: `redis://127.0.0.1:${proxy.port}` }, 'producer', 'test', daemon.logger)
    releases.push(() => link.close())
    await link.untilReady(5_000)
    const cut = createWindowList(link, daemon.redis.prefix)
    releases.push(() => cut.close())
    await cut.openByState()
    await proxy.cut()
    await expect(cut.openByState()).rejects.toMatchObject({ code: 'CAES_REDIS_DOWN' })
    await expect(cut.list({ states: ['failed'], limit: 1 })).rejects.toMatchObject({ code: 'CAES_REDIS_DOWN' })
  })
})
