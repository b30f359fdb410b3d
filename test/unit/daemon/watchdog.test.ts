import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { signsOfLife } from '../../../src/adapters/bullmq/signs-of-life.js'
import { onShutdown } from '../../../src/runtime/signals.js'
import { startWatchdog } from '../../../src/runtime/watchdog.js'
import { testLogger } from '../../support/daemon/memory-ports.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const watch = () => {
  const state = { faults: [] as { part: string; reason: string }[], left: 0 }
  const logger = testLogger()
  const leave = (): void => void (state.left += 1)
  startWatchdog({ faults: () => state.faults, limitMs: 60_000, logger, leave })
  return { state, logger }
}
const fault = { part: 'worker', reason: 'a window neither ends nor keeps its lock' }

describe('the watchdog', () => {
  it('leaves alone what is alive, and what was unwell for a while', async () => {
    const { state } = watch()
    await vi.advanceTimersByTimeAsync(600_000)
    state.faults = [fault]
    await vi.advanceTimersByTimeAsync(50_000)
    state.faults = []
    await vi.advanceTimersByTimeAsync(10_000)
    state.faults = [fault]
    await vi.advanceTimersByTimeAsync(50_000)
    expect(state.left).toBe(0)
  })

  it('ends once, with the reason, what does not recover', async () => {
    const { state, logger } = watch()
    state.faults = [fault]
    await vi.advanceTimersByTimeAsync(600_000)
    expect(state.left).toBe(1)
    expect(logger.lines).toMatchObject([{ level: 'error', message: expect.stringContaining('CAES_STUCK') as string }])
    expect(logger.lines[0]?.fields).toMatchObject({ reason: 'worker: a window neither ends nor keeps its lock' })
  })
})

it('a shutdown that comes to no end is left as it is', async () => {
  const source = new EventEmitter()
  const codes: number[] = []
  const stop = (): Promise<void> => new Promise(() => undefined)
  onShutdown({ stop, limitMs: 40_000, logger: testLogger(), source, exit: (code) => codes.push(code) })
  source.emit('SIGTERM')
  await vi.advanceTimersByTimeAsync(39_000)
  expect(codes).toEqual([])
  await vi.advanceTimersByTimeAsync(2_000)
  expect(codes).toEqual([1])
})

it('a window gives a sign of life when it starts and when its lock is renewed, until it ends', () => {
  let now = 0
  const signs = signsOfLife(() => now)
  expect(signs.oldest()).toBe(0)
  signs.started('a')
  now = 10
  signs.started('b')
  expect(signs.count()).toBe(2)
  now = 30
  expect(signs.oldest()).toBe(30)
  signs.renewed(['a', 'ended long ago'])
  expect(signs.oldest()).toBe(20)
  signs.ended('b')
  expect(signs.count()).toBe(1)
  expect(signs.oldest()).toBe(0)
  signs.ended('a')
  now = 1_000
  expect(signs.oldest()).toBe(0)
})
