/** Reading rows by id, many to a request. */
import type { Column } from '../../core/column.js'
import { forEachConcurrently } from '../../core/concurrency.js'
import { fieldsInOrder } from '../../core/fields.js'
import { oncePer } from '../../core/once-per.js'
import type { Row } from '../../core/record.js'
import type { Pacer } from '../../runtime/pacer.js'
import { batched } from './batches.js'
import type { Session } from './client.js'
import { attempt } from './errors.js'
import { idBytes, idOf } from './ids.js'
import { whileOverloaded } from './overload.js'
import { routeOf } from './routes.js'
import type { TableNames } from './schema.js'
import type { SelectRows } from './statements.js'
import { readerOf } from './values.js'

export interface RowReading {
  readonly session: Session
  readonly names: TableNames
  /** For messages. */
  readonly where: string
  readonly pacer: Pacer
  readonly columns: readonly Column[]
  readonly select: SelectRows
}

const idsPerRequest = 100
const requestsUnderWay = 8

export const readRows = async (
  reading: RowReading,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Row>> => {
  const { session, names, where, select, pacer } = reading
  const route = (id: string): string => routeOf(session, names.keyspace, id)
  const groups = batched([...new Set(ids)], route, () => 1, { rows: idsPerRequest, bytes: Infinity })
  const rows = new Map<string, Row>()
  await forEachConcurrently(groups, requestsUnderWay, async (group) => {
    signal.throwIfAborted()
    const keys = group.map(idBytes)
    const send = () =>
      session.execute(select.cql, [keys], {
        prepare: true,
        isIdempotent: true,
        // One page: at most one row an id.
        fetchSize: 0,
        keyspace: names.keyspace,
        ...(keys[0] === undefined ? {} : { routingKey: keys[0] }),
      })
    const answer = await attempt({ doing: 'reading rows', where }, () => whileOverloaded(pacer, send, signal))
    for (const row of answer.rows) rows.set(idOf(row), rowOf(row, reading))
  })
  return rows
}

/** Made once for each list of columns. */
const readersOf = oncePer((columns: readonly Column[]) => columns.map(({ type }) => readerOf(type)))

/** @param row as the select gave it */
export const rowOf = (row: Readonly<Record<string, unknown>>, { columns, select }: RowReading): Row => {
  const values = readersOf(columns).map((read, place) => read(row[select.values[place]!]))
  let writeTime: number | undefined
  for (const alias of select.times) {
    const time = row[alias]
    // Microseconds since 1970 stay exact in a number until the year 2255.
    if (typeof time === 'bigint') writeTime = Math.max(Number(time), writeTime ?? -Infinity)
  }
  return { fields: fieldsInOrder(columns, values), writeTime }
}
