/** Runs over everything and their finished parts, in two tables beside the checkpoint. */
import { types } from 'cassandra-driver'
import { CaesError } from '../../core/errors.js'
import type { PartResult, Run, RunPlan } from '../../core/run.js'
import type { RunStore } from '../../ports/run-store.js'
import { describeNodes, type Session } from './client.js'
import { attempt, isAmbiguous } from './errors.js'
import { qualified } from './names.js'
import { ensureTable } from './own-table.js'

export const runTable = 'caes_run'
export const runPartTable = 'caes_run_part'

export const runTableDdl = (keyspace: string): string =>
  `CREATE TABLE IF NOT EXISTS ${qualified(keyspace, runTable)} (` +
  'pair text, number int, plan text, started timestamp, finished timestamp, PRIMARY KEY (pair, number))'

export const runPartTableDdl = (keyspace: string): string =>
  `CREATE TABLE IF NOT EXISTS ${qualified(keyspace, runPartTable)} (` +
  'pair text, run int, part int, result text, finished timestamp, PRIMARY KEY ((pair, run), part))'

/** SERIAL as for the checkpoint: two who start a run at once must agree on which it is. */
const { serial } = types.consistencies
const transaction = { serialConsistency: serial, prepare: true, isIdempotent: false }
/** Plain inserts: whoever writes one has done the part, and twice is as good as once. */
const plain = { prepare: true, isIdempotent: true }

/** Makes the tables if they are missing. @throws CaesError with the statement to run when that is not permitted */
export const openRunStore = async (session: Session, keyspace: string): Promise<RunStore> => {
  const where = `tables ${keyspace}.${runTable} and ${runPartTable} at ${describeNodes(session)}`
  await ensureTable({ session, keyspace, name: runTable, where }, runTableDdl(keyspace))
  await ensureTable({ session, keyspace, name: runPartTable, where }, runPartTableDdl(keyspace))
  const runs = qualified(keyspace, runTable)
  const parts = qualified(keyspace, runPartTable)

  const list = async (pair: string): Promise<readonly Run[]> => {
    const answer = await attempt({ doing: 'reading runs', where }, () =>
      session.execute(`SELECT number, plan, started, finished FROM ${runs} WHERE pair = ?`, [pair], {
        ...plain,
        // Reading at SERIAL also settles a write whose outcome nobody has learnt.
        consistency: serial,
      }),
    )
    return answer.rows.map((row) => {
      const finished = row['finished'] as Date | null
      return {
        pair,
        number: Number(row['number']),
        plan: parse(String(row['plan']), isPlan, where),
        startedAt: (row['started'] as Date).getTime(),
        ...(finished === null ? {} : { finishedAt: finished.getTime() }),
      }
    })
  }

  /** Resolves to the failure where nobody can tell whether it was applied. */
  const transact = async (doing: string, cql: string, params: readonly unknown[]): Promise<unknown> =>
    attempt({ doing, where }, async () => {
      try {
        await session.execute(cql, [...params], transaction)
        return undefined
      } catch (error) {
        if (isAmbiguous(error)) return error
        throw error
      }
    })

  return {
    list,
    create: async ({ pair, number, plan, startedAt }) => {
      const insert = `INSERT INTO ${runs} (pair, number, plan, started) VALUES (?, ?, ?, ?) IF NOT EXISTS`
      const params = [pair, number, JSON.stringify(plan), new Date(startedAt)]
      const failure = await transact('starting a run', insert, params)
      // Whoever was first, and whatever became of a request without an answer: what is stored now is what counts.
      const stored = (await list(pair)).find((run) => run.number === number)
      if (stored !== undefined) return stored
      throw new CaesError('CAES_CHECKPOINT', `run ${number} of pair "${pair}" could not be recorded`, {
        where,
        hint: 'Start it again.',
        cause: failure,
      })
    },
    finishPart: async ({ pair, number }, part, result) => {
      const insert = `INSERT INTO ${parts} (pair, run, part, result, finished) VALUES (?, ?, ?, ?, ?)`
      await attempt({ doing: 'recording a part', where }, () =>
        session.execute(insert, [pair, number, part, JSON.stringify(result), new Date()], plain),
      )
    },
    finishedParts: async ({ pair, number }) => {
      const answer = await attempt({ doing: 'reading finished parts', where }, () =>
        // One page: a run has a few thousand parts.
        session.execute(`SELECT part, result FROM ${parts} WHERE pair = ? AND run = ?`, [pair, number], {
          ...plain,
          fetchSize: 0,
        }),
      )
      return new Map(answer.rows.map((row) => [Number(row['part']), parse(String(row['result']), isResult, where)]))
    },
    finish: async ({ pair, number }, at) => {
      const update = `UPDATE ${runs} SET finished = ? WHERE pair = ? AND number = ? IF finished = null`
      const failure = await transact('ending a run', update, [new Date(at), pair, number])
      if (failure !== undefined) throw failure
    },
  }
}

const parse = <T>(text: string, isRight: (value: unknown) => value is T, where: string): T => {
  const value = parsed(text)
  if (isRight(value)) return value
  throw new CaesError('CAES_CHECKPOINT', 'a recorded run cannot be read', {
    where,
    hint: 'The tables were changed by something else. Without its rows a run begins anew, which is harmless.',
  })
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    return error
  }
}

const isPlan = (value: unknown): value is RunPlan => {
  const { source, rowParts, cuts } = (value ?? {}) as Partial<RunPlan>
  return (
    (source === 'cassandra' || source === 'elasticsearch' || source === 'both') &&
    Number.isSafeInteger(rowParts) &&
    (cuts === undefined || (Array.isArray(cuts) && cuts.every((cut) => Number.isSafeInteger(cut))))
  )
}

const isResult = (value: unknown): value is PartResult => {
  const { read, written, left, rejected } = (value ?? {}) as Partial<PartResult>
  return [read, written?.elasticsearch, written?.cassandra, left, rejected].every((count) =>
    Number.isSafeInteger(count),
  )
}
