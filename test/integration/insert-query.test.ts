import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectCassandra } from '../../src/adapters/cassandra/client.js'
import { openRowStore, type RowStoreOptions } from '../../src/adapters/cassandra/row-store.js'
import { exactNumber } from '../../src/core/codec/exact.js'
import type { JsonObject } from '../../src/core/json.js'
import type { RowStore, RowWrite } from '../../src/ports/store.js'
import {
  cassandraOptions,
  countingSession,
  createTables,
  originalStore,
  originalTables,
  testKeyspace,
  type TestKeyspace,
} from '../support/cassandra.js'
import { keepingLogger } from '../support/keeping-logger.js'

let keyspace: TestKeyspace
const live = new AbortController().signal
const always = (): boolean => true

beforeAll(async () => {
  keyspace = await testKeyspace()
  await createTables(
    keyspace,
    ...originalTables('vint int, vstring text, "Big" bigint'),
    'CREATE TABLE by_name (name text, did uuid, n bigint, note text, PRIMARY KEY (name, did))',
    'CREATE TABLE typed (did uuid PRIMARY KEY, ts int, exact decimal, at timestamp, tags set<text>, ratio double, id_text text, flag boolean)',
    'CREATE TABLE pinned (did uuid PRIMARY KEY, v text)',
  )
})
afterAll(() => keyspace.drop())

const options = (insertQuery: string): RowStoreOptions => ({
  ...originalStore(keyspace.name),
  insertQuery,
})

const open = (
  insertQuery: string,
  session = keyspace.client as Parameters<typeof openRowStore>[0],
): Promise<RowStore> => openRowStore(session, options(insertQuery), keepingLogger())

const version = 1_700_000_000
const row = (fields: ReadonlyMap<string, string | number | bigint>, more: Partial<RowWrite> = {}): RowWrite => ({
  id: randomUUID(),
  version,
  fields,
  clear: new Set(),
  writeTime: version * 1_000_000,
  ...more,
})

const write = (store: RowStore, one: RowWrite, source: JsonObject): ReturnType<RowStore['writeRows']> =>
  store.writeRows([one], new Map([[one.id, source]]), always, live)

const select = async (cql: string, id: string): Promise<Readonly<Record<string, unknown>> | undefined> => {
  const answer = await keyspace.client.execute(cql, [id], { prepare: true })
  const first = answer.rows[0]
  return first && Object.fromEntries(first.keys().map((name) => [name, first.get(name) as unknown]))
}

describe('insertQuery', () => {
  it('runs in one request with the entry and the row, with hostile values bound and never pasted', async () => {
    const { session, requests } = countingSession(keyspace.client)
    const store = await open(
      `INSERT INTO by_name (name, did, n, note) VALUES ('%(vstring)s', %(did)s, %(vint)s, '100%%; it''s {fixed}');`,
      session,
    )
    const hostile = `x'); DROP TABLE data; -- %(did)s ?`
    const one = row(
      new Map<string, string | number>([
        ['vstring', hostile],
        ['vint', 7],
      ]),
    )
    const before = requests()
    expect(await write(store, one, { vstring: hostile, vint: 7, timestamp: version })).toEqual([{ kind: 'written' }])
    expect(requests() - before).toBe(1)

    expect(await select('SELECT name, n, note FROM by_name WHERE did = ? ALLOW FILTERING', one.id)).toEqual({
      name: hostile,
      n: 7n,
      note: `100%; it's {fixed}`,
    })
    const stored = (await store.getMany([one.id], live)).get(one.id)!
    expect(new Map(stored.fields)).toEqual(new Map(one.fields))
    expect(stored.writeTime).toBe(one.writeTime)
    expect(await select('SELECT timestamp FROM ts WHERE did = ? ALLOW FILTERING', one.id)).toEqual({
      timestamp: version,
    })
  })

  it('is ordered as the row is: an older write does not replace a newer one', async () => {
    const store = await open('INSERT INTO pinned (did, v) VALUES (%(did)s, %(vstring)s)')
    const newer = row(new Map([['vstring', 'newer']]))
    await write(store, newer, { vstring: 'newer' })
    const older = { ...newer, fields: new Map([['vstring', 'older']]), writeTime: newer.writeTime - 1 }
    await write(store, older, { vstring: 'older' })
    expect(await select('SELECT v, WRITETIME(v) AS time FROM pinned WHERE did = ?', newer.id)).toEqual({
      v: 'newer',
      time: BigInt(newer.writeTime),
    })
  })

  it('keeps the timestamp that a statement brings itself', async () => {
    const store = await open('INSERT INTO pinned (did, v) VALUES (%(did)s, %(vstring)s) USING TIMESTAMP %(order)s')
    const one = row(new Map([['vstring', 'a']]))
    await write(store, one, { vstring: 'a', order: 42 })
    expect(await select('SELECT WRITETIME(v) AS time FROM pinned WHERE did = ?', one.id)).toEqual({ time: 42n })
  })

  it('encodes each value by the type of its own parameter, also fields without a column', async () => {
    const store = await open(
      'INSERT INTO typed (did, ts, exact, at, tags, ratio, id_text, flag) VALUES ' +
        '(%(did)s, %(ts)s, %(price)s, %(when)s, %(tags)s, %(ratio)s, %(did)s, %(missing)s)',
    )
    const one = row(new Map())
    // Named as the parts of an outcome are: a document may call its fields anything.
    const misleading = { reason: 'none', kind: 'rejected', mismatch: 'none' }
    const price = exactNumber('12345678901234567890.123456789')
    const source = { price, when: '2024-02-29T12:00:00Z', tags: ['b', 'a'], ratio: 0.5, ...misleading }
    expect(await write(store, one, source)).toEqual([{ kind: 'written' }])
    const found = await select('SELECT ts, exact, at, tags, ratio, id_text, flag FROM typed WHERE did = ?', one.id)
    expect(String(found?.['exact'])).toBe(price.value)
    expect(found).toMatchObject({
      ts: version,
      at: new Date('2024-02-29T12:00:00Z'),
      tags: ['a', 'b'],
      ratio: 0.5,
      id_text: one.id,
      flag: null,
    })
  })

  it('rejects the one record whose value does not fit, and names its field without the value', async () => {
    const store = await open('INSERT INTO by_name (name, did, n) VALUES (%(vstring)s, %(did)s, %(count)s)')
    const good = row(new Map([['vstring', 'a']]))
    const bad = row(new Map([['vstring', 'b']]))
    const sources = new Map<string, JsonObject>([
      [good.id, { vstring: 'a', count: 1 }],
      [bad.id, { vstring: 'b', count: 'secret' }],
    ])
    const outcomes = await store.writeRows([bad, good], sources, always, live)
    expect(outcomes).toEqual([
      expect.objectContaining({ kind: 'rejected', reason: 'TYPE_MISMATCH' }),
      { kind: 'written' },
    ])
    expect(JSON.stringify(outcomes)).toContain('count')
    expect(JSON.stringify(outcomes)).not.toContain('secret')
    expect([...(await store.getMany([good.id, bad.id], live)).keys()]).toEqual([good.id])
  })

  it('rejects the one record that the server refuses, here for a null in a key', async () => {
    const store = await open('INSERT INTO by_name (name, did) VALUES (%(vstring)s, %(did)s)')
    const good = row(new Map([['vstring', 'a']]))
    const bad = row(new Map([['vint', 1]]))
    const outcomes = await store.writeRows([bad, good], new Map(), always, live)
    expect(outcomes).toEqual([expect.objectContaining({ kind: 'rejected', reason: 'STATEMENT' }), { kind: 'written' }])
  })

  it('asks before each record whether it may still be sent', async () => {
    const store = await open('INSERT INTO pinned (did, v) VALUES (%(did)s, %(vstring)s)')
    const rows = ['a', 'b', 'c'].map((value) => row(new Map([['vstring', value]])))
    let asked = 0
    const outcomes = await store.writeRows(rows, new Map(), () => ++asked <= 2, live)
    expect(outcomes.map(({ kind }) => kind)).toEqual(['written', 'written', 'unsent'])
  })

  it('that is empty means none', async () => {
    const store = await open(' -- later\n')
    const one = row(new Map([['vint', 1]]))
    expect(await write(store, one, {})).toEqual([{ kind: 'written' }])
  })

  it.each([
    ['INSERT INTO pinned (did, v) VALUE (%(did)s, 1)', 'CAES_CONFIG_INVALID'],
    ['INSERT INTO nowhere (did) VALUES (%(did)s)', 'CAES_CONFIG_INVALID'],
    ['SELECT * FROM pinned', 'CAES_CONFIG_INVALID'],
    ['INSERT INTO pinned (did, v) VALUES (%(did)s, ?)', 'CAES_CONFIG_INVALID'],
  ])('that is wrong is found when the store is opened: %s', async (text, code) => {
    await expect(open(text)).rejects.toMatchObject({ code })
  })

  it('needs a client in the keyspace of the pair, and says so', async () => {
    const elsewhere = await connectCassandra(cassandraOptions)
    try {
      await expect(open('DELETE FROM pinned WHERE did = %(did)s', elsewhere)).rejects.toMatchObject({
        code: 'CAES_INTERNAL',
      })
    } finally {
      await elsewhere.shutdown()
    }
  })
})
