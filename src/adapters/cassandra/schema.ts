/** Whether the tables have the shape that a pair needs, and which of their columns are mirrored. Pure. */
import { emptyIsNull, type Column, type ColumnType } from '../../core/column.js'
import { CaesError } from '../../core/errors.js'
import { describeTable, type KeyspaceColumns, type TableColumn } from './table-columns.js'

/** The names of a pair's tables and key columns, spelled as Cassandra stores them. */
export interface TableNames {
  readonly keyspace: string
  readonly dataTable: string
  readonly timeseriesTable: string
  readonly timeseriesIdField: string
  readonly timestampField: string
  readonly dataIdField: string
}

export interface MirroredChoice {
  /** The only columns to mirror; `exclude` does not count then. */
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
  /** The document's timestamp field: it carries the version, which has its own place in Cassandra. */
  readonly documentTimestampField: string
}

export const columnsOf = (tables: KeyspaceColumns, names: TableNames, table: string): readonly TableColumn[] => {
  const columns = tables.get(table)
  if (columns !== undefined) return columns
  throw new CaesError('CAES_SCHEMA_MISMATCH', `there is no table "${names.keyspace}.${table}"`, {
    where: `table ${names.keyspace}.${table}`,
    hint: `Create it, or correct the names in CassandraConfig (their spelling counts): ${creation(names, table)}`,
  })
}

const creation = (names: TableNames, table: string): string => {
  const { keyspace, timeseriesTable, timeseriesIdField, timestampField, dataIdField } = names
  const columns =
    table === timeseriesTable
      ? `${timeseriesIdField} int, ${timestampField} bigint, ${dataIdField} uuid, PRIMARY KEY (${timeseriesIdField}, ${timestampField}, ${dataIdField})`
      : `${dataIdField} uuid PRIMARY KEY, a column for each field`
  return `CREATE TABLE ${keyspace}.${table} (${columns})`
}

/** @throws CaesError CAES_SCHEMA_MISMATCH with the expected and the found table */
export const checkDataTable = (names: TableNames, columns: readonly TableColumn[]): void => {
  const { dataIdField } = names
  const key = keyOf(columns)
  const right = key.partition.length === 1 && isColumn(key.partition[0], dataIdField, ['uuid'])
  if (right && key.clustering.length === 0) return
  throw mismatch(names, names.dataTable, columns, `${dataIdField} uuid PRIMARY KEY, …`)
}

/** @throws CaesError CAES_SCHEMA_MISMATCH with the expected and the found table */
export const checkTimeseriesTable = (names: TableNames, columns: readonly TableColumn[]): { maxVersion: number } => {
  const { timeseriesIdField, timestampField, dataIdField } = names
  const { partition, clustering } = keyOf(columns)
  const [timestamp, id] = clustering
  const right =
    partition.length === 1 &&
    clustering.length === 2 &&
    isColumn(partition[0], timeseriesIdField, ['int']) &&
    isColumn(timestamp, timestampField, ['int', 'bigint']) &&
    isColumn(id, dataIdField, ['uuid'])
  if (!right) {
    const columnsWanted = `${timeseriesIdField} int, ${timestampField} bigint, ${dataIdField} uuid`
    const keyWanted = `PRIMARY KEY (${timeseriesIdField}, ${timestampField}, ${dataIdField})`
    throw mismatch(names, names.timeseriesTable, columns, `${columnsWanted}, ${keyWanted}`)
  }
  return { maxVersion: timestamp?.type === 'int' ? 2 ** 31 - 1 : Number.MAX_SAFE_INTEGER }
}

/** The regular columns that the choice leaves. A table without clustering columns has no static ones. */
export const mirroredColumns = (columns: readonly TableColumn[], choice: MirroredChoice): readonly TableColumn[] => {
  const { include, exclude = [], documentTimestampField } = choice
  return columns
    .filter(({ kind }) => kind === 'regular')
    .filter(({ name }) => (include === undefined ? !exclude.includes(name) : include.includes(name)))
    .filter(({ name }) => name !== documentTimestampField)
}

/** Counters make the whole table one that INSERT does not work on, so leaving them out of the sync does not help. */
export const refuseCounters = (names: TableNames, columns: readonly TableColumn[]): void => {
  if (columns.some(({ type }) => type === 'counter')) {
    throw mismatch(names, names.dataTable, columns, `${names.dataIdField} uuid PRIMARY KEY, … without counters`)
  }
}

/** Stored as several cells, each with a write time of its own. */
export const isMultiCell = (type: ColumnType): boolean => emptyIsNull(type) || (type.kind === 'udt' && !type.frozen)

/** Two writes of such a list at one and the same write time add up instead of replacing each other. */
export const growingLists = (columns: readonly Column[]): string[] =>
  columns.filter(({ type }) => type.kind === 'list' && !type.frozen).map(({ name }) => name)

/** At equal write times, the only ones of the writetime mode, nothing would ever take the additional items away. */
export const refuseGrowingLists = (names: TableNames, columns: readonly Column[]): void => {
  const [list] = growingLists(columns)
  if (list === undefined) return
  const { keyspace, dataTable } = names
  throw new CaesError(
    'CAES_SCHEMA_MISMATCH',
    `column "${list}" of "${keyspace}.${dataTable}" is a list that is not frozen; with versioning "writetime" two writes of one version would add up`,
    {
      where: `table ${keyspace}.${dataTable}`,
      hint: `Make it frozen<list<…>>, exclude it in ElasticSearchConfig.exclude, or use versioning "timeseries".`,
    },
  )
}

interface PrimaryKey {
  readonly partition: readonly TableColumn[]
  readonly clustering: readonly TableColumn[]
}

const keyOf = (columns: readonly TableColumn[]): PrimaryKey => ({
  partition: columns.filter(({ kind }) => kind === 'partition_key'),
  clustering: columns.filter(({ kind }) => kind === 'clustering'),
})

const isColumn = (column: TableColumn | undefined, name: string, typesAllowed: readonly string[]): boolean =>
  column?.name === name && typesAllowed.includes(column.type)

const mismatch = (
  { keyspace }: TableNames,
  table: string,
  columns: readonly TableColumn[],
  expected: string,
): CaesError => {
  const found = describeTable(`${keyspace}.${table}`, columns)
  return new CaesError(
    'CAES_SCHEMA_MISMATCH',
    `table "${keyspace}.${table}" has another shape than the pair needs: expected CREATE TABLE ${keyspace}.${table} (${expected}), found ${found}`,
    {
      where: `table ${keyspace}.${table}`,
      hint: 'Correct the names in CassandraConfig, or make a table of that shape.',
    },
  )
}
