/**
 * The one lossless normal form of values, from and to JSON. `src/adapters/cassandra/values.ts` is the same for the
 * other store. Codecs are compiled once a column, as a window has tens of thousands of values for each.
 */
import { emptyIsNull, type ColumnType, type ScalarKind } from '../column.js'
import type { Json } from '../json.js'
import { oncePer } from '../once-per.js'
import type { CanonicalValue } from '../record.js'
import { list, map, vector } from './collections.js'
import { tuple, udt } from './composites.js'
import { duration } from './duration.js'
import { bigint, decimal, double, float, int, smallint, tinyint, varint } from './numbers.js'
import { ascii, blob, boolean, inet, text, timeuuid, uuid } from './text.js'
import { date, time, timestamp } from './times.js'
import type { ValueCodec } from './value-codec.js'

export interface Codec {
  /** undefined for null, for a missing value, and for what the column cannot tell from null. Throws `Mismatch`. */
  readonly fromJson: (value: Json | undefined) => CanonicalValue | undefined
  /** Throws `Mismatch`. */
  readonly toJson: (value: CanonicalValue) => Json
}

const scalars: Readonly<Record<ScalarKind, ValueCodec>> = {
  text,
  ascii,
  int,
  smallint,
  tinyint,
  bigint,
  varint,
  float,
  double,
  decimal,
  boolean,
  uuid,
  timeuuid,
  timestamp,
  date,
  time,
  duration,
  inet,
  blob,
}

const isScalar = (type: ColumnType): type is { readonly kind: ScalarKind } => Object.hasOwn(scalars, type.kind)

const compileValue = (type: ColumnType): ValueCodec => {
  if (isScalar(type)) return scalars[type.kind]
  if (type.kind === 'map') return map(type, compileValue)
  if (type.kind === 'tuple') return tuple(type, compileValue)
  if (type.kind === 'vector') return vector(type, compileValue)
  return type.kind === 'udt' ? udt(type, compileValue) : list(type, compileValue)
}

/**
 * Whether a column of this type holds this value as no cell at all: an empty collection, or a UDT without any value,
 * where they are not frozen. Inside other types everything is frozen, so this is asked of whole columns only.
 */
export const isNothing = (type: ColumnType, value: CanonicalValue): boolean => {
  if (emptyIsNull(type)) return Array.isArray(value) && value.length === 0
  return type.kind === 'udt' && !type.frozen && Array.isArray(value) && value.every((field) => field === null)
}

/** The codec of a column's type; made once for each type object. */
export const codecFor = oncePer((type: ColumnType): Codec => {
  const values = compileValue(type)
  const mayBeNothing = 'frozen' in type && !type.frozen
  return {
    fromJson: (value) => {
      if (value === null || value === undefined) return undefined
      const read = values.read(value)
      return mayBeNothing && isNothing(type, read) ? undefined : read
    },
    toJson: values.write,
  }
})

export const fromJson = (value: Json | undefined, type: ColumnType): CanonicalValue | undefined =>
  codecFor(type).fromJson(value)

export const toJson = (value: CanonicalValue, type: ColumnType): Json => codecFor(type).toJson(value)
