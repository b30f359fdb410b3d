/**
 * The parts of a run: shares of one store that together are all of it. Whoever reads the same part meets the same
 * records, today or after a crash, in this process or in another one; so a part that is done stays done. What an
 * application writes while a run goes on may be missed by it: windows carry that.
 */

/** Rows whose token lies in the range, both ends included. Tokens are decimal text: they go beyond 2^53. */
export interface RowPart {
  readonly side: 'cassandra'
  readonly from: string
  readonly to: string
}

/**
 * Documents by the number that their shard gave their latest write, from `from` up to `to`, which is not included.
 * A document that is written again moves to the end, so the last part has none.
 */
export interface DocumentPart {
  readonly side: 'elasticsearch'
  readonly from: number
  readonly to?: number
}

export type RunPart = RowPart | DocumentPart

export const isRowPart = (part: RunPart): part is RowPart => part.side === 'cassandra'

/** The tokens of the Murmur3 partitioner. −2^63 is none of them: as the end of a range it would mean that there is no end. */
export const ring = { first: -(2n ** 63n) + 1n, last: 2n ** 63n - 1n } as const

/** The whole ring in `count` parts of equal length. It depends on nothing else: nodes may come and go meanwhile. */
export const splitRing = (count: number): RowPart[] => {
  const parts = BigInt(Math.max(1, Math.floor(count)))
  const length = ring.last - ring.first + 1n
  const start = (index: bigint): bigint => ring.first + (length * index) / parts
  return Array.from({ length: Number(parts) }, (_, index) => ({
    side: 'cassandra',
    from: String(start(BigInt(index))),
    to: String(start(BigInt(index) + 1n) - 1n),
  }))
}

/** The same documents in at most `count` shorter parts; those of a part without an end stay together. */
export const shorter = (part: DocumentPart, count: number): DocumentPart[] => {
  const { from, to } = part
  if (to === undefined) return [part]
  const length = Math.max(1, Math.ceil((to - from) / count))
  const starts = Array.from({ length: Math.ceil((to - from) / length) }, (_, index) => from + index * length)
  return starts.map((start) => ({ side: 'elasticsearch', from: start, to: Math.min(to, start + length) }))
}

/** Everything from 0 on, cut at these numbers, in whatever order and however often they are given. */
export const cutSequence = (cuts: readonly number[]): DocumentPart[] => {
  const usable = cuts.filter((cut) => Number.isFinite(cut)).map(Math.ceil)
  const starts = [...new Set([0, ...usable.filter((cut) => cut > 0)])].sort((a, b) => a - b)
  return starts.map((from, index) => {
    const to = starts[index + 1]
    return { side: 'elasticsearch', from, ...(to === undefined ? {} : { to }) }
  })
}
