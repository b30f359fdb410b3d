/** Which pairs are paused, in a table of its own beside the checkpoint. */
import { types } from 'cassandra-driver'
import type { Pause, PauseReader, PauseStore } from '../../ports/pause.js'
import { CaesError } from '../../core/errors.js'
import { describeNodes, type Session } from './client.js'
import { attempt, isAmbiguous } from './errors.js'
import { qualified } from './names.js'
import { ensureTable, unlessMissing, type OwnTable } from './own-table.js'

export const pauseTable = 'caes_pause'

export const pauseTableDdl = (keyspace: string): string =>
  `CREATE TABLE IF NOT EXISTS ${qualified(keyspace, pauseTable)} (pair text PRIMARY KEY, since timestamp, who text)`

/**
 * SERIAL as for the checkpoint. Plain writes would be ordered by the clocks of those who pause and resume, and a
 * resume from a host whose clock is behind would do nothing.
 */
const { serial } = types.consistencies
const transaction = { serialConsistency: serial, prepare: true, isIdempotent: false }

/** Makes the table if it is missing. @throws CaesError with the statement to run when that is not permitted */
export const openPauseStore = async (session: Session, keyspace: string): Promise<PauseStore> => {
  const table = tableOf(session, keyspace)
  await ensureTable(table, pauseTableDdl(keyspace))
  return storeIn(table)
}

/** Changes nothing, not even the schema: without the table no pair is paused. */
export const openPauseReader = (session: Session, keyspace: string): PauseReader => {
  const table = tableOf(session, keyspace)
  const store = storeIn(table)
  return { read: (pair) => unlessMissing(table, () => store.read(pair)) }
}

const tableOf = (session: Session, keyspace: string): OwnTable => {
  const where = `table ${keyspace}.${pauseTable} at ${describeNodes(session)}`
  return { session, keyspace, name: pauseTable, where }
}

const storeIn = ({ session, keyspace, where }: OwnTable): PauseStore => {
  const table = qualified(keyspace, pauseTable)

  const read = async (pair: string): Promise<Pause | undefined> => {
    const answer = await attempt({ doing: 'reading who is paused', where }, () =>
      session.execute(`SELECT since, who FROM ${table} WHERE pair = ?`, [pair], {
        prepare: true,
        isIdempotent: true,
        // Reading at SERIAL also settles a write whose outcome nobody has learnt.
        consistency: serial,
      }),
    )
    const row = answer.rows[0]
    return row === undefined ? undefined : { since: (row['since'] as Date).getTime(), who: String(row['who']) }
  }

  const insert = `INSERT INTO ${table} (pair, since, who) VALUES (?, ?, ?) IF NOT EXISTS`
  return {
    read,
    pause: async (pair, { since, who }) => {
      const failure = await attempt({ doing: 'pausing', where }, async () => {
        try {
          await session.execute(insert, [pair, new Date(since), who], transaction)
          return undefined
        } catch (error) {
          // What is stored now tells what became of it.
          if (isAmbiguous(error)) return error
          throw error
        }
      })
      const stored = await read(pair)
      if (stored !== undefined) return stored
      throw new CaesError('CAES_CHECKPOINT', `pair "${pair}" could not be paused`, {
        where,
        hint: 'somebody resumed it in the same moment, or the request was lost; do it again',
        cause: failure,
      })
    },
    resume: async (pair) => {
      const answer = await attempt({ doing: 'resuming', where }, () =>
        session.execute(`DELETE FROM ${table} WHERE pair = ? IF EXISTS`, [pair], transaction),
      )
      return answer.wasApplied()
    },
  }
}
