/**
 * How a window that holds too many records is divided among jobs.
 *
 * Each job reads the documents of its own range, but the entries of three overlaps around it as well (look-end.ts). So
 * parts must not get arbitrarily small: where many records lie close together, ever smaller parts would read the same
 * entries ever more often, the square of their number in all.
 */
import type { WindowPart } from './window-part.js'
import type { Window } from './window.js'

/** How many records lie in a range, on the side that has more of them. */
export interface Bin extends Window {
  readonly size: number
}

export interface Division {
  /** Records that a part should hold at most. */
  readonly maxRecords: number
  /** In units. */
  readonly overlap: number
}

/** A part is made larger than `maxRecords` rather than have entries read about so often in all; at most twice that. */
const mostReadings = 8
/** Ids that one job may keep in mind while it reads: 17 MB. */
export const mostLabels = 500_000

/**
 * Parts that tile `range`, in order.
 * @param bins in order, without gaps, from the start of `range` to two overlaps behind its end; a part is cut at the end
 *   of a bin
 */
export const divide = (range: Window, bins: readonly Bin[], { maxRecords, overlap }: Division): WindowPart[] => {
  const around = sumOf(bins)
  const own = sumOf(bins.filter(({ from }) => from < range.to))
  const parts: WindowPart[] = []
  const close = (from: number, to: number): void => {
    const labels = around(from - overlap, to + 2 * overlap)
    const room = Math.max(maxRecords, labels / mostReadings)
    const of = Math.max(1, Math.ceil(own(from, to) / room), Math.ceil(labels / mostLabels))
    for (let index = 0; index < of; index += 1) parts.push({ from, to, ids: { index, of } })
  }
  let from = range.from
  let to = range.from
  for (const bin of bins) {
    if (bin.from >= range.to) break
    const end = Math.min(bin.to, range.to)
    const room = Math.max(maxRecords, around(from - overlap, end + 2 * overlap) / mostReadings)
    // Empty stretches need no part of their own.
    if (bin.size > 0 && own(from, to) > 0 && own(from, end) > room) {
      close(from, to)
      from = to
    }
    to = end
  }
  if (to > from) close(from, to)
  return parts
}

/** Sizes of all bins that a range touches, in logarithmic time. */
const sumOf = (bins: readonly Bin[]): ((from: number, to: number) => number) => {
  const sums = [0]
  for (const { size } of bins) sums.push(sums.at(-1)! + size)
  return (from, to) => {
    const first = firstWhere(bins, (bin) => bin.to > from)
    const end = firstWhere(bins, (bin) => bin.from >= to)
    return end > first ? sums[end]! - sums[first]! : 0
  }
}

/** The place of the first bin that passes; they are in order, so all behind it do. */
const firstWhere = (bins: readonly Bin[], passes: (bin: Bin) => boolean): number => {
  let low = 0
  let high = bins.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (passes(bins[middle]!)) high = middle
    else low = middle + 1
  }
  return low
}
