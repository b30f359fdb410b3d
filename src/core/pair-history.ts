/** How a pair did in a span of time, from the windows that ended in it: lag, flow each way, and what was counted. */
import type { PerSide, WindowReport } from './report.js'
import { micros, type Micros, type Unit, type Version } from './version.js'
import type { Window } from './window.js'

/** A window that is done; `ended` is when. */
export interface DoneWindow extends Window {
  readonly ended: Micros
  readonly report: WindowReport
}

export interface HistorySpan {
  readonly unit: Unit
  readonly now: Micros
  /** How far back it goes. */
  readonly span: Micros
  /** How many parts of equal length the span has. */
  readonly slots: number
  /** Windows that ended before this time may be missing. */
  readonly completeSince: Micros
}

export interface Slot {
  readonly from: Micros
  readonly to: Micros
  /** The longest in it; undefined where it cannot be told any more. */
  readonly lag: Micros | undefined
  /** Records written to that side by windows that ended in it. */
  readonly written: Readonly<PerSide>
}

const counted = ['unchanged', 'superseded', 'ties', 'held', 'unlabelled', 'orphaned', 'rejected'] as const

export interface PairHistory {
  /** Oldest first. */
  readonly slots: readonly Slot[]
  /** Of all windows that ended in the span. */
  readonly totals: Readonly<Record<(typeof counted)[number], number> & { written: PerSide; windows: number }>
}

/**
 * @param done windows of one pair in any order; a window that was run again counts each time
 * @param open windows that were handed out and are not done
 * @param watermark as it is now; undefined where it is not known
 */
export const pairHistory = (
  done: readonly DoneWindow[],
  open: readonly Window[],
  watermark: Version | undefined,
  { unit, now, span, slots, completeSince }: HistorySpan,
): PairHistory => {
  const byEnd = done.filter(({ ended }) => ended >= completeSince && ended <= now).sort((a, b) => a.ended - b.ended)
  const lagAt = lagOf(byEnd, open, watermark, unit)
  const length = span / slots
  const parts = Array.from({ length: slots }, (_, index): Slot => {
    const from = now - span + index * length
    const to = from + length
    const within = byEnd.filter(({ ended }) => ended > from && ended <= to)
    // The lag is longest in the moment before a window ends, or where the slot does.
    const moments = [...within.map(({ ended }) => ended - 1), to]
    const lags = to < completeSince ? [] : moments.map(lagAt).filter((lag) => lag !== undefined)
    return {
      from,
      to,
      lag: lags.length === 0 ? undefined : Math.max(...lags),
      written: sumOf(within.map(({ report }) => report.written)),
    }
  })
  return { slots: parts, totals: totalsOf(byEnd.filter(({ ended }) => ended > now - span)) }
}

/**
 * The watermark at a time was the start of the earliest window that ended after it, since windows tile time; where all
 * have ended, the end of the last one.
 */
const lagOf = (
  byEnd: readonly DoneWindow[],
  open: readonly Window[],
  watermark: Version | undefined,
  unit: Unit,
): ((at: Micros) => Micros | undefined) => {
  const unfinished = open.reduce((least, { from }) => Math.min(least, from), Infinity)
  const last = byEnd.at(-1)?.ended ?? -Infinity
  const end = watermark ?? byEnd.reduce((most, { to }) => Math.max(most, to), -Infinity)
  // starts[i]: the earliest start among the windows from the i-th on, and those that are open.
  const starts = Array<number>(byEnd.length + 1).fill(unfinished)
  for (let index = byEnd.length - 1; index >= 0; index -= 1) {
    starts[index] = Math.min(starts[index + 1]!, byEnd[index]!.from)
  }
  return (at) => {
    const mark = at >= last && watermark !== undefined ? watermark : starts[firstAfter(byEnd, at)]!
    const known = Number.isFinite(mark) ? mark : end
    if (!Number.isFinite(known)) return undefined
    const lag = at - micros(known, unit)
    // Before the pair began there was no lag.
    return lag < 0 ? undefined : lag
  }
}

const firstAfter = (byEnd: readonly DoneWindow[], at: Micros): number => {
  let low = 0
  let high = byEnd.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (byEnd[middle]!.ended > at) high = middle
    else low = middle + 1
  }
  return low
}

const sumOf = (written: readonly PerSide[]): PerSide => ({
  elasticsearch: written.reduce((sum, each) => sum + each.elasticsearch, 0),
  cassandra: written.reduce((sum, each) => sum + each.cassandra, 0),
})

const totalsOf = (windows: readonly DoneWindow[]): PairHistory['totals'] => {
  const count = (what: (typeof counted)[number]): number => windows.reduce((sum, { report }) => sum + report[what], 0)
  return {
    windows: windows.length,
    written: sumOf(windows.map(({ report }) => report.written)),
    unchanged: count('unchanged'),
    superseded: count('superseded'),
    ties: count('ties'),
    held: count('held'),
    unlabelled: count('unlabelled'),
    orphaned: count('orphaned'),
    rejected: count('rejected'),
  }
}
