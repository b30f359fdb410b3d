/** Runs over everything and their finished parts, in two tables beside the checkpoint. */
import { types } from 'cassandra-driver'
import { CaesError } from '../../core/errors.js'
import { runPurposes, type PartResult, type Run, type RunCut, type RunPlan } from '../../core/run.js'
import type { RunReader, RunStore } from '../../ports/run-store.js'
import { describeNodes, type Session } from './client.js'
import { attempt, isAmbiguous } from './errors.js'
import { qualified } from './names.js'
import { ensureTable, unlessMissing, type OwnTable } from './own-table.js'

export const runTable = 'caes_run'
export const runPartTable = 'caes_run_part'

export const runTableDdl = (keyspace: string): string =>
  `CREATE TABLE IF NOT EXISTS ${qualified(keyspace, runTable)} (` +
  'pair text, number int, plan text, started timestamp, finished timestamp, result text, PRIMARY KEY (pair, number))'

export const runPartTableDdl = (keyspace: string): string =>
  `CREATE TABLE IF NOT EXISTS ${qualified(keyspace, runPartTable)} (` +
  'pair text, run int, part int, result text, finished timestamp, PRIMARY KEY ((pair, run), part))'

/** SERIAL as for the checkpoint: two who start a run at once must agree on which it is. */
const { serial } = types.consistencies
const transaction = { serialConsistency: serial, prepare: true, isIdempotent: false }
/** Plain inserts: whoever writes one has done the part, and twice is as good as once. */
const plain = { prepare: true, isIdempotent: true }

const whereOf = (session: Session, keyspace: string): string =>
  `tables ${keyspace}.${runTable} and ${runPartTable} at ${describeNodes(session)}`

/** Makes the tables if they are missing. @throws CaesError with the statement to run when that is not permitted */
export const openRunStore = async (session: Session, keyspace: string): Promise<RunStore> => {
  const where = whereOf(session, keyspace)
  await ensureTable({ session, keyspace, name: runTable, where }, runTableDdl(keyspace))
  await ensureTable({ session, keyspace, name: runPartTable, where }, runPartTableDdl(keyspace))
  return { ...reading(session, keyspace, where), ...writing(session, keyspace, where) }
}

/** For those who only look: makes no tables. Where there are none, nothing ever ran. */
export const openRunReader = (session: Session, keyspace: string): RunReader => {
  const where = whereOf(session, keyspace)
  const reader = reading(session, keyspace, where)
  const table = (name: string): OwnTable => ({ session, keyspace, name, where })
  return {
    list: async (pair) => (await unlessMissing(table(runTable), () => reader.list(pair))) ?? [],
    finishedParts: async (run) =>
      (await unlessMissing(table(runPartTable), () => reader.finishedParts(run))) ?? new Map(),
  }
}

const reading = (session: Session, keyspace: string, where: string): RunReader => ({
  list: async (pair) => {
    const cql = `SELECT number, plan, started, finished, result FROM ${qualified(keyspace, runTable)} WHERE pair = ?`
    const answer = await attempt({ doing: 'reading runs', where }, () =>
      // Reading at SERIAL also settles a write whose outcome nobody has learnt.
      session.execute(cql, [pair], { ...plain, consistency: serial }),
    )
    return answer.rows.map((row) => {
      const finished = row['finished'] as Date | null
      const result = row['result'] as string | null
      return {
        pair,
        number: Number(row['number']),
        plan: parse(String(row['plan']), isPlan, where),
        startedAt: (row['started'] as Date).getTime(),
        ...(finished === null ? {} : { finishedAt: finished.getTime() }),
        ...(result === null ? {} : { result: parse(result, isResult, where) }),
      }
    })
  },
  finishedParts: async ({ pair, number }) => {
    const cql = `SELECT part, result FROM ${qualified(keyspace, runPartTable)} WHERE pair = ? AND run = ?`
    const answer = await attempt({ doing: 'reading finished parts', where }, () =>
      // One page: a run has a few thousand parts.
      session.execute(cql, [pair, number], { ...plain, fetchSize: 0 }),
    )
    return new Map(answer.rows.map((row) => [Number(row['part']), parse(String(row['result']), isResult, where)]))
  },
})

const writing = (session: Session, keyspace: string, where: string): Omit<RunStore, keyof RunReader> => {
  const runs = qualified(keyspace, runTable)
  const parts = qualified(keyspace, runPartTable)
  const reader = reading(session, keyspace, where)

  /** Whether it was applied, or the failure where nobody can tell. */
  const transact = async (
    doing: string,
    cql: string,
    params: readonly unknown[],
  ): Promise<{ readonly applied?: boolean; readonly failure?: unknown }> =>
    attempt({ doing, where }, async () => {
      try {
        return { applied: (await session.execute(cql, [...params], transaction)).wasApplied() }
      } catch (failure) {
        if (isAmbiguous(failure)) return { failure }
        throw failure
      }
    })

  /** Whoever was first, and whatever became of a request without an answer: what is stored now is what counts. */
  const stored = async (pair: string, number: number, cause: unknown): Promise<Run> => {
    const found = (await reader.list(pair)).find((run) => run.number === number)
    if (found !== undefined) return found
    throw new CaesError('CAES_CHECKPOINT', `run ${number} of pair "${pair}" could not be recorded`, {
      where,
      hint: 'Start it again.',
      cause,
    })
  }

  return {
    create: async ({ pair, number, plan, startedAt }) => {
      const insert = `INSERT INTO ${runs} (pair, number, plan, started) VALUES (?, ?, ?, ?) IF NOT EXISTS`
      const params = [pair, number, JSON.stringify(plan), new Date(startedAt)]
      const { applied, failure } = await transact('starting a run', insert, params)
      return { run: await stored(pair, number, failure), isNew: applied === true }
    },
    replan: async ({ pair, number, plan: before }, plan) => {
      const update = `UPDATE ${runs} SET plan = ? WHERE pair = ? AND number = ? IF plan = ?`
      const params = [JSON.stringify(plan), pair, number, JSON.stringify(before)]
      const { failure } = await transact('planning a run', update, params)
      return stored(pair, number, failure)
    },
    finishPart: async ({ pair, number }, part, result) => {
      const insert = `INSERT INTO ${parts} (pair, run, part, result, finished) VALUES (?, ?, ?, ?, ?)`
      await attempt({ doing: 'recording a part', where }, () =>
        session.execute(insert, [pair, number, part, JSON.stringify(result), new Date()], plain),
      )
    },
    finish: async ({ pair, number }, at, result) => {
      const update = `UPDATE ${runs} SET finished = ?, result = ? WHERE pair = ? AND number = ? IF finished = null`
      const params = [new Date(at), JSON.stringify(result), pair, number]
      const { applied, failure } = await transact('ending a run', update, params)
      if (failure !== undefined) throw failure
      return applied === true
    },
    forget: async ({ pair, number }) => {
      await attempt({ doing: 'forgetting a run', where }, () =>
        session.execute(`DELETE FROM ${parts} WHERE pair = ? AND run = ?`, [pair, number], plain),
      )
      // Where nobody can tell whether it was applied, it is forgotten the next time.
      await transact('forgetting a run', `DELETE FROM ${runs} WHERE pair = ? AND number = ? IF EXISTS`, [pair, number])
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
  const { purpose, source, cut, rate, since, within, asOf } = (value ?? {}) as Partial<RunPlan>
  return (
    runPurposes.some((each) => each === purpose) &&
    (source === 'cassandra' || source === 'elasticsearch' || source === 'both') &&
    (cut === undefined || isCut(cut)) &&
    [rate, since, within, asOf].every((each) => each === undefined || typeof each === 'number')
  )
}

const isCut = ({ rowParts, cuts, expected, begunAt }: Partial<RunCut>): boolean =>
  [rowParts, expected, begunAt].every((count) => Number.isSafeInteger(count)) &&
  (cuts === undefined || (Array.isArray(cuts) && cuts.every((cut) => Number.isSafeInteger(cut))))

const isResult = (value: unknown): value is PartResult => {
  const { read, written, left, rejected } = (value ?? {}) as Partial<PartResult>
  return [read, written?.elasticsearch, written?.cassandra, left, rejected].every((count) =>
    Number.isSafeInteger(count),
  )
}
