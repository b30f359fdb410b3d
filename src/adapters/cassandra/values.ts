/**
 * Values of cassandra-driver to and from canonical form. Everything here expects a Client made with `driverEncoding`
 * and prepared statements, as only the server knows the exact types of parameters.
 */
import { isNothing } from '../../core/codec/codec.js'
import type { ColumnType, ScalarKind } from '../../core/column.js'
import { oncePer } from '../../core/once-per.js'
import type { CanonicalValue } from '../../core/record.js'
import { list, map, tuple, udt, vector } from './composite-values.js'
import type { DriverCodec } from './driver-codec.js'
import { scalars } from './scalar-values.js'

export { columnType, type DriverType } from './column-type.js'

/**
 * The Client's `encoding` option. With it bigint columns, counts and WRITETIME are read as bigint primitives and must
 * be bound as such (the driver refuses a plain number there), and maps are Maps, with keys of any type.
 */
export const driverEncoding = { map: Map, useBigIntAsLong: true, useBigIntAsVarint: true, useUndefinedAsUnset: true }

const isScalar = (type: ColumnType): type is { readonly kind: ScalarKind } => Object.hasOwn(scalars, type.kind)

const compile = (type: ColumnType): DriverCodec => {
  if (isScalar(type)) return scalars[type.kind]
  if (type.kind === 'map') return map(codecFor(type.key), codecFor(type.value))
  if (type.kind === 'tuple') return tuple(type.of.map(codecFor))
  if (type.kind === 'vector') return vector(codecFor(type.of))
  if (type.kind === 'udt') return udt(type.fields.map(({ name, type }) => ({ name, codec: codecFor(type) })))
  return list(codecFor(type.of), type.kind)
}

const codecFor: (type: ColumnType) => DriverCodec = oncePer(compile)

/**
 * Reads the driver's values of one type: undefined for null and for what the column cannot tell from null. Never
 * throws for data: what has no canonical value (a timestamp beyond Date, a null inside a collection) becomes NaN or null
 * there, which JSON refuses later.
 */
export const readerOf = (type: ColumnType): ((value: unknown) => CanonicalValue | undefined) => {
  const { from } = codecFor(type)
  return (value) => {
    if (value === null || value === undefined) return undefined
    const canonical = from(value)
    return isNothing(type, canonical) ? undefined : canonical
  }
}

/** A parameter for a prepared statement; null (which writes a tombstone) for undefined. */
export const toDriver = (value: CanonicalValue | undefined, type: ColumnType): unknown =>
  value === undefined || value === null ? null : codecFor(type).to(value)
