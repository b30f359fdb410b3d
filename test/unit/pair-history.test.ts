import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pairHistory, type DoneWindow, type HistorySpan } from '../../src/core/pair-history.js'
import { acknowledge, startAt, type Progress } from '../../src/core/progress.js'
import { emptyReport, type WindowReport } from '../../src/core/report.js'
import type { Window } from '../../src/core/window.js'

const second = 1_000_000

const done = (from: number, to: number, endedSecond: number, more: Partial<WindowReport> = {}): DoneWindow => ({
  from,
  to,
  ended: endedSecond * second,
  report: { ...emptyReport('p', { from, to }), ...more },
})
const span = (more: Partial<HistorySpan> = {}): HistorySpan => ({
  unit: 's',
  now: 1_100 * second,
  span: 100 * second,
  slots: 10,
  completeSince: 0,
  ...more,
})
const lags = (...parameters: Parameters<typeof pairHistory>) =>
  pairHistory(...parameters).slots.map(({ lag }) => (lag === undefined ? undefined : Math.round(lag / second)))

describe('the lag over time', () => {
  it('falls when a window ends, and each part of the span shows the longest', () => {
    // From 1,000 on, a window of ten seconds ends two seconds after its range.
    const windows = Array.from({ length: 10 }, (_, i) => done(990 + i * 10, 1_000 + i * 10, 1_002 + i * 10))
    expect(lags(windows, [], 1_090, span())).toEqual(Array.from({ length: 10 }, () => 12))
  })

  it('grows while a window fails, although later ones end, and falls when it is done', () => {
    const windows = [
      done(990, 1_000, 1_002),
      done(1_010, 1_020, 1_022),
      done(1_020, 1_030, 1_032),
      done(1_000, 1_010, 1_045),
      done(1_030, 1_040, 1_046),
    ]
    expect(lags(windows, [], 1_040, span({ now: 1_050 * second, span: 50 * second, slots: 5 }))).toEqual([
      12, 20, 30, 40, 45,
    ])
    // Still failed: the one that is open holds the lag up to now.
    const open = [{ from: 1_000, to: 1_010 }]
    const rest = windows.filter(({ from }) => from !== 1_000)
    expect(lags(rest, open, 1_000, span({ now: 1_050 * second, span: 50 * second, slots: 5 })).at(-1)).toBe(50)
  })

  it('is not told for the time of windows that are not kept any more, nor for that before the pair began', () => {
    const windows = [done(1_060, 1_070, 1_072), done(1_070, 1_080, 1_082), done(1_080, 1_090, 1_092)]
    const known = (more: Partial<HistorySpan>) => lags(windows, [], 1_090, span(more)).map((lag) => lag !== undefined)
    expect(known({ completeSince: 1_075 * second }).indexOf(true)).toBe(7)
    expect(known({}).indexOf(true)).toBe(5)
    expect(lags([], [], undefined, span())).toEqual(Array.from({ length: 10 }, () => undefined))
  })

  it('goes on growing while nothing is handed out', () => {
    expect(lags([done(990, 1_000, 1_002)], [], 1_000, span()).slice(-2)).toEqual([90, 100])
  })

  it('is what the recorded watermark was, whatever order windows end in', () => {
    const lengths = fc.array(
      fc.record({ length: fc.integer({ min: 1, max: 9 }), delay: fc.integer({ min: 1, max: 60 }) }),
      {
        minLength: 1,
        maxLength: 25,
      },
    )
    fc.assert(
      fc.property(lengths, (steps) => {
        let from = 1_000
        const all: DoneWindow[] = steps.map(({ length, delay }, index) => {
          const window = { from, to: from + length }
          from += length
          // No two end in the same moment, so that there is one order.
          return { ...done(window.from, window.to, 0), ended: (window.to + delay) * second + index }
        })
        const now = (from + 30) * second
        const ended = all.filter((each) => each.ended <= now).sort((a, b) => a.ended - b.ended)
        const open: Window[] = all.filter((each) => each.ended > now)
        const progressAt = (at: number): Progress =>
          ended.filter((each) => each.ended <= at).reduce<Progress>(acknowledge, startAt(1_000))
        const { slots } = pairHistory(
          ended,
          open,
          progressAt(now).watermark,
          span({ now, span: now - 1_000 * second, slots: 7 }),
        )
        for (const { from: start, to, lag } of slots) {
          const moments = [...ended.map((each) => each.ended - 1).filter((at) => at >= start && at < to), to]
          const expected = Math.max(...moments.map((at) => at - progressAt(at).watermark * second))
          expect(lag).toBe(expected)
        }
      }),
    )
  })
})

describe('the flow', () => {
  it('is what windows wrote to each side, in the part in which they ended', () => {
    const windows = [
      done(0, 1, 1_001, { written: { elasticsearch: 3, cassandra: 1 } }),
      done(1, 2, 1_002, { written: { elasticsearch: 2, cassandra: 0 } }),
      done(2, 3, 1_100, { written: { elasticsearch: 0, cassandra: 7 } }),
    ]
    const { slots } = pairHistory(windows, [], 3, span())
    expect(slots[0]?.written).toEqual({ elasticsearch: 5, cassandra: 1 })
    expect(slots[5]?.written).toEqual({ elasticsearch: 0, cassandra: 0 })
    expect(slots[9]?.written).toEqual({ elasticsearch: 0, cassandra: 7 })
  })

  it('is counted over the whole span, and not what ended before it', () => {
    const report = { unchanged: 5, superseded: 1, ties: 2, held: 3, unlabelled: 4, orphaned: 6, rejected: 7 }
    const windows = [done(0, 1, 900, report), done(1, 2, 1_050, report), done(2, 3, 1_060, report)]
    expect(pairHistory(windows, [], 3, span()).totals).toEqual({
      windows: 2,
      written: { elasticsearch: 0, cassandra: 0 },
      unchanged: 10,
      superseded: 2,
      ties: 4,
      held: 6,
      unlabelled: 8,
      orphaned: 12,
      rejected: 14,
    })
  })
})
