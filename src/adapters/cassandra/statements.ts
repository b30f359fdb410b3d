/** The statements of a pair, as pure functions of its tables. Parameters are always bound, in the order given here. */
import type { Column } from '../../core/column.js'
import { qualified, quoted } from './names.js'
import { isMultiCell, type TableNames } from './schema.js'

/** Parameters: bucket, first version. */
export const selectEntries = (names: TableNames): string =>
  `SELECT ${quoted(names.dataIdField)} AS id, ${quoted(names.timestampField)} AS version` +
  ` FROM ${qualified(names.keyspace, names.timeseriesTable)}` +
  ` WHERE ${quoted(names.timeseriesIdField)} = ? AND ${quoted(names.timestampField)} >= ?`

/** Parameters: bucket, version, id, TTL in seconds. */
export const insertEntry = (names: TableNames): string =>
  `INSERT INTO ${qualified(names.keyspace, names.timeseriesTable)}` +
  ` (${quoted(names.timeseriesIdField)}, ${quoted(names.timestampField)}, ${quoted(names.dataIdField)})` +
  ' VALUES (?, ?, ?) USING TTL ?'

/** Parameters: id, each column in order, write time. */
export const insertRow = (names: TableNames, columns: readonly Column[]): string => {
  const all = [names.dataIdField, ...columns.map(({ name }) => name)]
  return (
    `INSERT INTO ${qualified(names.keyspace, names.dataTable)} (${all.map(quoted).join(', ')})` +
    ` VALUES (${all.map(() => '?').join(', ')}) USING TIMESTAMP ?`
  )
}

export interface SelectRows {
  /** Parameters: list of ids. */
  readonly cql: string
  /** Result columns that are write times. */
  readonly times: readonly string[]
}

/**
 * Rows by id with the write time of every cell that has one time.
 * @param maxWriteTime whether the server has MAXWRITETIME; without it the time of a value of several cells is not read
 */
export const selectRows = (names: TableNames, columns: readonly Column[], maxWriteTime: boolean): SelectRows => {
  const prefix = unusedPrefix([names.dataIdField, ...columns.map(({ name }) => name)])
  const times: string[] = []
  const terms = [names.dataIdField, ...columns.map(({ name }) => name)].map(quoted)
  for (const { name, type } of columns) {
    if (isMultiCell(type) && !maxWriteTime) continue
    const alias = `${prefix}${times.length}`
    times.push(alias)
    terms.push(`${isMultiCell(type) ? 'MAXWRITETIME' : 'WRITETIME'}(${quoted(name)}) AS ${quoted(alias)}`)
  }
  const cql =
    `SELECT ${terms.join(', ')} FROM ${qualified(names.keyspace, names.dataTable)}` +
    ` WHERE ${quoted(names.dataIdField)} IN ?`
  return { cql, times }
}

/** The result is read by name, so an alias must not be the name of a column. */
const unusedPrefix = (taken: readonly string[]): string => {
  let prefix = 'w'
  while (taken.some((name) => name.startsWith(prefix))) prefix += '_'
  return prefix
}
