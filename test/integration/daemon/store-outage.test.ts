import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CaesError, type ErrorCode } from '../../../src/core/errors.js'
import { uncovered, type Window } from '../../../src/core/window.js'
import { until } from '../../support/eventually.js'
import { daemonFixture, pairName, quietResult, testStores, type DaemonFixture } from '../../support/daemon/fixture.js'

let daemon: DaemonFixture
beforeEach(async () => {
  daemon = await daemonFixture()
})
afterEach(() => daemon.close())

const lines = (text: string): number => daemon.logger.lines.filter(({ message }) => message.includes(text)).length
const noGap = (start: number): void =>
  expect(uncovered({ from: start, to: daemon.watermark() }, daemon.acknowledged)).toEqual([])

/** A store that is away until it is brought back. */
const away = (code: ErrorCode = 'CAES_ELASTICSEARCH_DOWN') => {
  const state = { down: false, attempts: 0 }
  const runWindow = async (pair: string, window: Window) => {
    if (!state.down) return quietResult(pair, window)
    state.attempts += 1
    throw new CaesError(code, 'no answer')
  }
  return { state, runWindow }
}

describe.each(['CAES_ELASTICSEARCH_DOWN', 'CAES_CASSANDRA_TIMEOUT'] as const)('a store that fails with %s', (code) => {
  it('costs no window an attempt, is said once, and everything resumes when it is back', async () => {
    const { state, runWindow } = away(code)
    await daemon.scheduler({ attempts: 2 })
    const worker = await daemon.worker(runWindow)
    const start = daemon.watermark()
    await until('it runs', () => daemon.watermark() > start)
    const ready = async () => (await fetch(`${worker.url}/readyz`)).text()
    const metric = async () => (await fetch(`${worker.url}/metrics`)).text()

    state.down = true
    await until('the store is taken for away', () => lines('the store is away') === 1)
    expect(await ready()).toContain(`is away or overloaded: ${code}: no answer`)
    expect(await metric()).toMatch(/^caes_sync_store_up\{.*\} 0$/m)
    const downAt = Date.now()
    // Far more probes than a window has attempts.
    const first = state.attempts
    await until('it was probed again and again', () => state.attempts >= first + 6)
    // Windows are planned every 200 ms; hardly any was tried.
    expect(state.attempts).toBeLessThan((Date.now() - downAt) / 200)
    const waiting = await daemon.queue.getJobs(['delayed', 'waiting', 'active'])
    expect(waiting.length).toBeGreaterThan(2)
    expect(waiting.map(({ attemptsMade }) => attemptsMade)).toEqual(waiting.map(() => 0))
    expect(waiting.map(({ progress }) => JSON.stringify(progress)).join()).toContain('away or overloaded')

    state.down = false
    const backAt = Date.now()
    await until('it caught up', () => daemon.watermark() > backAt)
    expect(lines('the store is away')).toBe(1)
    expect(lines('the store answers again')).toBe(1)
    expect(await daemon.jobIn('failed')).toBeUndefined()
    await until('ready', async () => (await fetch(`${worker.url}/readyz`)).ok)
    expect(await metric()).not.toMatch(/^caes_sync_store_up\{.*\} 0$/m)
    noGap(start)
  })
})

describe('a failure that passes by itself', () => {
  it('costs its window no attempt and keeps no other window waiting', async () => {
    let failing = true
    let tried = 0
    await daemon.scheduler({ attempts: 2 })
    await daemon.worker(async (pair, window) => {
      if (window.from !== daemon.checkpoints.history[0]?.progress.watermark) return quietResult(pair, window)
      tried += 1
      if (failing) throw new CaesError('CAES_ELASTICSEARCH_INCOMPLETE', 'shards are missing')
      return quietResult(pair, window)
    })
    const start = daemon.watermark()
    await until('it was tried more often than a window has attempts', () => tried > 3)
    expect(daemon.watermark()).toBe(start)
    await until('later ones go on', () => daemon.acknowledged.length > 3)
    expect(lines('the store is away')).toBe(0)
    failing = false
    await until('the watermark moves', () => daemon.watermark() > start + 1_000)
    expect(await daemon.jobIn('failed')).toBeUndefined()
    noGap(start)
  })
})

describe('two pairs on one cluster', () => {
  it('wait together, and a pair on another one does not', async () => {
    const elsewhere = testStores.map((store) => ({ ...store, name: `other ${store.name}` }))
    const tried: string[] = []
    await daemon.worker(
      async (pair) => {
        tried.push(pair)
        if (pair === 'elsewhere') return quietResult(pair, { from: 0, to: 1 })
        throw new CaesError('CAES_CASSANDRA_DOWN', 'no answer')
      },
      {
        intervalMs: 60_000,
        stores: new Map([
          [pairName, testStores],
          ['neighbour', testStores],
          ['elsewhere', elsewhere],
        ]),
      },
    )
    const enqueue = (pair: string, from: number) => daemon.queue.add(pair, { pair, from, to: from + 1 })
    for (let from = 0; from < 3; from += 1) await enqueue(pairName, from)
    await until('the store is taken for away', () => lines('the store is away') === 1)
    const before = tried.length
    const [neighbour] = [await enqueue('neighbour', 0), await enqueue('elsewhere', 0)]
    await until('the other pair goes on', () => tried.includes('elsewhere'))
    await until('the neighbour waits', async () => (await neighbour.getState()) === 'delayed')
    // At most the probe that came due meanwhile.
    expect(tried.filter((pair) => pair !== 'elsewhere').length).toBeLessThanOrEqual(before + 1)
  })
})
