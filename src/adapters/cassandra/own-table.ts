/** Tables that caes-sync keeps for itself in the keyspace of a pair. */
import { setTimeout as sleep } from 'node:timers/promises'
import { errors, types } from 'cassandra-driver'
import { CaesError } from '../../core/errors.js'
import type { Session } from './client.js'
import { attempt, classify, isRefusedStatement } from './errors.js'
import { qualified } from './names.js'
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
  if (!(await exists(table))) await create(table, ddl)
  await untilUsable(table)
}

const create = async ({ session, name, where }: OwnTable, ddl: string): Promise<void> => {
  try {
    await session.execute(ddl, [], { isIdempotent: true })
  } catch (error) {
    const { code, message } = classify(error, { doing: `creating table ${name}`, where })
    throw new CaesError(code, message, { where, cause: error, hint: `Have it made by somebody who may: ${ddl}` })
  }
}

const looks = 50
const lookAgainMs = 100

const { responseErrorCodes: response } = types
/** A node that makes a table first does not know its name, and then has not opened its files. */
const stillBeingMade: ReadonlySet<number> = new Set([response.invalid, response.unprepared, response.serverError])

/** Another process may be making it at this moment: the schema shows a table a little before statements may use it. */
const untilUsable = async ({ session, keyspace, name, where }: OwnTable): Promise<void> => {
  for (let look = 1; ; look += 1) {
    try {
      await session.execute(`SELECT * FROM ${qualified(keyspace, name)} LIMIT 1`, [], {
        isIdempotent: true,
        consistency: types.consistencies.localOne,
      })
      return
    } catch (error) {
      const isEarly = error instanceof errors.ResponseError && stillBeingMade.has(error.code)
      if (!isEarly || look === looks) throw classify(error, { doing: `opening table ${name}`, where })
    }
    await sleep(lookAgainMs)
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
