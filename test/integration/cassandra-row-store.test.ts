import { randomUUID } from 'node:crypto'
import { errors, types } from 'cassandra-driver'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkpointTable, openCheckpointStore } from '../../src/adapters/cassandra/checkpoint-store.js'
import { connectCassandra, type Session } from '../../src/adapters/cassandra/client.js'
import { openRowStore, type RowStoreOptions } from '../../src/adapters/cassandra/row-store.js'
import type { CanonicalValue } from '../../src/core/record.js'
import type { RowStore, RowWrite } from '../../src/ports/store.js'
import {
  cassandraOptions,
  countingSession,
  createTables,
  interceptedSession,
  originalStore,
  originalTables,
  testKeyspace,
  type TestKeyspace,
} from '../support/cassandra.js'
import { idsOf } from '../support/ids.js'
import { keepingLogger } from '../support/keeping-logger.js'

let keyspace: TestKeyspace
const live = new AbortController().signal
const always = (): boolean => true

beforeAll(async () => {
  keyspace = await testKeyspace()
  await createTables(keyspace, ...originalTables('vint int, vstring text, timestamp int, steps list<int>'))
})
afterAll(() => keyspace.drop())

const options = (more: Partial<RowStoreOptions> = {}): RowStoreOptions => ({
  ...originalStore(keyspace.name),
  ...more,
})

const open = (session: Session = keyspace.client, more: Partial<RowStoreOptions> = {}): Promise<RowStore> =>
  openRowStore(session, options(more), keepingLogger())

const row = (fields: Readonly<Record<string, CanonicalValue>>, id: string = randomUUID()): RowWrite => ({
  id,
  version: 1_700_000_000,
  fields: new Map(Object.entries(fields)),
  clear: new Set(),
  writeTime: 1_700_000_000_000_000,
})

const { invalid, unauthorized, writeTimeout } = types.responseErrorCodes

/** A store whose writes fail from now on as the test says; undefined lets one pass. */
const openFailing = async (
  answer: (write: number) => Error | undefined,
  more: Partial<RowStoreOptions> = {},
): Promise<RowStore> => {
  let writes = 0
  let opened = false
  const session = interceptedSession(keyspace.client, async ({ cql, run }) => {
    const error = opened && cql.startsWith('INSERT') ? answer(writes++) : undefined
    if (error !== undefined) throw error
    return run()
  })
  const store = await open(session, more)
  opened = true
  return store
}

describe('connecting', () => {
  it('finds the local data center by itself', async () => {
    const client = await connectCassandra(cassandraOptions)
    const answer = await client.execute('SELECT data_center FROM system.local')
    expect(
      client
        .getState()
        .getConnectedHosts()
        .map(({ datacenter }) => datacenter),
    ).toContain(answer.first().get('data_center'))
    await client.shutdown()
  })

  it('to an address where nothing listens names it, without the password', async () => {
    const credentials = { username: 'reader', password: 'secret' }
    const failure = connectCassandra({ ...cassandraOptions, contactPoints: ['127.0.0.1:1'], credentials })
    await expect(failure).rejects.toMatchObject({ code: 'CAES_CASSANDRA_DOWN', where: 'Cassandra 127.0.0.1:1' })
    await expect(failure).rejects.not.toThrow('secret')
  })

  it('to a data center or keyspace that is not there is a fault of the configuration', async () => {
    const elsewhere = connectCassandra({ ...cassandraOptions, localDataCenter: 'nowhere' })
    await expect(elsewhere).rejects.toMatchObject({ code: 'CAES_CONFIG_INVALID' })
    await expect(connectCassandra(cassandraOptions, 'nowhere')).rejects.toMatchObject({ code: 'CAES_SCHEMA_MISMATCH' })
  })
})

describe('opening the tables', () => {
  it('mirrors the chosen columns and warns of the one that is named as the document’s timestamp', async () => {
    const logger = keepingLogger()
    const store = await openRowStore(keyspace.client, options({ exclude: ['vint'] }), logger)
    expect(store.columns.map(({ name }) => name).toSorted()).toEqual(['steps', 'vstring'])
    const columns = logger.lines.filter(({ level }) => level === 'warn').map(({ fields }) => fields)
    expect(columns).toContainEqual(expect.objectContaining({ column: 'timestamp' }))
    expect(columns).toContainEqual(expect.objectContaining({ column: 'steps' }))
  })

  it('refuses tables that are missing or of another shape', async () => {
    await expect(open(keyspace.client, { dataTable: 'nowhere' })).rejects.toMatchObject({
      code: 'CAES_SCHEMA_MISMATCH',
    })
    await expect(open(keyspace.client, { dataTable: 'ts' })).rejects.toThrow(/expected .* found /)
    await expect(open(keyspace.client, { timeseriesTable: 'data' })).rejects.toThrow(/expected .* found /)
  })
})

describe('requests', () => {
  it('are far fewer than records: a thousand take at most 10 to read, 10 for entries, 110 to write', async () => {
    const { session, requests } = countingSession(keyspace.client)
    const store = await open(session)
    const writes = idsOf(1_000, 'few requests').map((id, index) => row({ vint: index, vstring: `text ${index}` }, id))
    const counted = async (run: () => Promise<unknown>): Promise<number> => {
      const before = requests()
      await run()
      return requests() - before
    }
    const entries = writes.map(({ id, version }) => ({ id, version }))
    expect(await counted(() => store.writeEntries(entries, always, live))).toBeLessThanOrEqual(10)
    expect(await counted(() => store.writeRows(writes, new Map(), always, live))).toBeLessThanOrEqual(110)
    expect(
      await counted(() =>
        store.getMany(
          entries.map(({ id }) => id),
          live,
        ),
      ),
    ).toBeLessThanOrEqual(10)
  })

  it('for entries carry the configured time to live', async () => {
    const store = await open(keyspace.client, { ttl: 1 })
    const id = randomUUID()
    const count = async (): Promise<number> => {
      let found = 0
      for await (const page of store.entries(77, live)) found += page.filter((entry) => entry.id === id).length
      return found
    }
    await store.writeEntries([{ id, version: 77 }], always, live)
    await expect.poll(count, { timeout: 20_000, interval: 100 }).toBe(0)
  })
})

describe('a write that fails', () => {
  it('stops all that were not sent yet, and is thrown as what it is', async () => {
    let sent = 0
    const store = await openFailing((request) => {
      sent = request + 1
      return request === 3 ? new errors.OperationTimedOutError('too slow') : undefined
    })
    const writes = Array.from({ length: 5_000 }, () => row({ vint: 1 }))
    const writing = store.writeRows(writes, new Map(), always, live)
    await expect(writing).rejects.toMatchObject({ code: 'CAES_CASSANDRA_TIMEOUT' })
    expect(sent).toBeLessThan(100)
    const after = sent
    await store.getMany([writes[0]!.id], live)
    expect(sent).toBe(after)
  })

  it('fails entries as a whole', async () => {
    const store = await openFailing(() => new errors.ResponseError(writeTimeout, 'slow'))
    const writing = store.writeEntries([{ id: randomUUID(), version: 5 }], always, live)
    await expect(writing).rejects.toMatchObject({ code: 'CAES_CASSANDRA_TIMEOUT' })
  })

  it('for overload is sent again, and nothing is lost', async () => {
    const overload = (): Error => new errors.ResponseError(writeTimeout, 'slow')
    // Two of three requests fail at first, each of them less often than it is tried.
    let refused = 0
    const store = await openFailing((request) => (request % 3 < 2 && refused++ < 4 ? overload() : undefined))
    const writes = Array.from({ length: 300 }, (_, vint) => row({ vint }))
    const entries = writes.map(({ id, version }) => ({ id, version }))
    expect(new Set(await store.writeEntries(entries, always, live))).toEqual(new Set([true]))
    const outcomes = await store.writeRows(writes, new Map(), always, live)
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['written']))
    expect(refused).toBeGreaterThanOrEqual(4)
    const found = await store.getMany(
      writes.map(({ id }) => id),
      live,
    )
    expect(found.size).toBe(300)
  })

  it('for overload is not sent again from an old reading: it is thrown, since nobody knows what became of it', async () => {
    let fresh = true
    let sent = 0
    const store = await openFailing(() => {
      sent += 1
      fresh = false
      return new errors.ResponseError(writeTimeout, 'slow')
    })
    const writing = store.writeRows([row({ vint: 1 })], new Map(), () => fresh, live)
    await expect(writing).rejects.toMatchObject({ code: 'CAES_CASSANDRA_TIMEOUT' })
    fresh = true
    const entering = store.writeEntries([{ id: randomUUID(), version: 5 }], () => fresh, live)
    await expect(entering).rejects.toMatchObject({ code: 'CAES_CASSANDRA_TIMEOUT' })
    expect(sent).toBe(2)
  })

  it('by one record’s fault rejects that record alone', async () => {
    const store = await open()
    const writes = Array.from({ length: 30 }, (_, index) => row({ vint: index, vstring: 'fine' }))
    // The server would answer this one, and leave those behind it on the connection without an answer.
    const poison = row({ vstring: 'x'.repeat(17 * 2 ** 20) })
    const large = row({ vstring: 'x'.repeat(15 * 2 ** 20) })
    const unencodable = row({ vint: 2 ** 40 })
    const outcomes = await store.writeRows(
      [...writes.slice(0, 5), poison, unencodable, large, ...writes.slice(5)],
      new Map(),
      always,
      live,
    )
    expect(outcomes[5]).toMatchObject({ kind: 'rejected', detail: expect.stringContaining('about 17.0 MiB') as string })
    expect(outcomes[6]).toMatchObject({ kind: 'rejected', reason: 'TYPE_MISMATCH' })
    expect(outcomes.filter(({ kind }) => kind === 'written')).toHaveLength(31)
    expect(
      (
        await store.getMany(
          [...writes, poison, unencodable].map(({ id }) => id),
          live,
        )
      ).size,
    ).toBe(30)
  })

  it('over a write time that nothing can exceed is a reject', async () => {
    const store = await open()
    const outcomes = await store.writeRows([{ ...row({ vint: 1 }), writeTime: 2 ** 63 }], new Map(), always, live)
    expect(outcomes).toEqual([expect.objectContaining({ kind: 'rejected', reason: 'STATEMENT' })])
  })

  it('because a column was dropped rejects no record, and fails as a fault of the schema', async () => {
    await createTables(keyspace, 'CREATE TABLE altered (did uuid PRIMARY KEY, a int, b int)')
    const store = await open(keyspace.client, { dataTable: 'altered' })
    await store.writeRows([row({ a: 1 })], new Map(), always, live)
    await keyspace.client.execute('ALTER TABLE altered DROP b')
    const refused = { code: 'CAES_SCHEMA_MISMATCH', message: expect.stringContaining('altered.b') as string }
    const writing = store.writeRows([row({ a: 1 }), row({ a: 2 })], new Map(), always, live)
    await expect(writing).rejects.toMatchObject(refused)
    await expect(store.writeRows([row({ a: 1 })], new Map(), always, live)).rejects.toMatchObject(refused)
    await expect(store.getMany([randomUUID()], live)).rejects.toMatchObject(refused)
  })
})

describe('a statement that is refused as invalid', () => {
  const refused = new errors.ResponseError(invalid, 'no')

  it('rejects no record where the table was altered meanwhile', async () => {
    await createTables(keyspace, 'CREATE TABLE narrowed (did uuid PRIMARY KEY, a int, b int)')
    const store = await openFailing(() => refused, { dataTable: 'narrowed' })
    await keyspace.client.execute('ALTER TABLE narrowed DROP b')
    const writing = store.writeRows([row({ a: 1 }), row({ a: 2 })], new Map(), always, live)
    await expect(writing).rejects.toMatchObject({ code: 'CAES_SCHEMA_MISMATCH' })
  })

  it('is sent again row by row where the table is as it was', async () => {
    const store = await openFailing((request) => (request === 0 || request === 2 ? refused : undefined))
    const outcomes = await store.writeRows([row({ vint: 1 }), row({ vint: 2 })], new Map(), always, live)
    expect(outcomes).toEqual([{ kind: 'written' }, { kind: 'rejected', reason: 'STATEMENT', detail: 'no' }])
  })

  it('is not sent again once the reading behind it has become too old', async () => {
    const store = await openFailing((request) => (request === 0 ? refused : undefined))
    let asked = 0
    const outcomes = await store.writeRows([row({ vint: 1 }), row({ vint: 2 })], new Map(), () => ++asked <= 2, live)
    expect(outcomes).toEqual([{ kind: 'written' }, { kind: 'unsent' }])
  })
})

describe('progress', () => {
  const answerLost = (after: boolean): { session: Session; arm: () => void } => {
    let armed = false
    const session = interceptedSession(keyspace.client, async ({ cql, run }) => {
      if (!armed || !cql.includes(' IF ')) return run()
      armed = false
      if (after) await run()
      throw new errors.OperationTimedOutError('no answer')
    })
    return { session, arm: () => (armed = true) }
  }
  const start = { watermark: 10, acknowledged: [] }
  const next = { watermark: 20, acknowledged: [{ from: 30, to: 40 }] }

  it('that was recorded although the answer was lost counts as recorded', async () => {
    const { session, arm } = answerLost(true)
    const store = await openCheckpointStore(session, keyspace.name)
    const pair = randomUUID()
    arm()
    const seen = await store.create(pair, start)
    expect(seen.progress).toEqual(start)
    arm()
    expect(await store.compareAndSet(pair, seen, next)).toMatchObject({ applied: true })
    expect((await store.read(pair))?.progress).toEqual(next)
  })

  it('of which nobody can tell is neither a success nor a defeat', async () => {
    const { session, arm } = answerLost(false)
    const store = await openCheckpointStore(session, keyspace.name)
    const pair = randomUUID()
    const seen = await store.create(pair, start)
    arm()
    await expect(store.compareAndSet(pair, seen, next)).rejects.toMatchObject({ code: 'CAES_CASSANDRA_TIMEOUT' })
    expect(await store.read(pair)).toEqual(seen)
  })

  it('without an answer is a defeat where somebody else was faster', async () => {
    const { session, arm } = answerLost(false)
    const store = await openCheckpointStore(session, keyspace.name)
    const pair = randomUUID()
    const seen = await store.create(pair, start)
    await store.compareAndSet(pair, seen, { watermark: 15, acknowledged: [] })
    arm()
    expect(await store.compareAndSet(pair, seen, next)).toMatchObject({ applied: false })
  })

  it('that somebody has spelt by hand is replaced like any other', async () => {
    const store = await openCheckpointStore(keyspace.client, keyspace.name)
    const pair = randomUUID()
    await store.create(pair, start)
    const spelt = `UPDATE ${keyspace.name}.${checkpointTable} SET acknowledged = '[ [ 30, 40 ] ]' WHERE pair = ? IF EXISTS`
    await keyspace.client.execute(spelt, [pair], { prepare: true })
    const seen = await store.read(pair)
    expect(seen?.progress).toEqual({ watermark: 10, acknowledged: [{ from: 30, to: 40 }] })
    expect(await store.compareAndSet(pair, seen!, next)).toMatchObject({ applied: true })
    expect((await store.read(pair))?.progress).toEqual(next)
  })

  it('asks for its table by the statement to run where it may not make it', async () => {
    const bare = await testKeyspace()
    try {
      const session = interceptedSession(bare.client, async ({ cql, run }) => {
        if (!cql.startsWith('CREATE')) return run()
        throw new errors.ResponseError(unauthorized, 'no CREATE permission')
      })
      await expect(openCheckpointStore(session, bare.name)).rejects.toMatchObject({
        code: 'CAES_CASSANDRA_DENIED',
        hint: expect.stringContaining('CREATE TABLE IF NOT EXISTS') as string,
      })
    } finally {
      await bare.drop()
    }
  })

  it('that something else has overwritten is an error and not a guess', async () => {
    const store = await openCheckpointStore(keyspace.client, keyspace.name)
    const pair = randomUUID()
    await store.create(pair, start)
    await keyspace.client.execute(`UPDATE caes_checkpoint SET acknowledged = '{"oops"' WHERE pair = ?`, [pair], {
      prepare: true,
    })
    await expect(store.read(pair)).rejects.toMatchObject({ code: 'CAES_CHECKPOINT' })
  })
})
