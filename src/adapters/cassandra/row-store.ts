/** A pair's tables as a RowStore. */
import type { Column } from '../../core/column.js'
import { CaesError } from '../../core/errors.js'
import type { Logger } from '../../ports/logger.js'
import type { RowScan } from '../../ports/scan.js'
import type { PurgeableRows } from '../../ports/purge.js'
import type { RowContent, RowStore } from '../../ports/store.js'
import { createPacer } from '../../runtime/pacer.js'
import { describeNodes, readRelease, type Session } from './client.js'
import { cqlColumnType, readUserTypes, type UserTypes } from './cql-type.js'
import { readEntries, writeEntries, type EntryTable } from './entries.js'
import { attempt, isRefusedStatement, type Attempt } from './errors.js'
import { compileInsertQuery } from './insert-query.js'
import { insertQueryStatement } from './insert-query-statement.js'
import { mostUnderWay } from './overload.js'
import { prepareAhead } from './prepare-ahead.js'
import { readRows } from './read-rows.js'
import { removeRows } from './remove-rows.js'
import { plainRowStatement, type RowStatement } from './row-statement.js'
import {
  checkPartitioner,
  estimateRows,
  readNeighbours,
  RowPageSize,
  scanIds,
  scanRows,
  type Scanning,
} from './scan-rows.js'
import {
  checkDataTable,
  checkTimeseriesTable,
  columnsOf,
  growingLists,
  mirroredColumns,
  refuseCounters,
  refuseGrowingLists,
  type MirroredChoice,
  type TableNames,
} from './schema.js'
import { insertEntry, insertRow, selectEntries, selectRows } from './statements.js'
import { firstChange, readKeyspaceColumns, type KeyspaceColumns } from './table-columns.js'
import { writeRows } from './write-rows.js'

export interface RowStoreOptions extends TableNames, MirroredChoice {
  /** Partitions of the timeseries table, ids 0 to n − 1. */
  readonly timeseriesBuckets: number
  /** Of the entries that we write, in seconds. */
  readonly ttl: number
  /** `writetime` where cells carry the versions of their rows; by default entries do. */
  readonly versioning?: 'timeseries' | 'writetime'
  /** Statements with %(name)s placeholders, to be run with every row that is written. */
  readonly insertQuery?: string
}

/**
 * Checks the tables and prepares every statement.
 * @param session connected; with `insertQuery`, to the pair's keyspace, where its statements look their tables up
 * @throws CaesError CAES_SCHEMA_MISMATCH, CAES_CONFIG_INVALID for a wrong insertQuery, or that Cassandra is down
 */
export const openRowStore = async (
  session: Session,
  options: RowStoreOptions,
  logger: Logger,
): Promise<RowStore & RowScan & PurgeableRows> => {
  const where = `keyspace ${options.keyspace} at ${describeNodes(session)}`
  const setup: Attempt = { doing: 'reading the schema', where }
  const tables = await attempt(setup, () => readKeyspaceColumns(session, options.keyspace))
  const { maxVersion } = checkTables(options, tables)
  const columns = mirrored(options, tables, await attempt(setup, () => readUserTypes(session, options.keyspace)))
  if (options.versioning === 'writetime') refuseGrowingLists(options, columns)
  warnAboutColumns(options, tables, columns, logger)
  const [major] = await attempt(setup, () => readRelease(session))

  const select = selectRows(options, columns, major >= 5 ? 'all' : 'of single cells')
  const values = selectRows(options, columns, 'none')
  const pacer = createPacer(mostUnderWay)
  const entries: EntryTable = {
    session,
    pacer,
    names: options,
    where,
    buckets: options.timeseriesBuckets,
    ttl: options.ttl,
    maxVersion,
    intVersions: maxVersion < 2 ** 31,
  }
  const preparing: Attempt = { doing: 'preparing statements', where }
  const statements = [selectEntries(options), insertEntry(options), select.cql, values.cql, insertRow(options, columns)]
  for (const cql of statements) {
    await prepareAhead(session, cql, preparing)
  }
  const statement = await rowStatement(session, options, entries, columns)
  const checkSchema = (): Promise<void> => schemaUnchanged(session, options, tables, setup)
  const scanning = { session, names: options, where, pacer, columns, select, pageSize: new RowPageSize() }
  const timeless = { ...scanning, select: values }
  const telling = (what?: RowContent): Scanning => (what?.writeTimes === false ? timeless : scanning)
  const writing = { session, names: options, where, pacer, statement, checkSchema }

  /** A statement that was valid is refused: say that the tables changed, if they did, rather than what Cassandra says. */
  const explained = async (error: unknown): Promise<unknown> => {
    if (isRefusedStatement(error)) await checkSchema()
    return error
  }
  const explaining = async <T>(run: Promise<T>): Promise<T> => {
    try {
      return await run
    } catch (error) {
      throw await explained(error)
    }
  }

  async function* explainingEach<T>(pages: AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* pages
    } catch (error) {
      throw await explained(error)
    }
  }

  return {
    columns,
    maxVersion,
    entries: (from, signal, before) => explainingEach(readEntries(entries, from, signal, before)),
    estimate: async () => {
      await checkPartitioner(scanning)
      return estimateRows(scanning)
    },
    scanIds: (part, signal) => explainingEach(scanIds(scanning, part, signal)),
    scan: (part, signal, what) => explainingEach(scanRows(telling(what), part, signal)),
    getNeighbours: (ids, signal) => explaining(readNeighbours(scanning, ids, signal)),
    getMany: (ids, signal, what) => explaining(readRows(telling(what), ids, signal)),
    writeEntries: (list, maySend, signal) => explaining(writeEntries(entries, list, maySend, signal)),
    writeRows: (writes, sources, maySend, signal) => explaining(writeRows(writing, writes, sources, maySend, signal)),
    removeRows: (removals, signal) => explaining(removeRows({ session, names: options, where }, removals, signal)),
  }
}

const checkTables = (names: TableNames, tables: KeyspaceColumns): { readonly maxVersion: number } => {
  const data = columnsOf(tables, names, names.dataTable)
  checkDataTable(names, data)
  refuseCounters(names, data)
  return checkTimeseriesTable(names, columnsOf(tables, names, names.timeseriesTable))
}

const mirrored = (options: RowStoreOptions, tables: KeyspaceColumns, userTypes: UserTypes): readonly Column[] => {
  const columns = columnsOf(tables, options, options.dataTable)
  return mirroredColumns(columns, options).map(({ name, type }) => ({
    name,
    type: cqlColumnType(type, name, userTypes),
  }))
}

const warnAboutColumns = (
  options: RowStoreOptions,
  tables: KeyspaceColumns,
  columns: readonly Column[],
  logger: Logger,
): void => {
  const { keyspace, dataTable, documentTimestampField } = options
  const table = `${keyspace}.${dataTable}`
  if (columnsOf(tables, options, dataTable).some(({ name }) => name === documentTimestampField)) {
    logger.warn(
      { table, column: documentTimestampField },
      'column is not mirrored: it is named as the timestamp field of the documents, which carries their version',
    )
  }
  for (const column of growingLists(columns)) {
    logger.warn(
      { table, column },
      'a list that is not frozen: two writes of it at one time add up until the next window; frozen<list<…>> is safe',
    )
  }
}

const rowStatement = async (
  session: Session,
  options: RowStoreOptions,
  entries: EntryTable,
  columns: readonly Column[],
): Promise<RowStatement> => {
  const compiled = options.insertQuery === undefined ? undefined : compileInsertQuery(options.insertQuery)
  if (compiled === undefined || compiled.cql === '') return plainRowStatement(options, columns)
  if (session.keyspace !== options.keyspace) {
    throw new CaesError('CAES_INTERNAL', 'insertQuery needs a client that is connected to the keyspace of the pair', {
      where: entries.where,
    })
  }
  return insertQueryStatement(session, entries, columns, compiled)
}

/** insertQuery may name any table of the keyspace; without it only the pair's own two count. */
const schemaUnchanged = async (
  session: Session,
  options: RowStoreOptions,
  before: KeyspaceColumns,
  setup: Attempt,
): Promise<void> => {
  const now = await attempt(setup, () => readKeyspaceColumns(session, options.keyspace))
  const own = [options.dataTable, options.timeseriesTable]
  const relevant = options.insertQuery === undefined ? [...before].filter(([table]) => own.includes(table)) : before
  const change = firstChange(new Map(relevant), now)
  if (change === undefined) return
  const what = `column ${options.keyspace}.${change} was dropped or altered while the sync runs`
  throw new CaesError('CAES_SCHEMA_MISMATCH', what, {
    where: setup.where,
    hint: 'Restart or reload caes-sync to take the tables as they are now.',
  })
}
