/** Measures what a window holds and divides it; reads no content. */
import { divide, type Bin } from '../core/divide.js'
import type { WindowPart } from '../core/window-part.js'
import { overlapUnits } from '../core/rules.js'
import type { Window } from '../core/window.js'
import type { DocumentView } from '../ports/store.js'
import type { Pair } from './pair.js'

/** As many as a view counts at once. */
const mostBins = 1_024

/**
 * Parts that tile `range`. Memory: a page of entries, whatever the range holds.
 * @param range a window with the overlap behind it, as `view` was opened for it
 */
export const divideWindow = async (
  pair: Pair,
  range: Window,
  view: DocumentView,
  maxRecords: number,
  signal: AbortSignal,
): Promise<WindowPart[]> => {
  const overlap = overlapUnits(pair.rules)
  const own = cut(range, mostBins)
  // A part looks this far ahead for newer entries.
  const ahead = cut({ from: range.to, to: range.to + 2 * overlap }, mostBins)
  const documents = await view.count(own, signal)
  const entries = await countEntries(pair, [...own, ...ahead], signal)
  const bins = [...own, ...ahead].map((each, at): Bin => ({
    ...each,
    size: Math.max(documents[at] ?? 0, entries[at]!),
  }))
  return divide(range, bins, { maxRecords, overlap })
}

/** Equal pieces, the last one perhaps shorter. */
const cut = ({ from, to }: Window, most: number): Window[] => {
  const step = Math.ceil((to - from) / most)
  const pieces: Window[] = []
  for (let start = from; start < to; start += step) pieces.push({ from: start, to: Math.min(to, start + step) })
  return pieces
}

/** Entries, not ids: of records that are written again and again there are fewer, and parts get smaller than they could be. */
const countEntries = async ({ rows }: Pair, bins: readonly Window[], signal: AbortSignal): Promise<number[]> => {
  const counts = bins.map(() => 0)
  const [first, last] = [bins[0]!, bins.at(-1)!]
  for await (const page of rows.entries(first.from, signal, last.to)) {
    // Entries of one page lie close together: most are found in the bin of the one before.
    let at = 0
    for (const { version } of page) {
      while (at > 0 && version < bins[at]!.from) at -= 1
      while (version >= bins[at]!.to) at += 1
      counts[at]! += 1
    }
  }
  return counts
}
