/**
 * The store-neutral form of a document or row. Both sides are brought to it before they are compared, so that no
 * coercion of either store can look like a change.
 */
import { valuesInPlace } from './fields.js'
import type { Version } from './version.js'

/**
 * A value in canonical form. Exact integers of any size are bigint where the column is bigint or varint; sets and map
 * entries are sorted; a map is a list of [key, value]; a UDT or tuple is a list in schema order, null where empty.
 */
export type CanonicalValue = string | number | bigint | boolean | null | readonly CanonicalValue[]

/** Mirrored fields by column name. A field that is null, missing or (for a collection) empty is not in the map. */
export interface Fields extends Iterable<readonly [string, CanonicalValue]> {
  readonly size: number
  get(name: string): CanonicalValue | undefined
  has(name: string): boolean
  keys(): Iterable<string>
}

export interface Document {
  readonly version: Version
  readonly fields: Fields
}

export interface Row {
  readonly fields: Fields
  /** Newest readable write time of the row's mirrored cells; undefined where none can be read (all are null). */
  readonly writeTime: number | undefined
}

export const sameValue = (a: CanonicalValue | undefined, b: CanonicalValue | undefined): boolean => {
  if (Object.is(a, b)) return true
  // -0 and 0 are the same number to both stores' clients, and JSON cannot carry the difference.
  if (typeof a === 'number' && typeof b === 'number') return a === b
  if (!Array.isArray(a) || !Array.isArray(b)) return false
  return a.length === b.length && a.every((item, index) => sameValue(item, b[index]))
}

/** Names of the fields whose values differ between the two, in the order they are met. */
export const differingFields = (a: Fields, b: Fields): string[] => {
  const names: string[] = []
  for (const [name, value] of a) if (!sameValue(value, b.get(name))) names.push(name)
  for (const name of b.keys()) if (!a.has(name)) names.push(name)
  return names
}

export const sameFields = (a: Fields, b: Fields): boolean => {
  if (a === b) return true
  const inPlace = valuesInPlace(a, b)
  if (inPlace !== undefined) {
    const [ours, theirs] = inPlace
    for (let place = 0; place < ours.length; place += 1) if (!sameValue(ours[place], theirs[place])) return false
    return true
  }
  if (a.size !== b.size) return false
  for (const name of a.keys()) if (!sameValue(a.get(name), b.get(name))) return false
  return true
}
