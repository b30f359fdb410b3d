/** Writing whole rows, as many to a request as the statement allows. */
import { forEachConcurrently } from '../../core/concurrency.js'
import type { JsonObject } from '../../core/json.js'
import type { MaySend, RowWrite, WriteOutcome } from '../../ports/store.js'
import type { Pacer } from '../../runtime/pacer.js'
import { batched, maxRequestBytes, rowSize } from './batches.js'
import type { Session } from './client.js'
import { classify, firstLine, isRecordFault } from './errors.js'
import { whileOverloaded } from './overload.js'
import { routeOf } from './routes.js'
import type { BoundRow, Rejected, RowStatement } from './row-statement.js'
import type { TableNames } from './schema.js'

export interface RowTable {
  readonly session: Session
  readonly names: TableNames
  /** For messages. */
  readonly where: string
  readonly statement: RowStatement
  readonly pacer: Pacer
  /** Throws CAES_SCHEMA_MISMATCH when tables are no longer what the statements were made for. */
  readonly checkSchema: () => Promise<void>
}

const requestsUnderWay = 32
/** A row of this size or more takes part in no batch, and many of them at once would only fill memories. */
const largeBytes = 256 * 2 ** 10
const largeUnderWay = 4

const [unsent, written] = [{ kind: 'unsent' }, { kind: 'written' }] as const satisfies readonly WriteOutcome[]

interface Numbered extends BoundRow {
  readonly index: number
  readonly bytes: number
}

export const writeRows = async (
  table: RowTable,
  writes: readonly RowWrite[],
  sources: ReadonlyMap<string, JsonObject>,
  maySend: MaySend,
  signal: AbortSignal,
): Promise<readonly WriteOutcome[]> => {
  const { session, names, where, statement, pacer } = table
  const outcomes: WriteOutcome[] = Array.from(writes, () => unsent)
  const ready: Numbered[] = []
  for (const [index, write] of writes.entries()) {
    const bound = statement.bind(write, sources.get(write.id))
    if ('reason' in bound) {
      outcomes[index] = bound
      continue
    }
    const bytes = rowSize(bound.params)
    if (bytes > maxRequestBytes) outcomes[index] = tooLarge(bytes)
    else ready.push({ write, params: bound.params, index, bytes })
  }

  let schemaChecked: Promise<void> | undefined
  let failed = false

  const send = async (group: readonly Numbered[]): Promise<void> => {
    if (failed) return
    signal.throwIfAborted()
    let sent: boolean
    try {
      sent = await whileOverloaded(pacer, (failure) => sendOnce(group, failure), signal)
    } catch (error) {
      if (!isRecordFault(error)) throw classify(error, { doing: 'writing rows', where })
      await diagnose(group, error)
      return
    }
    if (sent) for (const { index } of group) outcomes[index] = written
  }

  /** False where it was too late from the start. After a try whose outcome nobody knows, being late is that failure. */
  const sendOnce = async (group: readonly Numbered[], failure: unknown): Promise<boolean> => {
    signal.throwIfAborted()
    // Statements of a user may append or count: they are not sent twice with the same content.
    if (failure !== undefined && (!statement.isIdempotent || !maySend())) throw failure
    if (failed || !maySend()) return false
    await statement.send(session, group)
    return true
  }

  /** Which record is it? The server applied nothing of the group, so each may be sent again by itself. */
  const diagnose = async (group: readonly Numbered[], error: unknown): Promise<void> => {
    // A table that was dropped or altered is refused in the same way as a bad value, and would reject every record.
    schemaChecked ??= table.checkSchema()
    await schemaChecked
    const [first, second] = group
    if (first !== undefined && second === undefined) outcomes[first.index] = rejection(error)
    else for (const row of group) await send([row])
  }

  const sendAll = (rows: readonly Numbered[], underWay: number): Promise<void> => {
    const route = ({ write }: Numbered): string => routeOf(session, names.keyspace, write.id)
    const groups = batched(rows, route, ({ bytes }) => bytes, statement.limits)
    return forEachConcurrently(groups, underWay, async (group) => {
      try {
        await send(group)
      } catch (error) {
        failed = true
        throw error
      }
    })
  }
  await sendAll(
    ready.filter(({ bytes }) => bytes < largeBytes),
    requestsUnderWay,
  )
  await sendAll(
    ready.filter(({ bytes }) => bytes >= largeBytes),
    largeUnderWay,
  )
  return outcomes
}

const tooLarge = (bytes: number): Rejected => {
  const size = `${(bytes / 2 ** 20).toFixed(1)} MiB`
  return {
    kind: 'rejected',
    reason: 'STATEMENT',
    detail: `the row takes about ${size}; Cassandra takes 16 MiB at a time`,
  }
}

const rejection = (error: unknown): Rejected =>
  error instanceof TypeError || error instanceof RangeError
    ? // The driver's own words quote the value.
      { kind: 'rejected', reason: 'TYPE_MISMATCH', detail: 'a value does not fit the type of its parameter' }
    : { kind: 'rejected', reason: 'STATEMENT', detail: firstLine(error) }
