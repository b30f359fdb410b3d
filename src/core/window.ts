/** Ranges of versions. */
import type { Version } from './version.js'

/** Half-open range [from, to) of versions. */
export interface Window {
  readonly from: Version
  readonly to: Version
}

export const isEmpty = ({ from, to }: Window): boolean => to <= from

/** What a window reads: itself and, behind it, the overlap (in units) where late writes may have landed. */
export const withOverlap = ({ from, to }: Window, overlap: number): Window => ({
  from: Math.max(0, from - overlap),
  to,
})

/** The parts of `range` that none of `taken` covers, in order. */
export const uncovered = (range: Window, taken: readonly Window[]): Window[] => {
  const holes: Window[] = []
  let from = range.from
  for (const window of taken.filter((each) => !isEmpty(each)).sort((a, b) => a.from - b.from)) {
    if (window.from >= range.to) break
    if (window.from > from) holes.push({ from, to: window.from })
    from = Math.max(from, window.to)
  }
  if (from < range.to) holes.push({ from, to: range.to })
  return holes
}

/** The same ranges with touching and overlapping ones joined, in order. */
export const merged = (windows: readonly Window[]): Window[] => {
  const result: Window[] = []
  for (const window of windows.filter((each) => !isEmpty(each)).sort((a, b) => a.from - b.from)) {
    const last = result.at(-1)
    if (last !== undefined && window.from <= last.to) {
      result[result.length - 1] = { from: last.from, to: Math.max(last.to, window.to) }
    } else {
      result.push(window)
    }
  }
  return result
}
