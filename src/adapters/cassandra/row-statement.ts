/** How a row is written: the plain INSERT, many of which may travel together. */
import { describeType, type Column } from '../../core/column.js'
import type { JsonObject } from '../../core/json.js'
import type { RowWrite, WriteOutcome } from '../../ports/store.js'
import { batchLimits } from './batches.js'
import type { Session } from './client.js'
import { isRecordFault } from './errors.js'
import { idBytes } from './ids.js'
import type { TableNames } from './schema.js'
import { insertRow } from './statements.js'
import { toDriver } from './values.js'

export type Rejected = Extract<WriteOutcome, { readonly kind: 'rejected' }>

/** A write with its parameters, ready to be sent. */
export interface BoundRow {
  readonly write: RowWrite
  /** As the driver takes them, which leaves them as they are. */
  readonly params: unknown[]
}

export interface RowStatement {
  /** Whether sending it twice does no more than sending it once. */
  readonly isIdempotent: boolean
  readonly limits: { readonly rows: number; readonly bytes: number }
  bind(write: RowWrite, source: JsonObject | undefined): BoundRow | Rejected
  /** One request for all of `rows`, which keep the limits. Throws the driver's errors as they are. */
  send(session: Session, rows: readonly BoundRow[]): Promise<unknown>
}

export const plainRowStatement = (names: TableNames, columns: readonly Column[]): RowStatement => {
  const query = insertRow(names, columns)
  return {
    isIdempotent: true,
    limits: batchLimits,
    bind: (write) => {
      const params = rowParameters(write, columns)
      return 'reason' in params ? params : { write, params: params.values }
    },
    send: (session, rows) => {
      const options = { prepare: true, isIdempotent: true }
      const [first, second] = rows
      // A single mutation is exempt from the limits on batches.
      if (first !== undefined && second === undefined) return session.execute(query, first.params, options)
      const queries = rows.map(({ params }) => ({ query, params }))
      return session.batch(queries, { ...options, logged: false })
    },
  }
}

/** The parameters of `insertRow`: what is undefined is left as it is in the table, null clears it. */
export const rowParameters = (
  write: RowWrite,
  columns: readonly Column[],
): { readonly values: unknown[] } | Rejected => {
  const { id, fields, clear, writeTime } = write
  if (!Number.isSafeInteger(writeTime)) {
    const detail = 'the row carries a write time beyond 2^53 − 1 µs, which no later write can exceed'
    return { kind: 'rejected', reason: 'STATEMENT', detail }
  }
  const values: unknown[] = [idBytes(id)]
  for (const { name, type } of columns) {
    const value = fields.get(name)
    if (value === undefined) {
      values.push(clear === 'all' || clear.has(name) ? null : undefined)
      continue
    }
    try {
      values.push(toDriver(value, type))
    } catch (error) {
      if (!isRecordFault(error)) throw error
      const detail = `field ${JSON.stringify(name)}: the value does not fit ${describeType(type)}`
      return { kind: 'rejected', reason: 'TYPE_MISMATCH', detail }
    }
  }
  values.push(BigInt(writeTime))
  return { values }
}
