import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CaesError } from '../../../src/core/errors.js'
import { startAt } from '../../../src/core/progress.js'
import type { Window } from '../../../src/core/window.js'
import { until } from '../../support/eventually.js'
import { daemonFixture, pairName, quietResult, type DaemonFixture } from '../../support/daemon/fixture.js'

let daemon: DaemonFixture
beforeEach(async () => {
  daemon = await daemonFixture()
})
afterEach(() => daemon.close())

/** A store that refuses the window which begins at the watermark of the start, until it is mended. */
const breakable = (error: () => Error) => {
  const tried: Window[] = []
  let broken = true
  return {
    tried,
    mend: () => {
      broken = false
    },
    runWindow: async (pair: string, window: Window) => {
      const first = daemon.checkpoints.history[0]?.progress.watermark
      if (window.from === first) {
        tried.push(window)
        if (broken) throw error()
      }
      return quietResult(pair, window)
    },
  }
}
const refused = (): Error =>
  new CaesError('CAES_ELASTICSEARCH_REFUSED', 'not permitted', { where: 'http://127.0.0.1:9200', hint: 'permit it' })

const stays = (watermark: number): Promise<true> =>
  until('later windows are acknowledged', () => {
    expect(daemon.watermark()).toBe(watermark)
    return (daemon.checkpoints.current(pairName)?.acknowledged[0]?.to ?? 0) > watermark + 1_500
  })

describe('a window that fails', () => {
  it('is retried, stays failed, holds the watermark while later ones go on, and moves it when retried from the board', async () => {
    const store = breakable(refused)
    await daemon.scheduler({ attempts: 3 })
    const board = await daemon.dashboard()
    await daemon.worker(store.runWindow)
    const failed = await until('it stays failed', () => daemon.jobIn('failed'))
    expect(store.tried).toHaveLength(3)
    expect(failed.attemptsMade).toBe(3)
    expect(failed.failedReason).toBe('CAES_ELASTICSEARCH_REFUSED: not permitted (http://127.0.0.1:9200); permit it')
    expect(failed.stacktrace?.join('\n')).not.toMatch(/^\s+at /m)
    await stays(failed.data.from)

    // A retry while it is still broken begins anew with all attempts.
    const retry = async (): Promise<number> =>
      (await fetch(`${board.url}/board/api/queues/windows/${failed.id}/retry`, { method: 'PUT' })).status
    expect(await retry()).toBe(204)
    await until('it failed again', async () => store.tried.length === 6 && daemon.jobIn('failed'))
    store.mend()
    expect(await retry()).toBe(204)
    await until('the watermark moves', () => daemon.watermark() > failed.data.to + 1_000)
  })

  it('waits before it is retried', async () => {
    const store = breakable(refused)
    await daemon.scheduler({ attempts: 5, backoffMs: 60_000 })
    await daemon.worker(store.runWindow)
    const delayed = await until('it waits', () => daemon.jobIn('delayed'))
    expect(delayed.delay).toBeGreaterThanOrEqual(30_000)
    expect(delayed.delay).toBeLessThanOrEqual(60_000)
    await stays(delayed.data.from)
    expect(store.tried).toHaveLength(1)
  })

  it('is not retried by itself when only a person can mend it', async () => {
    const store = breakable(() => new CaesError('CAES_SCHEMA_MISMATCH', 'no such column'))
    await daemon.scheduler({ attempts: 5 })
    await daemon.worker(store.runWindow)
    await until('it stays failed', () => daemon.jobIn('failed'))
    expect(store.tried).toHaveLength(1)
  })

  it('is planned again when its job is removed', async () => {
    const store = breakable(refused)
    await daemon.scheduler()
    await daemon.worker(store.runWindow)
    const failed = await until('it stays failed', () => daemon.jobIn('failed'))
    store.mend()
    await failed.remove()
    await until('the watermark moves', () => daemon.watermark() > failed.data.to)
    expect(await daemon.jobIn('failed')).toBeUndefined()
  })

  it('is planned again when the checkpoint was set back over completed windows', async () => {
    await daemon.scheduler()
    const runs = new Map<number, number>()
    await daemon.worker(async (pair, window) => {
      runs.set(window.from, (runs.get(window.from) ?? 0) + 1)
      return quietResult(pair, window)
    })
    const start = daemon.watermark()
    const reached = await until('some windows are done', () => daemon.watermark() > start + 1_000 && daemon.watermark())
    daemon.checkpoints.reset(pairName, startAt(start))
    await until('the watermark comes back', () => daemon.watermark() >= reached)
    expect(runs.get(start)).toBeGreaterThanOrEqual(2)
  })

  it('does not count as done when it cannot be acknowledged', async () => {
    await daemon.scheduler()
    const compareAndSet = daemon.checkpoints.compareAndSet.bind(daemon.checkpoints)
    let refusing = true
    daemon.checkpoints.compareAndSet = async (...args) => {
      if (refusing) throw new CaesError('CAES_CASSANDRA_REFUSED', 'not permitted')
      return compareAndSet(...args)
    }
    await daemon.worker(async (pair, window) => quietResult(pair, window))
    const failed = await until('it fails', () => daemon.jobIn('failed'))
    expect(failed.failedReason).toContain('CAES_CASSANDRA_REFUSED')
    expect(await daemon.jobIn('completed')).toBeUndefined()
    refusing = false
    await failed.retry()
    await until('it completes', () => daemon.jobIn('completed'))
  })
})

describe('a job that no planner made', () => {
  it('fails once with a reason and disturbs nothing', async () => {
    await daemon.scheduler()
    await daemon.worker(async (pair, window) => quietResult(pair, window))
    await daemon.queue.add('by hand', {} as never, { attempts: 5 })
    const failed = await until('it fails', () => daemon.jobIn('failed'))
    expect(failed.failedReason).toContain('CAES_CONFIG_INVALID')
    expect(failed.attemptsMade).toBe(1)
    const start = daemon.checkpoints.history[0]?.progress.watermark ?? 0
    await until('the watermark moves', () => daemon.watermark() > start + 500)
  })
})
