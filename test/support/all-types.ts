/** A column of every type, at the top, in collections, and nested. */
import { describeType, type Column, type ColumnType, type ScalarKind } from '../../src/core/column.js'
import { scalarValues } from './arbitraries.js'

const scalar = (kind: ScalarKind): ColumnType => ({ kind })
const int = scalar('int')
const text = scalar('text')
const list = (of: ColumnType, frozen = true): ColumnType => ({ kind: 'list', of, frozen })
const set = (of: ColumnType, frozen = true): ColumnType => ({ kind: 'set', of, frozen })
const map = (key: ColumnType, value: ColumnType, frozen = true): ColumnType => ({ kind: 'map', key, value, frozen })
const tuple = (...of: ColumnType[]): ColumnType => ({ kind: 'tuple', of })
const vector = (of: ColumnType, dimension: number): ColumnType => ({ kind: 'vector', of, dimension })
const udt = (name: string, fields: Record<string, ColumnType>, frozen = true): ColumnType => ({
  kind: 'udt',
  name,
  fields: Object.entries(fields).map(([name, type]) => ({ name, type })),
  frozen,
})
const addressFields = { street: text, zip: int, tags: set(text), lines: list(text), constructor: scalar('bigint') }
const address = udt('address', addressFields)
/** Its name begins like that of a collection. */
const settings = udt('settings', { theme: text })
const odd = udt('Odd "name"', { 'Odd field': list(settings) })
const person = udt('person', { name: text, home: address, past: map(scalar('date'), address) })

const scalarKinds = Object.keys(scalarValues) as ScalarKind[]
const orderedKinds = scalarKinds.filter((kind) => kind !== 'duration')
export const everyColumn: readonly Column[] = [
  ...scalarKinds.map((kind) => ({ name: `c_${kind}`, type: scalar(kind) })),
  ...scalarKinds.map((kind) => ({ name: `l_${kind}`, type: list(scalar(kind), false) })),
  ...orderedKinds.map((kind) => ({ name: `s_${kind}`, type: set(scalar(kind), false) })),
  ...orderedKinds.map((kind) => ({ name: `m_${kind}`, type: map(scalar(kind), scalar('decimal'), false) })),
  ...scalarKinds.map((kind) => ({ name: `v_${kind}`, type: vector(scalar(kind), 3) })),
  { name: 'frozen_list', type: list(int) },
  { name: 'frozen_set', type: set(text) },
  { name: 'frozen_map', type: map(text, scalar('duration')) },
  { name: 'lists_in_list', type: list(list(int), false) },
  { name: 'sets_in_set', type: set(set(scalar('decimal')), false) },
  { name: 'maps_in_map', type: map(list(int), map(scalar('inet'), set(scalar('uuid'))), false) },
  { name: 'tuples', type: list(tuple(int, text, list(scalar('varint'))), false) },
  { name: 'a_tuple', type: tuple(scalar('bigint'), tuple(text, scalar('blob')), map(int, text)) },
  { name: 'vector_of_lists', type: vector(list(int), 2) },
  { name: 'vector_of_tuples', type: vector(tuple(int, text), 2) },
  { name: 'vectors', type: list(vector(scalar('float'), 2), false) },
  { name: 'frozen_udt', type: address },
  { name: 'open_udt', type: udt('address', addressFields, false) },
  { name: 'settings', type: settings },
  { name: 'odd', type: odd },
  { name: 'people', type: map(text, person, false) },
]

const quoteOdd = (cql: string): string => cql.replaceAll('Odd "name"', '"Odd ""name"""')
const declaration = (type: ColumnType): string => quoteOdd(describeType(type))

/** To be run in the keyspace before the table is made. */
export const everyUserType: readonly string[] = [address, person, settings, odd].flatMap((type) => {
  if (type.kind !== 'udt') return []
  const fields = type.fields.map((field) => `"${field.name}" ${declaration(field.type)}`)
  return [`CREATE TYPE ${quoteOdd(type.name)} (${fields.join(', ')})`]
})

/** As they stand in CREATE TABLE. */
export const everyColumnCql = everyColumn.map(({ name, type }) => `${name} ${declaration(type)}`).join(', ')

/** Each scalar in the field type that a user would take; the index keeps what it has no type for without looking. */
const fieldTypes: Readonly<Record<ScalarKind, 'text' | FieldType>> = {
  text: 'text',
  ascii: 'keyword',
  tinyint: 'byte',
  smallint: 'short',
  int: 'integer',
  bigint: 'long',
  varint: 'keyword',
  float: 'float',
  double: 'double',
  decimal: 'keyword',
  boolean: 'boolean',
  uuid: 'keyword',
  timeuuid: 'keyword',
  timestamp: 'date',
  date: 'keyword',
  time: 'keyword',
  duration: 'keyword',
  inet: 'ip',
  blob: 'binary',
}
type FieldType =
  | 'keyword'
  | 'byte'
  | 'short'
  | 'integer'
  | 'long'
  | 'float'
  | 'double'
  | 'boolean'
  | 'date'
  | 'ip'
  | 'binary'

export const everyFieldMapping = {
  dynamic: 'strict' as const,
  properties: {
    timestamp: { type: 'long' as const },
    ...Object.fromEntries(
      everyColumn.map(({ name, type }) => [
        name,
        type.kind in fieldTypes
          ? { type: fieldTypes[type.kind as ScalarKind] }
          : { type: 'object' as const, enabled: false },
      ]),
    ),
  },
}
