import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MemoryPauseStore } from '../../../src/adapters/memory/memory-pause-store.js'
import { MemoryRunStore } from '../../../src/adapters/memory/memory-run-store.js'
import { merged, uncovered, type Window } from '../../../src/core/window.js'
import { acknowledgeWindow, type LastSeen } from '../../../src/sync/acknowledge-window.js'
import {
  planWindows,
  readProgress,
  type PairPlan,
  type PlannedPair,
  type PlanningDeps,
} from '../../../src/sync/plan-windows.js'
import { testCheckpoints, testClock, testQueue } from '../../support/daemon/memory-ports.js'

const second = 1_000_000
const pair = (name: string): PlannedPair => ({
  name,
  unit: 's',
  settle: 2 * second,
  entries: { ttl: 3_600 * second, overlap: 20 * second, interval: 10 * second, usualLag: 32 * second },
  cadence: { step: 10, maxOpen: 20 },
})
const never = new AbortController().signal

const setUp = (startSeconds: number) => ({
  checkpoints: testCheckpoints(),
  lastSeen: new Map<string, LastSeen>(),
  pauses: new MemoryPauseStore(),
  runs: new MemoryRunStore(),
  queue: testQueue(),
  clock: testClock(startSeconds * second),
})
const planned = (plans: readonly PairPlan[]): readonly Window[] =>
  plans.flatMap((each) => ('error' in each ? [] : each.planned))

describe('planWindows', () => {
  it('sets the watermark of a pair that never ran to now and hands out nothing before it', async () => {
    const deps = setUp(1_005)
    expect(planned(await planWindows([pair('a')], deps))).toEqual([])
    expect(deps.checkpoints.current('a')).toEqual({ watermark: 1_005, acknowledged: [] })
    deps.clock.advance(20 * second)
    expect(planned(await planWindows([pair('a')], deps))).toEqual([
      { from: 1_005, to: 1_010 },
      { from: 1_010, to: 1_020 },
    ])
  })

  it('ends windows settle before now', async () => {
    const deps = setUp(1_000)
    await planWindows([pair('a')], deps)
    deps.clock.advance(11 * second)
    expect(planned(await planWindows([pair('a')], deps))).toEqual([])
    deps.clock.advance(second)
    expect(planned(await planWindows([pair('a')], deps))).toEqual([{ from: 1_000, to: 1_010 }])
  })

  it('hands out nothing that is open already', async () => {
    const deps = setUp(1_000)
    deps.checkpoints.reset('a', { watermark: 960, acknowledged: [] })
    deps.queue.windows.set('a', [{ from: 970, to: 980 }])
    expect(planned(await planWindows([pair('a')], deps))).toEqual([
      { from: 960, to: 970 },
      { from: 980, to: 990 },
    ])
    expect(planned(await planWindows([pair('a')], deps))).toEqual([])
  })

  it('resumes from the stored watermark after any downtime', async () => {
    const deps = setUp(1_000)
    deps.checkpoints.reset('a', { watermark: 970, acknowledged: [{ from: 980, to: 990 }] })
    expect(planned(await planWindows([pair('a')], deps))).toEqual([{ from: 970, to: 980 }])
  })

  it('goes on with the other pairs when one cannot be planned', async () => {
    const deps = setUp(1_000)
    const read = deps.checkpoints.read.bind(deps.checkpoints)
    deps.checkpoints.read = (name) => (name === 'broken' ? Promise.reject(new Error('no')) : read(name))
    const plans = await planWindows([pair('broken'), pair('b')], deps)
    expect(plans.map((each) => 'error' in each)).toEqual([true, false])
    expect(deps.checkpoints.current('b')).toBeDefined()
  })

  it.each(['the queue', 'the progress'])(
    'does not hand out again a window that completes right after %s was read',
    async (moment) => {
      const deps = setUp(1_000)
      await planWindows([pair('a')], deps)
      deps.clock.advance(12 * second)
      await planWindows([pair('a')], deps)
      const andComplete = async <T>(reading: Promise<T>, here: string): Promise<T> => {
        const found = await reading
        const window = here === moment ? deps.queue.take('a', 0) : undefined
        if (window !== undefined) await acknowledgeWindow('a', window, never, deps)
        return found
      }
      const racing: PlanningDeps = {
        clock: deps.clock,
        pauses: deps.pauses,
        runs: deps.runs,
        queue: { ...deps.queue, open: () => andComplete(deps.queue.open(), 'the queue') },
        checkpoints: {
          ...deps.checkpoints,
          read: (name) => andComplete(deps.checkpoints.read(name), 'the progress'),
        },
      }
      expect(planned(await planWindows([pair('a')], racing))).toEqual([])
      expect(deps.checkpoints.current('a')?.watermark).toBe(1_010)
    },
  )

  it('hands out nothing of a paused pair, also when the queue is lost, and all of it once it is resumed', async () => {
    const deps = setUp(1_000)
    const pairs = [pair('a'), pair('b')]
    await planWindows(pairs, deps)
    await deps.pauses.pause('a', { since: 0, who: 'ann' })
    deps.clock.advance(12 * second)
    const plans = await planWindows(pairs, deps)
    expect(plans).toMatchObject([
      { paused: true, planned: [] },
      { paused: false, planned: [{ from: 1_000, to: 1_010 }] },
    ])
    deps.queue.windows.clear()
    deps.clock.advance(10 * second)
    expect(await planWindows([pair('a')], deps)).toMatchObject([{ paused: true, planned: [] }])
    await deps.pauses.resume('a')
    expect(planned(await planWindows([pair('a')], deps))).toEqual([
      { from: 1_000, to: 1_010 },
      { from: 1_010, to: 1_020 },
    ])
  })

  it('begins a pair that was paused before its first start when it is resumed', async () => {
    const deps = setUp(1_000)
    await deps.pauses.pause('a', { since: 0, who: 'ann' })
    expect(await planWindows([pair('a')], deps)).toEqual([])
    expect(deps.checkpoints.history).toEqual([])
    deps.clock.advance(50 * second)
    await deps.pauses.resume('a')
    expect(await planWindows([pair('a')], deps)).toMatchObject([{ begins: true, progress: { watermark: 1_050 } }])
  })

  it('reads progress without changing anything', async () => {
    const deps = setUp(1_000)
    expect(await readProgress([pair('a')], deps)).toEqual([])
    expect(deps.checkpoints.history).toEqual([])
  })

  it('tiles time whatever is lost, repeated or late, and the watermark never steps back', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('tick' as const), seconds: fc.nat(60), planners: fc.integer({ min: 1, max: 2 }) }),
      fc.record({ do: fc.constant('complete' as const), index: fc.nat(30) }),
      fc.record({ do: fc.constant('lose one' as const), index: fc.nat(30) }),
      fc.record({ do: fc.constant('lose all' as const) }),
      fc.record({ do: fc.constant('acknowledge only' as const), index: fc.nat(30) }),
      fc.record({ do: fc.constant('pause' as const) }),
      fc.record({ do: fc.constant('resume' as const) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
        const deps = setUp(1_003)
        const pairs = [pair('a')]
        const done: Window[] = []
        await planWindows(pairs, deps)
        for (const each of steps) {
          if (each.do === 'tick') {
            deps.clock.advance(each.seconds * second)
            for (let planner = 0; planner < each.planners; planner += 1) await planWindows(pairs, deps)
          } else if (each.do === 'lose all') {
            deps.queue.windows.clear()
          } else if (each.do === 'pause') {
            await deps.pauses.pause('a', { since: 0, who: 'ann' })
          } else if (each.do === 'resume') {
            await deps.pauses.resume('a')
          } else {
            const window =
              each.do === 'acknowledge only'
                ? deps.queue.windows.get('a')?.[each.index]
                : deps.queue.take('a', each.index)
            if (window !== undefined && each.do !== 'lose one') {
              done.push(window)
              await acknowledgeWindow('a', window, never, deps)
            }
          }
        }
        await deps.pauses.resume('a')
        // Nothing is lost for good: planning and working reach the last whole step. Where much is open, windows are
        // longer and their ends fewer, so it takes a second round to get there.
        for (let round = 0; round < 2; round += 1) {
          await planWindows(pairs, deps)
          for (let window = deps.queue.take('a', 0); window !== undefined; window = deps.queue.take('a', 0)) {
            done.push(window)
            await acknowledgeWindow('a', window, never, deps)
          }
        }
        const end = Math.floor((deps.clock.now() / second - 2) / 10) * 10
        const progress = deps.checkpoints.current('a')
        expect(progress?.watermark).toBeGreaterThanOrEqual(Math.max(1_003, end))
        expect(progress?.acknowledged).toEqual([])
        expect(uncovered({ from: 1_003, to: progress?.watermark ?? 0 }, merged(done))).toEqual([])
        const watermarks = deps.checkpoints.history.map(({ progress }) => progress.watermark)
        expect(watermarks).toEqual([...watermarks].sort((a, b) => a - b))
      }),
      { numRuns: 200 },
    )
  })
})
