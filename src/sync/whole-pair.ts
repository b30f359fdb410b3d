/** The parts that all of a pair is read in. */
import { splitRing, type DocumentPart, type RowPart } from '../core/run-part.js'
import type { ScannablePair } from './pair.js'

/** Large enough that opening a part costs little beside reading it, small enough to be read again after a crash. */
export const usualPartSize = 25_000
const fewestRowParts = 16
const mostRowParts = 4_096

export interface WholePair {
  readonly rows: readonly RowPart[]
  readonly documents: readonly DocumentPart[]
  /** About how many records there are to read, on both sides together. */
  readonly expected: number
  /** How many of them are documents. */
  readonly count: number
}

export const cutPair = async (
  { rows, documents }: ScannablePair,
  signal: AbortSignal,
  size = usualPartSize,
): Promise<WholePair> => {
  const count = await documents.count(signal)
  // A table that was never flushed does not tell; then it most likely has as many rows as there are documents.
  const estimate = (await rows.estimate(signal)) || count
  const rowParts = Math.min(mostRowParts, Math.max(fewestRowParts, Math.ceil(Math.max(estimate, count) / size)))
  return {
    rows: splitRing(rowParts),
    documents: await documents.parts(size, signal),
    expected: estimate + count,
    count,
  }
}
