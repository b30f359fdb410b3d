/**
 * How to tell from afar that two sides hold the same versions in a range: by their number and their sum, which a store
 * gives without reading a record. Where they are equal the sides may still differ: in content, or because as many
 * versions are missing on either side and add up to the same. So equal sums put a reading off; they never replace the
 * last one.
 */
import type { Version } from './version.js'
import type { Window } from './window.js'

export interface VersionSum extends Window {
  readonly count: number
  /** In the pair's unit. Stores add up in doubles: right to one part in 2^50. */
  readonly sum: number
}

/** @param ranges disjoint */
export const sumVersions = (ranges: readonly Window[], versions: Iterable<Version>): readonly VersionSum[] => {
  // Distances from the start of a range stay small enough to be added up exactly.
  const sums = ranges.map(({ from, to }) => ({ from, to, count: 0, distance: 0 }))
  for (const version of versions) {
    const sum = sums.find(({ from, to }) => version >= from && version < to)
    if (sum === undefined) continue
    sum.count += 1
    sum.distance += version - sum.from
  }
  return sums.map(({ from, to, count, distance }) => ({ from, to, count, sum: count * from + distance }))
}

const relativeError = 2 ** -50

const isAlike = (one: VersionSum, other: VersionSum): boolean =>
  one.count === other.count && Math.abs(one.sum - other.sum) <= relativeError * other.sum

/**
 * The ranges in which two sides do not look alike.
 * @param documents disjoint ranges, with what Elasticsearch holds in them
 * @param labels the version of each id with an entry in the ranges, and perhaps others
 */
export const unlike = (documents: readonly VersionSum[], labels: Iterable<Version>): readonly Window[] => {
  const rows = sumVersions(documents, labels)
  return documents.filter((each, at) => !isAlike(each, rows[at]!)).map(({ from, to }) => ({ from, to }))
}
