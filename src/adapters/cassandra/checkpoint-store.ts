/** Progress of pairs in a table of its own: the only place where lightweight transactions are used. */
import { types } from 'cassandra-driver'
import { CaesError } from '../../core/errors.js'
import { sameProgress, type Progress } from '../../core/progress.js'
import type { Window } from '../../core/window.js'
import type { Checkpoint, CheckpointStore, Exchange } from '../../ports/checkpoint.js'
import { describeNodes, type Session } from './client.js'
import { attempt, classify, isAmbiguous, type Attempt } from './errors.js'
import { qualified } from './names.js'
import { ensureTable, unlessMissing, type OwnTable } from './own-table.js'

export const checkpointTable = 'caes_checkpoint'

export const checkpointTableDdl = (keyspace: string): string =>
  `CREATE TABLE IF NOT EXISTS ${qualified(keyspace, checkpointTable)} (` +
  'pair text PRIMARY KEY, watermark bigint, acknowledged text, revision bigint, updated timestamp)'

/**
 * SERIAL, not LOCAL_SERIAL: two data centers that both run workers must agree, too. The table has a few small rows,
 * written once a window.
 */
const serial = { serialConsistency: types.consistencies.serial, prepare: true, isIdempotent: false }

/** Makes the table if it is missing. @throws CaesError with the statement to run when that is not permitted */
export const openCheckpointStore = async (session: Session, keyspace: string): Promise<CheckpointStore> => {
  const table = tableOf(session, keyspace)
  await ensureTable(table, checkpointTableDdl(keyspace))
  return new CassandraCheckpointStore(session, keyspace, table.where)
}

/** Changes nothing, not even the schema: without the table no pair ever ran. */
export const openCheckpointReader = (session: Session, keyspace: string): Pick<CheckpointStore, 'read'> => {
  const table = tableOf(session, keyspace)
  const store = new CassandraCheckpointStore(session, keyspace, table.where)
  return { read: (pair) => unlessMissing(table, () => store.read(pair)) }
}

const tableOf = (session: Session, keyspace: string): OwnTable => {
  const where = `table ${keyspace}.${checkpointTable} at ${describeNodes(session)}`
  return { session, keyspace, name: checkpointTable, where }
}

class CassandraCheckpointStore implements CheckpointStore {
  readonly #session: Session
  readonly #where: string
  readonly #select: string
  readonly #insert: string
  readonly #update: string
  /** How the windows of a checkpoint are spelt, which somebody may have done by hand. */
  readonly #texts = new WeakMap<Checkpoint, string>()

  constructor(session: Session, keyspace: string, where: string) {
    const table = qualified(keyspace, checkpointTable)
    this.#session = session
    this.#where = where
    this.#select = `SELECT watermark, acknowledged, revision FROM ${table} WHERE pair = ?`
    this.#insert =
      `INSERT INTO ${table} (watermark, acknowledged, revision, updated, pair)` +
      ' VALUES (?, ?, ?, ?, ?) IF NOT EXISTS'
    this.#update =
      `UPDATE ${table} SET watermark = ?, acknowledged = ?, revision = ?, updated = ?` +
      // All of it, so that no reading is too old to begin with; and a server tells what it has of these columns only.
      ' WHERE pair = ? IF revision = ? AND watermark = ? AND acknowledged = ?'
  }

  read(pair: string): Promise<Checkpoint | undefined> {
    // Reading at SERIAL also settles a write whose outcome nobody has learnt.
    return this.#read(pair, { consistency: types.consistencies.serial })
  }

  glance(pair: string): Promise<Checkpoint | undefined> {
    // No part of any transaction, so it holds up none of those that others are at.
    return this.#read(pair, {})
  }

  async #read(pair: string, options: { readonly consistency?: types.consistencies }): Promise<Checkpoint | undefined> {
    const answer = await attempt(this.#attempt('reading progress'), () =>
      this.#session.execute(this.#select, [pair], { prepare: true, isIdempotent: true, ...options }),
    )
    return this.#checkpointOf(answer.rows[0])
  }

  #checkpointOf(row: types.Row | undefined): Checkpoint | undefined {
    const { watermark, acknowledged, revision } = (row ?? {}) as Record<string, unknown>
    if (revision === undefined || revision === null) return undefined
    const text = String(acknowledged)
    const progress = { watermark: Number(watermark), acknowledged: parseWindows(text, this.#where) }
    const checkpoint = { progress, revision: Number(revision) }
    this.#texts.set(checkpoint, text)
    return checkpoint
  }

  async create(pair: string, progress: Progress): Promise<Checkpoint> {
    const failure = await this.#transact(this.#insert, [...columnsOf(progress, 1), pair])
    // Whoever was first, and whatever became of a request without an answer: what is stored now is what counts.
    const stored = await this.read(pair)
    if (stored !== undefined) return stored
    throw (
      failure.error ??
      new CaesError('CAES_CHECKPOINT', `the progress of pair "${pair}" vanished`, { where: this.#where })
    )
  }

  async compareAndSet(pair: string, seen: Checkpoint, progress: Progress): Promise<Exchange> {
    const revision = seen.revision + 1
    const text = this.#texts.get(seen) ?? formatWindows(seen.progress.acknowledged)
    const before = [BigInt(seen.revision), BigInt(seen.progress.watermark), text]
    const { applied, row, error } = await this.#transact(this.#update, [
      ...columnsOf(progress, revision),
      pair,
      ...before,
    ])
    if (error === undefined) return { applied, stored: applied ? { progress, revision } : this.#checkpointOf(row) }
    const stored = await this.read(pair)
    if (stored?.revision === revision && sameProgress(stored.progress, progress)) return { applied: true, stored }
    // Somebody else's write stands there, so ours can no longer be applied.
    if (stored !== undefined && stored.revision > seen.revision) return { applied: false, stored }
    throw error
  }

  /** `error` is set when nobody can tell whether it was applied; `row` is what is there where it was not. */
  async #transact(
    cql: string,
    params: readonly unknown[],
  ): Promise<{ readonly applied: boolean; readonly row?: types.Row; readonly error?: CaesError }> {
    try {
      const answer = await this.#session.execute(cql, [...params], serial)
      return { applied: answer.wasApplied(), row: answer.first() }
    } catch (error) {
      const classified = classify(error, this.#attempt('recording progress'))
      if (isAmbiguous(error)) return { applied: false, error: classified }
      throw classified
    }
  }

  #attempt(doing: string): Attempt {
    return { doing, where: this.#where }
  }
}

/** In the order of both statements. */
const columnsOf = ({ watermark, acknowledged }: Progress, revision: number): readonly unknown[] => [
  BigInt(watermark),
  formatWindows(acknowledged),
  BigInt(revision),
  new Date(),
]

const formatWindows = (windows: readonly Window[]): string => JSON.stringify(windows.map(({ from, to }) => [from, to]))

const parseWindows = (text: string, where: string): Window[] => {
  const read = parseJson(text)
  if (Array.isArray(read) && read.every(isRange)) return read.map(([from, to]) => ({ from, to }))
  throw new CaesError('CAES_CHECKPOINT', 'the recorded progress cannot be read', {
    where,
    hint: 'The column "acknowledged" was changed by something else; it holds [[from, to], …].',
  })
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    return error
  }
}

const isRange = (value: unknown): value is [number, number] =>
  Array.isArray(value) && value.length === 2 && value.every((bound) => Number.isSafeInteger(bound))
