/** Tables that caes-sync keeps for itself in the keyspace of a pair. */
import { CaesError } from '../../core/errors.js'
import type { Session } from './client.js'
import { attempt, classify, isRefusedStatement } from './errors.js'
import { readKeyspaceColumns } from './table-columns.js'

export interface OwnTable {
  readonly session: Session
  readonly keyspace: string
  readonly name: string
  /** `table logs.caes_checkpoint at Cassandra 10.0.0.1` */
  readonly where: string
}

const exists = async ({ session, keyspace, name, where }: OwnTable): Promise<boolean> => {
  const tables = await attempt({ doing: 'reading the schema', where }, () => readKeyspaceColumns(session, keyspace))
  return tables.has(name)
}

/** Makes the table if it is missing. @throws CaesError with the statement to run when that is not permitted */
export const ensureTable = async (table: OwnTable, ddl: string): Promise<void> => {
  // Looked up first: whoever may not create tables can have it made beforehand.
  if (await exists(table)) return
  const { session, name, where } = table
  try {
    await session.execute(ddl, [], { isIdempotent: true })
  } catch (error) {
    const { code, message } = classify(error, { doing: `creating table ${name}`, where })
    throw new CaesError(code, message, { where, cause: error, hint: `Have it made by somebody who may: ${ddl}` })
  }
}

/** For those who only look: where the table was never made, nothing is stored. */
export const unlessMissing = async <T>(table: OwnTable, read: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await read()
  } catch (error) {
    if (isRefusedStatement(error) && !(await exists(table))) return undefined
    throw error
  }
}
