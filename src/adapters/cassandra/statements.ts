/** The statements of a pair, as pure functions of its tables. Parameters are always bound, in the order given here. */
import type { Column } from '../../core/column.js'
import { qualified, quoted } from './names.js'
import { isMultiCell, type TableNames } from './schema.js'

/** Parameters: bucket, first version. */
export const selectEntries = (names: TableNames): string =>
  `SELECT ${quoted(names.dataIdField)} AS id, ${quoted(names.timestampField)} AS version` +
  ` FROM ${qualified(names.keyspace, names.timeseriesTable)}` +
  ` WHERE ${quoted(names.timeseriesIdField)} = ? AND ${quoted(names.timestampField)} >= ? AND ${quoted(names.timestampField)} <= ?`

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

/** Parameters: first and last token. */
export const selectIdsOfRange = (names: TableNames): string =>
  `SELECT ${quoted(names.dataIdField)} AS id FROM ${dataTable(names)} WHERE ${inRange(names)}`

const dataTable = (names: TableNames): string => qualified(names.keyspace, names.dataTable)

const inRange = ({ dataIdField }: TableNames, token = '?'): string =>
  `token(${quoted(dataIdField)}) >= ${token} AND token(${quoted(dataIdField)}) <= ${token}`

/** Parameters: write time, id. */
export const deleteRow = (names: TableNames): string =>
  `DELETE FROM ${qualified(names.keyspace, names.dataTable)} USING TIMESTAMP ? WHERE ${quoted(names.dataIdField)} = ?`

export interface SelectRows {
  /** Parameters: list of ids. The id itself comes back as `id`. */
  readonly cql: string
  /** The same for a range of the ring. Parameters: first and last token. */
  readonly ofRange: string
  /** The same for the stretch of the ring from one id to another. Parameters: both ids. */
  readonly ofStretch: string
  /** Result columns with the values, one for each column, in order. */
  readonly values: readonly string[]
  /** Result columns that are write times. */
  readonly times: readonly string[]
}

/**
 * Rows with the write time of every cell that has one time. Everything is given a name of ours: the driver's
 * rows are plain objects, so a column `__proto__` could not be read under its own.
 * @param told which write times: a server without MAXWRITETIME does not tell that of a value of several cells
 */
export const selectRows = (
  names: TableNames,
  columns: readonly Column[],
  told: 'all' | 'of single cells' | 'none',
): SelectRows => {
  const values = columns.map((_, index) => `v${index}`)
  const times: string[] = []
  const terms = [names.dataIdField, ...columns.map(({ name }) => name)].map(
    (name, index) => `${quoted(name)} AS ${values[index - 1] ?? 'id'}`,
  )
  for (const { name, type } of columns) {
    if (told === 'none' || (isMultiCell(type) && told !== 'all')) continue
    const alias = `w${times.length}`
    times.push(alias)
    terms.push(`${isMultiCell(type) ? 'MAXWRITETIME' : 'WRITETIME'}(${quoted(name)}) AS ${alias}`)
  }
  const select = `SELECT ${terms.join(', ')} FROM ${dataTable(names)}`
  return {
    cql: `${select} WHERE ${quoted(names.dataIdField)} IN ?`,
    ofRange: `${select} WHERE ${inRange(names)}`,
    ofStretch: `${select} WHERE ${inRange(names, 'token(?)')}`,
    values,
    times,
  }
}
