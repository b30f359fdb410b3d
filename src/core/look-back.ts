/**
 * Which of the overlap behind it a window reads.
 *
 * Windows that tile time, each read back over the whole overlap, read every record again as often as windows fit into
 * the overlap: 20 times where an overlap of 20 s meets windows of 1 s. What is needed is less. The last reading of a
 * version decides what all earlier ones left open, so it has to come when the whole overlap has passed; the earlier ones
 * only make late writes arrive sooner. So a window reads itself and itself moved back by the overlap, and looks at
 * itself moved back by half of it, a quarter and so on. Windows tile time, so they do when all are moved by the same
 * span: each version is read once more one overlap later, and looked at before that at ages that double. A write that
 * lands late is met at twice its lateness, or else at the last reading; looking costs the logarithm, and little of it is
 * read where the sides are alike, see version-sum.ts.
 *
 * A window of a gap, read when its whole overlap has passed, looks at nothing in between: no write is on its way any
 * more, and the windows right before it, which others are working on, would look unlike and be written twice.
 */
import type { Rules } from './rules.js'
import { isClock, micros, type Micros } from './version.js'
import { uncovered, withOverlap, type Window } from './window.js'

/** Ranges that are disjoint, each list in order. */
export interface LookBack {
  /** Read before the others: what is new lies here. */
  readonly first: readonly Window[]
  /** Read in any case. */
  readonly last: readonly Window[]
  /** Read where the sides do not look alike. */
  readonly ifUnlike: readonly Window[]
}

/** As one list. */
export const allOf = ({ first, last, ifUnlike }: LookBack): readonly Window[] => [...first, ...last, ...ifUnlike]

/** All of it, as for a range that somebody asks for. */
export const wholeOverlap = (window: Window, overlap: number): LookBack => ({
  first: [window],
  last: uncovered(withOverlap(window, overlap), [window]),
  ifUnlike: [],
})

/** Whether by now everything has landed that the overlap of the window waits for. */
export const overlapHasPassed = ({ unit, overlap }: Rules, { to }: Window, now: Micros): boolean =>
  isClock(to, unit) && micros(to, unit) + overlap <= now

/**
 * The whole overlap where the window is not shorter than it.
 * @param overlap in units
 */
export const lookBack = (window: Window, overlap: number): LookBack => {
  const { from, to } = window
  const length = to - from
  const movedBack = (span: number): Window => ({ from: Math.max(0, from - span), to: Math.max(0, to - span) })
  const last = uncovered(movedBack(overlap), [window])
  const ifUnlike: Window[] = []
  for (let span = overlap; span > length;) {
    span = Math.ceil(span / 2)
    ifUnlike.push(...uncovered(movedBack(span), [window, ...last, ...ifUnlike]))
  }
  return { first: [window], last, ifUnlike: ifUnlike.sort((a, b) => a.from - b.from) }
}
