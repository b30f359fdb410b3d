/** Deleting whole rows at write times of their own. */
import { forEachConcurrently } from '../../core/concurrency.js'
import type { RowRemoval } from '../../ports/purge.js'
import type { Session } from './client.js'
import { attempt } from './errors.js'
import { idBytes } from './ids.js'
import type { TableNames } from './schema.js'
import { deleteRow } from './statements.js'

export interface RowRemoving {
  readonly session: Session
  readonly names: TableNames
  /** For messages. */
  readonly where: string
}

const requestsUnderWay = 32

export const removeRows = async (
  { session, names, where }: RowRemoving,
  removals: readonly RowRemoval[],
  signal: AbortSignal,
): Promise<void> => {
  const query = deleteRow(names)
  await forEachConcurrently(removals, requestsUnderWay, async ({ id, writeTime }) => {
    signal.throwIfAborted()
    await attempt({ doing: 'removing rows', where }, () =>
      session.execute(query, [BigInt(writeTime), idBytes(id)], { prepare: true, isIdempotent: true }),
    )
  })
}
