import { describe, expect, it } from 'vitest'
import { startAt } from '../../../src/core/progress.js'
import { acknowledgeWindow } from '../../../src/sync/acknowledge-window.js'
import { testCheckpoints, testClock } from '../../support/daemon/memory-ports.js'

const never = new AbortController().signal
const setUp = () => {
  const checkpoints = testCheckpoints()
  checkpoints.reset('a', startAt(100))
  return { checkpoints, clock: testClock(0), random: () => 0.5 }
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

  it('reads again after a lost race, waiting longer each time, and keeps what the others recorded', async () => {
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
    expect(deps.clock.slept).toEqual([5_000, 10_000, 20_000])
  })

  it('loses none of many windows that are acknowledged at the same time', async () => {
    const deps = setUp()
    const windows = Array.from({ length: 30 }, (_, index) => ({ from: 100 + index * 10, to: 110 + index * 10 }))
    await Promise.all(windows.map((window) => acknowledgeWindow('a', window, never, deps)))
    expect(deps.checkpoints.current('a')).toEqual(startAt(400))
  })

  it('gives up with CAES_CHECKPOINT when every try is lost', async () => {
    const deps = setUp()
    deps.checkpoints.compareAndSet = async () => false
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
