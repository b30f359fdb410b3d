import { errors, types } from 'cassandra-driver'
import { expect, it, vi } from 'vitest'
import type { Session } from '../../../src/adapters/cassandra/client.js'
import { ensureTable } from '../../../src/adapters/cassandra/own-table.js'

const ddl = 'CREATE TABLE IF NOT EXISTS "logs"."mine" (pair text PRIMARY KEY)'

/** A keyspace whose schema shows the table, and a node that does not know it for the first `refusals` statements. */
const session = (shown: boolean, refusals: number) => {
  let left = refusals
  const execute = vi.fn<Session['execute']>(async (query: string) => {
    if (query.includes('system_schema')) {
      const row = { table_name: 'mine', column_name: 'pair', kind: 'partition_key', position: 0, type: 'text' }
      return { rows: shown ? [{ get: (name: keyof typeof row) => row[name] }] : [] } as unknown as types.ResultSet
    }
    if (query.startsWith('SELECT') && left > 0) {
      left -= 1
      if (left > 0) throw new errors.ResponseError(types.responseErrorCodes.invalid, 'table mine does not exist')
      throw new errors.ResponseError(types.responseErrorCodes.serverError, 'IllegalArgumentException: Unknown CF')
    }
    return { rows: [] } as unknown as types.ResultSet
  })
  return { session: { execute } as unknown as Session, said: () => execute.mock.calls.map(([query]) => query) }
}
const open = (fake: Session) => ensureTable({ session: fake, keyspace: 'logs', name: 'mine', where: 'here' }, ddl)

it('a table that another process is making is waited for, and not made twice', async () => {
  const fake = session(true, 2)
  await open(fake.session)
  expect(fake.said()).not.toContain(ddl)
  expect(fake.said().filter((query) => query.startsWith('SELECT * FROM'))).toHaveLength(3)
})

it('a table that is missing is made', async () => {
  const fake = session(false, 0)
  await open(fake.session)
  expect(fake.said()).toContain(ddl)
})

it('what is wrong in another way is said at once', async () => {
  const fake = session(true, 0)
  const refused = vi.fn<Session['execute']>(async (query: string) => {
    if (query.startsWith('SELECT *')) throw new errors.ResponseError(types.responseErrorCodes.unauthorized, 'no')
    return fake.session.execute(query)
  })
  await expect(open({ execute: refused } as unknown as Session)).rejects.toThrow(/opening table mine/)
  expect(refused).toHaveBeenCalledTimes(2)
})
