/**
 * How a row is written where the user asked for a batch with statements of their own: entry, row and those statements
 * in one logged batch.
 */
import { codecFor } from '../../core/codec/codec.js'
import { Mismatch } from '../../core/codec/value-codec.js'
import type { Column } from '../../core/column.js'
import { CaesError } from '../../core/errors.js'
import type { Json, JsonObject } from '../../core/json.js'
import { toSource } from '../../core/mapping.js'
import type { RowWrite } from '../../ports/store.js'
import { bucketOf } from './bucket.js'
import type { Session } from './client.js'
import { columnType } from './column-type.js'
import type { EntryTable } from './entries.js'
import { firstLine, isRefusedStatement } from './errors.js'
import { idBytes } from './ids.js'
import type { CompiledInsertQuery } from './insert-query.js'
import { prepareAhead, type Parameter } from './prepare-ahead.js'
import { rowParameters, type Rejected, type RowStatement } from './row-statement.js'
import type { TableNames } from './schema.js'
import { insertEntry, insertRow } from './statements.js'
import { toDriver } from './values.js'

/** One parameter of the user's statements, encoded by its own type, which need not be that of a mirrored column. */
interface Placeholder {
  readonly name: string
  readonly encode: (value: Json | undefined) => unknown
}

/** Prepares the batch, so that a fault in the user's statements is found now and not with the first record. */
export const insertQueryStatement = async (
  session: Session,
  entries: EntryTable,
  columns: readonly Column[],
  compiled: CompiledInsertQuery,
): Promise<RowStatement> => {
  const { names, where, buckets, ttl } = entries
  const query = `BEGIN BATCH ${insertEntry(names)}; ${insertRow(names, columns)}; ${compiled.cql}; APPLY BATCH`
  const parameters = await preparedAhead(session, query, where)
  const placeholders = parameters.slice(parameters.length - compiled.names.length).map(({ type }, index) => {
    const name = compiled.names[index]!
    const column = columnType(type, name)
    const codec = codecFor(column)
    return { name, encode: (value: Json | undefined) => toDriver(codec.fromJson(value), column) }
  })
  return {
    // The statements are the user's: they may append or count.
    isIdempotent: false,
    // One record, one batch: that is what was asked for.
    limits: { rows: 1, bytes: Infinity },
    bind: (write, source) => {
      const row = rowParameters(write, columns)
      if ('reason' in row) return row
      const own = placeholderValues(write, names, columns, source, placeholders)
      if ('reason' in own) return own
      const { id, version } = write
      const entry = [bucketOf(id, buckets), entries.intVersions ? version : BigInt(version), idBytes(id), ttl]
      return { write, params: [...entry, ...row.values, ...own.values] }
    },
    send: async (session, rows) => {
      for (const { write, params } of rows) {
        await session.execute(query, [...params], {
          prepare: true,
          isIdempotent: false,
          // Statements without a timestamp of their own are then ordered as the row is.
          timestamp: write.writeTime,
          keyspace: names.keyspace,
          routingKey: idBytes(write.id),
        })
      }
    },
  }
}

/** The other statements of the batch were prepared by themselves before, so what is refused here is the user's. */
const preparedAhead = async (session: Session, query: string, where: string): Promise<readonly Parameter[]> => {
  try {
    return await prepareAhead(session, query, { doing: 'preparing insertQuery', where })
  } catch (error) {
    if (!isRefusedStatement(error)) throw error
    const what = `Cassandra does not accept CassandraConfig.insertQuery: ${firstLine((error as Error).cause)}`
    throw new CaesError('CAES_CONFIG_INVALID', what, {
      where,
      cause: error,
      hint: 'Compare the tables and columns that it names with DESCRIBE KEYSPACE.',
    })
  }
}

const placeholderValues = (
  write: RowWrite,
  names: TableNames,
  columns: readonly Column[],
  source: JsonObject | undefined,
  placeholders: readonly Placeholder[],
): { readonly values: readonly unknown[] } | Rejected => {
  const made = source === undefined ? toSource(write.fields, columns) : { source }
  if ('mismatch' in made) return { kind: 'rejected', reason: 'NOT_REPRESENTABLE', detail: made.mismatch }
  const values: unknown[] = []
  for (const { name, encode } of placeholders) {
    try {
      values.push(encode(valueOf(name, write, names, made.source)))
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error
      return { kind: 'rejected', reason: 'TYPE_MISMATCH', detail: `insertQuery: ${error.seenFrom(name)}` }
    }
  }
  return { values }
}

/** `did` and `ts` are the original's names for id and version, whatever the columns are called. */
const valueOf = (name: string, { id, version }: RowWrite, names: TableNames, source: JsonObject): Json | undefined => {
  if (name === 'did' || name === names.dataIdField) return id
  if (name === 'ts') return version
  return Object.hasOwn(source, name) ? source[name] : undefined
}
