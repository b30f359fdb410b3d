/**
 * Which of the overlap behind it a window reads.
 *
 * Windows that tile time, each read back over the whole overlap, read every record again as often as windows fit into
 * the overlap: 20 times where an overlap of 20 s meets windows of 1 s. What is needed is less. The last reading of a
 * version decides what all earlier ones left open, so it has to come when the whole overlap has passed; the earlier ones
 * only make late writes arrive sooner. So a window reads itself, and itself moved back by the overlap, by half of it, a
 * quarter and so on. Windows tile time, so they do when all are moved by the same span: each version is read again one
 * overlap later for the last time, and before that at ages that double. A write that lands late is met at twice its
 * lateness at the latest, and reading again costs the logarithm.
 */
import { merged, type Window } from './window.js'

/**
 * Disjoint ranges in order, the last of which ends with the window: all of `withOverlap` where the window is not shorter
 * than the overlap.
 * @param overlap in units
 */
export const lookBack = ({ from, to }: Window, overlap: number): Window[] => {
  const length = to - from
  const ranges = [{ from, to }]
  for (let shift = overlap; shift > 0; shift = shift > length ? Math.ceil(shift / 2) : 0) {
    ranges.push({ from: Math.max(0, from - shift), to: Math.max(0, to - shift) })
  }
  return merged(ranges)
}
