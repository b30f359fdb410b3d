import { types } from 'cassandra-driver'
import type { ColumnType, ScalarKind } from '../../core/column.js'
import { CaesError } from '../../core/errors.js'

/**
 * What the driver's metadata says of a type, as in `getTable(...).columns[].type`. Its declared type is narrower than
 * what it returns: `info` is a type, several types, a UDT, or a class name, depending on the code.
 */
export interface DriverType {
  readonly code: types.dataTypes
  readonly info?: unknown
  readonly options?: { readonly frozen?: boolean } | undefined
  /** Set to `vector` where `info` is [type, dimension]. */
  readonly customTypeName?: string
}

interface DriverUdt {
  readonly name: string
  readonly fields: readonly { readonly name: string; readonly type: DriverType }[]
}

const { dataTypes } = types

const scalarKinds: ReadonlyMap<number, ScalarKind> = new Map([
  [dataTypes.text, 'text'],
  [dataTypes.varchar, 'text'],
  [dataTypes.ascii, 'ascii'],
  [dataTypes.int, 'int'],
  [dataTypes.smallint, 'smallint'],
  [dataTypes.tinyint, 'tinyint'],
  [dataTypes.bigint, 'bigint'],
  [dataTypes.varint, 'varint'],
  [dataTypes.float, 'float'],
  [dataTypes.double, 'double'],
  [dataTypes.decimal, 'decimal'],
  [dataTypes.boolean, 'boolean'],
  [dataTypes.uuid, 'uuid'],
  [dataTypes.timeuuid, 'timeuuid'],
  [dataTypes.timestamp, 'timestamp'],
  [dataTypes.date, 'date'],
  [dataTypes.time, 'time'],
  [dataTypes.duration, 'duration'],
  [dataTypes.inet, 'inet'],
  [dataTypes.blob, 'blob'],
])

const durationClass = 'org.apache.cassandra.db.marshal.DurationType'

/**
 * @param column named in the error
 * @throws CaesError CAES_SCHEMA_MISMATCH for counters and for types that cannot be mirrored
 */
export const columnType = (type: DriverType, column: string): ColumnType => convert(type, column, false)

/** @param nested inside another type, where everything is frozen whether or not the schema says so */
const convert = (type: DriverType, column: string, nested: boolean): ColumnType => {
  const scalar = scalarKinds.get(type.code)
  if (scalar !== undefined) return { kind: scalar }
  const frozen = nested || type.options?.frozen === true
  const inner = (part: unknown): ColumnType => convert(part as DriverType, column, true)
  if (type.code === dataTypes.list) return { kind: 'list', of: inner(type.info), frozen }
  if (type.code === dataTypes.set) return { kind: 'set', of: inner(type.info), frozen }
  if (type.code === dataTypes.map) {
    const [key, value] = type.info as [unknown, unknown]
    return { kind: 'map', key: inner(key), value: inner(value), frozen }
  }
  if (type.code === dataTypes.tuple) return { kind: 'tuple', of: (type.info as unknown[]).map(inner) }
  if (type.code === dataTypes.udt) return userType(type.info as DriverUdt, column, frozen, inner)
  if (type.customTypeName === 'vector') {
    const [of, dimension] = type.info as [unknown, number]
    return { kind: 'vector', of: inner(of), dimension }
  }
  if (type.code === dataTypes.custom && type.info === durationClass) return { kind: 'duration' }
  throw unsupported(type, column)
}

const userType = (
  { name, fields }: DriverUdt,
  column: string,
  frozen: boolean,
  inner: (part: unknown) => ColumnType,
): ColumnType => {
  if (fields.some((field) => field.name === '__proto__')) {
    // The driver assigns it to a plain object, so its values are lost before we see them.
    throw new CaesError('CAES_SCHEMA_MISMATCH', `column "${column}": the driver cannot read a UDT field "__proto__"`, {
      hint: 'rename the field, or exclude the column from the sync',
    })
  }
  return { kind: 'udt', name, fields: fields.map((field) => ({ name: field.name, type: inner(field.type) })), frozen }
}

const unsupported = (type: DriverType, column: string): CaesError => {
  const counter = type.code === dataTypes.counter
  const what = counter ? 'a counter' : `of type ${typeof type.info === 'string' ? type.info : `code ${type.code}`}`
  const why = counter ? 'a counter cannot be set to a value, only changed by one' : 'its values have no JSON form'
  return new CaesError('CAES_SCHEMA_MISMATCH', `column "${column}" is ${what} and cannot be mirrored: ${why}`, {
    hint: 'exclude the column from the sync',
  })
}
