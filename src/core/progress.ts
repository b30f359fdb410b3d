/**
 * How far a pair has come. Everything before the watermark is acknowledged on both sides; what lies behind it and was
 * acknowledged out of order waits in `acknowledged` until the gap before it closes.
 *
 * Which windows are open is not kept here: it is what the queue holds. The planner hands out whatever is neither
 * acknowledged nor open, so losing the queue, or one job of it, costs a second reading and nothing else.
 */
import { unitsCovering, type Micros, type Unit, type Version } from './version.js'
import { merged, uncovered, type Window } from './window.js'

export interface Progress {
  readonly watermark: Version
  /** Disjoint ranges beyond the watermark, in order. */
  readonly acknowledged: readonly Window[]
}

/** The very first start promises everything from now on, so nothing before `now` is planned. */
export const startAt = (now: Version): Progress => ({ watermark: now, acknowledged: [] })

/** Maintained invariant: the watermark never moves back, and moves only over ranges that were acknowledged. */
export const acknowledge = (progress: Progress, window: Window): Progress => {
  let watermark = progress.watermark
  const beyond: Window[] = []
  for (const range of merged([...progress.acknowledged, window])) {
    if (range.from <= watermark) watermark = Math.max(watermark, range.to)
    else beyond.push(range)
  }
  return { watermark, acknowledged: beyond }
}

export const sameProgress = (a: Progress, b: Progress): boolean =>
  a.watermark === b.watermark &&
  a.acknowledged.length === b.acknowledged.length &&
  a.acknowledged.every(({ from, to }, at) => from === b.acknowledged[at]!.from && to === b.acknowledged[at]!.to)

/** Where the next window starts: the end of everything acknowledged or handed out. */
export const plannedUpTo = (progress: Progress, open: readonly Window[]): Version =>
  [...progress.acknowledged, ...open].reduce((end, window) => Math.max(end, window.to), progress.watermark)

export interface Cadence {
  /** Length of a window in units; boundaries lie on its multiples so that two planners cut alike. */
  readonly step: number
  /** How many windows may be open before they get twice as long; so many more, and they double again. */
  readonly maxOpen: number
}

/** The length of windows that cover an interval of time. */
export const windowStep = (interval: Micros, unit: Unit): number => Math.max(1, unitsCovering(interval, unit))

/**
 * The windows to hand out now: the holes between what is acknowledged and what is open, up to `until`.
 * Windows tile: no gap and, from one planner, no overlap. While nobody works on them, their number grows with the
 * logarithm of the time, not with the time.
 */
export const plan = (progress: Progress, open: readonly Window[], until: Version, cadence: Cadence): Window[] => {
  const { maxOpen } = cadence
  // Doubling keeps boundaries on a grid that every planner finds by itself, however large gap and backlog are.
  let step = cadence.step * 2 ** Math.floor(open.length / maxOpen)
  const end = Math.floor(until / step) * step
  const holes = uncovered({ from: progress.watermark, to: end }, [...progress.acknowledged, ...open])
  const missing = holes.reduce((sum, hole) => sum + hole.to - hole.from, 0)
  const room = maxOpen - (open.length % maxOpen)
  while (missing / step > room) step *= 2
  return holes.flatMap((hole) => cut(hole, step))
}

const cut = ({ from, to }: Window, step: number): Window[] => {
  const pieces: Window[] = []
  for (let start = from; start < to;) {
    const end = Math.min(to, (Math.floor(start / step) + 1) * step)
    pieces.push({ from: start, to: end })
    start = end
  }
  return pieces
}
