import { describe, expect, it } from 'vitest'
import { startAt } from '../../../src/core/progress.js'
import { acknowledgeWindow, type LastSeen } from '../../../src/sync/acknowledge-window.js'
import type { CheckpointStore } from '../../../src/ports/checkpoint.js'
import { testCheckpoints, testClock } from '../../support/daemon/memory-ports.js'

const never = new AbortController().signal
const setUp = () => {
  const checkpoints = testCheckpoints()
  checkpoints.reset('a', startAt(100))
  return { checkpoints, clock: testClock(0), lastSeen: new Map<string, LastSeen>(), random: () => 0.5 }
}

describe('acknowledgeWindow', () => {
  it('moves the watermark over the window and resolves with the new progress', async () => {
    const deps = setUp()
    expect(await acknowledgeWindow('a', { from: 100, to: 110 }, never, deps)).toEqual(startAt(110))
    expect(deps.checkpoints.current('a')).toEqual(startAt(110))
  })

  it('keeps a window behind a gap until the gap closes', async () => {
    const deps = setUp()
    await acknowledgeWindow('a', { from: 110, to: 120 }, never, deps)
    expect(deps.checkpoints.current('a')?.watermark).toBe(100)
    await acknowledgeWindow('a', { from: 100, to: 110 }, never, deps)
    expect(deps.checkpoints.current('a')).toEqual(startAt(120))
  })

  it('stores nothing for a window that is recorded already', async () => {
    const deps = setUp()
    await acknowledgeWindow('a', { from: 90, to: 100 }, never, deps)
    expect(deps.checkpoints.history).toHaveLength(1)
  })

  it('goes on from what is there after a lost race, waiting longer each time, and keeps what the others recorded', async () => {
    const deps = setUp()
    const compareAndSet = deps.checkpoints.compareAndSet.bind(deps.checkpoints)
    let others = [110, 120, 130]
    deps.checkpoints.compareAndSet = async (pair, seen, progress) => {
      const [other, ...rest] = others
      others = rest
      if (other !== undefined) deps.checkpoints.reset(pair, startAt(other))
      return compareAndSet(pair, seen, progress)
    }
    await acknowledgeWindow('a', { from: 130, to: 140 }, never, deps)
    expect(deps.checkpoints.current('a')).toEqual(startAt(140))
    expect(deps.clock.slept).toEqual([1_000, 2_000, 4_000])
  })

  /** The requests of one more window of ten seconds. */
  const requestsOf = async (deps: ReturnType<typeof setUp>, from: number): Promise<string[]> => {
    const requests: string[] = []
    const { read, glance, compareAndSet } = deps.checkpoints
    const checkpoints: CheckpointStore = {
      ...deps.checkpoints,
      read: (...args) => (requests.push('read'), read(...args)),
      glance: (...args) => (requests.push('glance'), glance(...args)),
      compareAndSet: (...args) => (requests.push('set'), compareAndSet(...args)),
    }
    await acknowledgeWindow('a', { from, to: from + 10 }, never, { ...deps, checkpoints })
    return requests
  }

  it('looks no more once nobody else has changed the progress between two windows', async () => {
    const deps = setUp()
    expect(await requestsOf(deps, 100)).toEqual(['glance', 'set'])
    expect(await requestsOf(deps, 110)).toEqual(['glance', 'set'])
    expect(await requestsOf(deps, 120)).toEqual(['set'])
    expect(await requestsOf(deps, 130)).toEqual(['set'])
    expect(deps.checkpoints.current('a')).toEqual(startAt(140))
  })

  it('looks again, each time, while others change it', async () => {
    const deps = setUp()
    for (let from = 100; from < 130; from += 10) await requestsOf(deps, from)
    for (let from = 130; from < 190; from += 20) {
      await requestsOf({ ...deps, lastSeen: new Map() }, from)
      const requests = await requestsOf(deps, from + 10)
      expect(requests).toEqual(from === 130 ? ['set', 'set'] : ['glance', 'set'])
    }
    expect(deps.checkpoints.current('a')).toEqual(startAt(190))
  })

  it('records a window anew where progress was set back after it was seen', async () => {
    const deps = setUp()
    await acknowledgeWindow('a', { from: 100, to: 110 }, never, deps)
    for (let from = 110; from < 130; from += 10) await acknowledgeWindow('a', { from, to: from + 10 }, never, deps)
    deps.checkpoints.reset('a', startAt(100))
    await acknowledgeWindow('a', { from: 100, to: 110 }, never, deps)
    expect(deps.checkpoints.current('a')).toEqual(startAt(110))
  })

  it('takes nothing from what it saw before where that is set back meanwhile', async () => {
    const deps = setUp()
    for (const from of [100, 110, 120]) await acknowledgeWindow('a', { from, to: from + 80 }, never, deps)
    deps.checkpoints.reset('a', startAt(50))
    await acknowledgeWindow('a', { from: 200, to: 210 }, never, deps)
    expect(deps.checkpoints.current('a')).toEqual({ watermark: 50, acknowledged: [{ from: 200, to: 210 }] })
  })

  it('loses none of many windows that are acknowledged at the same time', async () => {
    const deps = setUp()
    const windows = Array.from({ length: 30 }, (_, index) => ({ from: 100 + index * 10, to: 110 + index * 10 }))
    await Promise.all(windows.map((window) => acknowledgeWindow('a', window, never, deps)))
    expect(deps.checkpoints.current('a')).toEqual(startAt(400))
  })

  it('gives up with CAES_CHECKPOINT when every try is lost', async () => {
    const deps = setUp()
    deps.checkpoints.compareAndSet = async (_pair, seen) => ({ applied: false, stored: seen })
    const attempt = acknowledgeWindow('a', { from: 100, to: 110 }, never, deps)
    await expect(attempt).rejects.toMatchObject({ code: 'CAES_CHECKPOINT' })
  })

  it('fails with CAES_CHECKPOINT when the progress is gone, and makes up none', async () => {
    const deps = setUp()
    const attempt = acknowledgeWindow('b', { from: 100, to: 110 }, never, deps)
    await expect(attempt).rejects.toMatchObject({ code: 'CAES_CHECKPOINT' })
    expect(deps.checkpoints.current('b')).toBeUndefined()
  })

  it('records nothing once the signal is aborted', async () => {
    const deps = setUp()
    const attempt = acknowledgeWindow('a', { from: 100, to: 110 }, AbortSignal.abort(new Error('lost')), deps)
    await expect(attempt).rejects.toThrow('lost')
    expect(deps.checkpoints.history).toHaveLength(1)
  })
})
