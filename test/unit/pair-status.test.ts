import { describe, expect, it, test } from 'vitest'
import {
  noWindows,
  pairStatus,
  type OpenWindows,
  type PairFacts,
  type PairState,
  type PairTiming,
  type Stall,
} from '../../src/core/pair-status.js'
import type { Progress } from '../../src/core/progress.js'

const second = 1_000_000
const now = 1_700_000_000 * second
/** Usual lag: 2 + 3 × 10 s. Patience: 10 s more. */
const timing = { unit: 's', interval: 10 * second, settle: 2 * second } as const

const behind = (seconds: number): Progress => ({ watermark: 1_700_000_000 - seconds, acknowledged: [] })
/** One window of ten seconds at the watermark of a pair that is so far behind. */
const at = (seconds: number) => [{ from: 1_700_000_000 - seconds, to: 1_700_000_010 - seconds }]
const open = (windows: Partial<OpenWindows>): OpenWindows => ({ ...noWindows, ...windows })

type Row = readonly [name: string, facts: Partial<PairFacts>, state: PairState | 'not known', stall?: Stall]

const table: readonly Row[] = [
  ['no checkpoint', { progress: 'none' }, 'never ran'],
  ['no checkpoint, queue not readable', { progress: 'none', open: 'unknown' }, 'never ran'],
  ['paused before its first start', { progress: 'none', paused: true }, 'paused'],
  ['paused, far behind', { progress: behind(5_000), paused: true }, 'paused'],
  ['paused, with a failed window', { progress: behind(90), paused: true, open: open({ failed: at(90) }) }, 'paused'],
  ['paused, queue not readable', { progress: behind(90), paused: true, open: 'unknown' }, 'paused'],
  ['at now', { progress: behind(0) }, 'in sync'],
  ['as far behind as is usual', { progress: behind(32) }, 'in sync'],
  ['as far as usual, a window waits', { progress: behind(32), open: open({ waiting: at(32) }) }, 'in sync'],
  ['as far as usual, queue not readable', { progress: behind(32), open: 'unknown' }, 'in sync'],
  [
    'as far as usual, a window failed',
    { progress: behind(20), open: open({ failed: at(20) }) },
    'stalled',
    'failed windows',
  ],
  ['further, within patience, nothing open', { progress: behind(42) }, 'catching up'],
  ['further, within patience, only delayed', { progress: behind(42), open: open({ delayed: at(42) }) }, 'catching up'],
  ['further, queue not readable', { progress: behind(33), open: 'unknown' }, 'not known'],
  ['far behind, worked on', { progress: behind(5_000), open: open({ active: at(5_000) }) }, 'catching up'],
  [
    'far behind, worked on, others wait',
    { progress: behind(5_000), open: open({ active: at(5_000), waiting: at(60) }) },
    'catching up',
  ],
  [
    'far behind, worked on, one failed',
    { progress: behind(5_000), open: open({ active: at(60), failed: at(5_000) }) },
    'stalled',
    'failed windows',
  ],
  [
    'far behind, none is taken',
    { progress: behind(43), open: open({ waiting: at(43), delayed: at(33) }) },
    'stalled',
    'no worker',
  ],
  ['far behind, all are put off', { progress: behind(43), open: open({ delayed: at(43) }) }, 'stalled', 'put off'],
  ['far behind, none is handed out', { progress: behind(43) }, 'stalled', 'no planner'],
  ['a failed job of an acknowledged window', { progress: behind(5), open: open({ failed: at(60) }) }, 'in sync'],
  ['nothing readable', { progress: 'unknown', paused: 'unknown', open: 'unknown' }, 'not known'],
  ['progress not readable', { progress: 'unknown', paused: 'unknown', open: open({ failed: at(9) }) }, 'not known'],
  ['pause not readable', { progress: behind(0), paused: 'unknown' }, 'not known'],
]

const statusOf = (facts: Partial<PairFacts>, overrides: Partial<PairTiming> = {}) =>
  pairStatus({ progress: 'none', paused: false, open: noWindows, ...facts }, { ...timing, ...overrides }, now)

describe('the state of a pair', () => {
  test.each(table.map(([name, facts, state, stall]) => ({ name, facts, state, stall })))(
    '$name',
    ({ facts, state, stall }) => {
      expect(statusOf(facts)).toMatchObject({ state: state === 'not known' ? undefined : state, stall })
    },
  )

  it('is in the table with every state and every stall', () => {
    expect(new Set(table.map(([, , state]) => state)).size).toBe(6)
    expect(new Set(table.map(([, , , stall]) => stall)).size).toBe(5)
  })

  it('a failed window that later acknowledgements cover holds nothing', () => {
    const progress = { ...behind(30), acknowledged: at(20) }
    expect(statusOf({ progress, open: open({ failed: at(20) }) }).state).toBe('in sync')
    expect(statusOf({ progress, open: open({ failed: at(15) }) }).state).toBe('stalled')
  })

  it('short intervals are given ten seconds of patience', () => {
    const interval = 1 * second
    expect(statusOf({ progress: behind(15) }, { interval }).state).toBe('catching up')
    expect(statusOf({ progress: behind(16) }, { interval }).state).toBe('stalled')
  })
})

describe('the numbers of a pair', () => {
  it('are not known before they are', () => {
    const nothing = { watermark: undefined, planned: undefined, lag: undefined }
    expect(statusOf({ progress: 'none' })).toMatchObject(nothing)
    expect(statusOf({ progress: 'unknown' })).toMatchObject(nothing)
    expect(statusOf({ progress: behind(9), open: 'unknown' })).toMatchObject({ lag: 9 * second, planned: undefined })
  })

  it('the lag is the age of the watermark, and never negative', () => {
    expect(statusOf({ progress: behind(77) }).lag).toBe(77 * second)
    expect(statusOf({ progress: behind(-5) }).lag).toBe(0)
  })

  it('planned is the end of whatever was handed out last, in any state', () => {
    const progress = behind(100)
    expect(statusOf({ progress }).planned).toBe(progress.watermark)
    for (const state of ['waiting', 'active', 'delayed', 'failed'] as const) {
      expect(statusOf({ progress, open: open({ [state]: at(50) }) }).planned).toBe(1_700_000_010 - 50)
    }
  })
})
