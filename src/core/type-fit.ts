/** Whether the values of a Cassandra column fit the mapping of the field of its name, and which would not. */
import type { ColumnType } from './column.js'

/** Types of Elasticsearch that take every value of the column, the recommended one first. */
const fitting: Record<string, readonly string[]> = {
  text: [
    'text',
    'keyword',
    'wildcard',
    'match_only_text',
    'constant_keyword',
    'annotated_text',
    'search_as_you_type',
    'completion',
  ],
  ascii: ['keyword', 'text', 'wildcard', 'match_only_text'],
  int: ['integer', 'long', 'double', 'keyword', 'text'],
  smallint: ['short', 'integer', 'long', 'float', 'double', 'keyword', 'text'],
  tinyint: ['byte', 'short', 'integer', 'long', 'half_float', 'float', 'double', 'keyword', 'text'],
  bigint: ['long', 'keyword', 'text'],
  varint: ['keyword', 'text'],
  float: ['float', 'double', 'half_float', 'keyword', 'text'],
  double: ['double', 'float', 'keyword', 'text'],
  decimal: ['keyword', 'text', 'double', 'scaled_float'],
  boolean: ['boolean', 'keyword', 'text'],
  uuid: ['keyword', 'text'],
  timeuuid: ['keyword', 'text'],
  timestamp: ['date', 'date_nanos', 'keyword', 'text'],
  date: ['date', 'keyword', 'text'],
  time: ['keyword', 'text'],
  duration: ['keyword', 'text'],
  inet: ['ip', 'keyword', 'text'],
  blob: ['binary', 'keyword', 'text'],
  map: ['flattened', 'object', 'nested'],
  udt: ['object', 'flattened', 'nested'],
  vector: ['dense_vector', 'float', 'double'],
}

/** Types that take some of its values and refuse others, with which. */
const narrow: Record<string, Record<string, string>> = {
  text: {
    date: 'text that is no date',
    ip: 'text that is no address',
    long: 'text that is no number',
    integer: 'text that is no number',
    boolean: 'text but "true" and "false"',
  },
  int: { short: 'numbers beyond 32767', byte: 'numbers beyond 127' },
  bigint: {
    integer: 'numbers beyond 2147483647',
    short: 'numbers beyond 32767',
    double: 'nothing, but numbers beyond 2^53 are found by other ones',
  },
  varint: { long: 'numbers beyond 2^63' },
  timestamp: { long: 'times, which are written as text' },
}

/** What the field of a list or set is mapped as is that of its items. */
const itemOf = (type: ColumnType): ColumnType =>
  (type.kind === 'list' || type.kind === 'set') && 'of' in type ? itemOf(type.of) : type

export type TypeFit = { readonly kind: 'fits' } | { readonly kind: 'some' | 'none'; readonly refused: string }

/** @param mapped the type in the mapping; `object` where it has none */
export const typeFit = (type: ColumnType, mapped: string): TypeFit => {
  const { kind } = itemOf(type)
  // A tuple has no type of its own there: its parts may be of several.
  if (kind === 'tuple' || fitting[kind]?.includes(mapped) === true) return { kind: 'fits' }
  const refused = narrow[kind]?.[mapped]
  return refused === undefined ? { kind: 'none', refused: 'its values' } : { kind: 'some', refused }
}

/** What to map a field as, for a column. */
export const mappingFor = (type: ColumnType): object => {
  const { kind } = itemOf(type)
  // Longer text would be refused as a term; so it is kept, and not found by its whole.
  if (kind === 'text' || kind === 'ascii') return { type: 'keyword', ignore_above: 8_191 }
  return { type: fitting[kind]?.[0] ?? 'keyword' }
}

const columns: Record<string, string> = {
  text: 'text',
  keyword: 'text',
  match_only_text: 'text',
  wildcard: 'text',
  constant_keyword: 'text',
  long: 'bigint',
  integer: 'int',
  short: 'smallint',
  byte: 'tinyint',
  unsigned_long: 'varint',
  double: 'double',
  float: 'float',
  half_float: 'float',
  scaled_float: 'decimal',
  boolean: 'boolean',
  date: 'timestamp',
  date_nanos: 'timestamp',
  ip: 'inet',
  binary: 'blob',
  flattened: 'map<text, text>',
  object: 'map<text, text>',
}

/** The CQL type of a column for a field; undefined where there is no telling. */
export const columnFor = (mapped: string): string | undefined => columns[mapped]
