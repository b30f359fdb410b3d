import type { CanonicalValue } from '../record.js'

/**
 * A total order of canonical values, so that a set or map has one form only. It is no store's order: those differ, and
 * only equality matters here. Values of one column have one type; null comes first, NaN after all numbers.
 */
export const compareValues = (a: CanonicalValue, b: CanonicalValue): number => {
  if (a === b) return 0
  if (Array.isArray(a) && Array.isArray(b)) return compareLists(a, b)
  if (a === null || b === null) return a === null ? -1 : 1
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
  return a < b ? -1 : 1
}

const compareLists = (a: readonly CanonicalValue[], b: readonly CanonicalValue[]): number => {
  const common = Math.min(a.length, b.length)
  for (let index = 0; index < common; index++) {
    const order = compareValues(a[index]!, b[index]!)
    if (order !== 0) return order
  }
  return a.length - b.length
}

/** A new, sorted list with each value once. */
export const canonicalSet = (values: readonly CanonicalValue[]): CanonicalValue[] =>
  values
    .toSorted(compareValues)
    .filter((value, index, sorted) => index === 0 || compareValues(sorted[index - 1]!, value) !== 0)

/** A new list of [key, value], sorted by key. */
export const canonicalMap = (
  entries: readonly (readonly [CanonicalValue, CanonicalValue])[],
): (readonly [CanonicalValue, CanonicalValue])[] => entries.toSorted((a, b) => compareValues(a[0], b[0]))
