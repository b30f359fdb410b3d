/** The original's `insertQuery` through whole windows. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { idsOf } from '../support/ids.js'
import { openPair, silent, type PairFixture } from '../support/pair-fixture.js'

const hostile = `x'); DROP TABLE data; -- %(did)s ? "$$`
let pair: PairFixture

beforeAll(async () => {
  pair = await openPair({
    columns: 'vint int, vstring text',
    ddl: [
      'CREATE TABLE by_name (name text, did uuid, ts int, n bigint, note text, PRIMARY KEY (name, did))',
      'CREATE TABLE extra (did uuid PRIMARY KEY, ts bigint, "Exact" decimal, big bigint, tags set<text>, gone text, id_text text)',
      'CREATE TABLE pinned (did uuid PRIMARY KEY, v text)',
    ],
    mappings: {
      properties: {
        timestamp: { type: 'long' },
        vint: { type: 'integer' },
        vstring: { type: 'keyword' },
        price: { type: 'keyword' },
        big: { type: 'long' },
        labels: { type: 'keyword' },
      },
    },
    cassandraConfig: {
      insertQuery: `
        -- Names in quotes, as the original's users had to write them; values are bound all the same.
        INSERT INTO by_name (name, did, ts, n, note) VALUES ('%(vstring)s', %(did)s, %(ts)s, %(vint)s, '100%%; it''s {fixed}');
        INSERT INTO extra (did, ts, "Exact", big, tags, gone, id_text)
          VALUES (%(did)s, %(ts)s, %(price)s, %(big)s, %(labels)s, %(missing)s, "%(did)s");
        INSERT INTO pinned (did, v) VALUES (%(did)s, $$%(vstring)s$$) USING TIMESTAMP %(ts)s;
      `,
    },
    sync: { settle: '100ms', freshness: '1s', overlap: '4s' },
  })
})
afterAll(() => pair.close())

const select = async (cql: string): Promise<Readonly<Record<string, unknown>> | undefined> => {
  const [row] = (await pair.cassandra.execute(cql)).rows
  return row && Object.fromEntries(row.keys().map((name) => [name, row.get(name) as unknown]))
}

const extra = (id: string) => select(`SELECT * FROM extra WHERE did = ${id}`)
const byName = (id: string) => select(`SELECT * FROM by_name WHERE did = ${id} ALLOW FILTERING`)
const pinned = (id: string) => select(`SELECT v, WRITETIME(v) AS time FROM pinned WHERE did = ${id}`)
const source = { vstring: hostile, vint: 7, labels: ['b', 'a', 'b'] }

test('every statement runs with what the document has, also in fields without a column, and with every digit', async () => {
  const [id] = idsOf(1, 'all statements') as [string]
  const exact = '"price":1234567890123456789.0123456789,"big":9007199254740993'
  await pair.indexText(id, 10, JSON.stringify({ ...source, timestamp: 10 }).replace(/}$/, `,${exact}}`))
  const { report, rejects } = await pair.sync(0, 100)
  expect(rejects).toEqual([])
  expect(report.written.cassandra).toBe(1)

  expect(await pair.row(id)).toMatchObject({ vint: 7, vstring: hostile })
  expect(await pair.label(id)).toBe(10)
  expect(await byName(id)).toMatchObject({ name: hostile, ts: 10, n: 7n, note: `100%; it's {fixed}` })
  const found = await extra(id)
  expect(found).toMatchObject({ ts: 10n, big: 9007199254740993n, tags: ['a', 'b'], gone: null, id_text: id })
  expect(String(found?.['Exact'])).toBe('1234567890123456789.0123456789')
  expect(await pinned(id)).toEqual({ v: hostile, time: 10n })
})

test('nothing runs again in a second window over the same versions', async () => {
  const [id] = idsOf(1, 'again') as [string]
  await pair.index(id, 20, source)
  await pair.sync(0, 100)
  await pair.cassandra.execute(`DELETE FROM extra WHERE did = ${id}`)
  expect(silent((await pair.sync(0, 100)).report)).toBe(true)
  expect(await extra(id)).toBeUndefined()
})

test('a row does not run it: it goes the other way', async () => {
  const [id] = idsOf(1, 'from a row') as [string]
  await pair.batch(id, 30, { vint: 1, vstring: 'row' })
  expect((await pair.sync(0, 100)).report.written).toEqual({ elasticsearch: 1, cassandra: 0 })
  expect(await extra(id)).toBeUndefined()
})

test('a newer version replaces what an older one left, and a field that is gone becomes null', async () => {
  const [id] = idsOf(1, 'newer') as [string]
  await pair.index(id, 40, { ...source, price: 1 })
  await pair.sync(0, 100)
  await pair.index(id, 41, { vstring: hostile, vint: 8 })
  await pair.sync(0, 100)
  expect(await byName(id)).toMatchObject({ ts: 41, n: 8n })
  expect(await extra(id)).toMatchObject({ ts: 41n, Exact: null, tags: null })
})

test('an older version that is written later overwrites nothing', async () => {
  const [id] = idsOf(1, 'older') as [string]
  const v = Math.floor(Date.now() / 1_000)
  await pair.index(id, v, { vstring: 'new', vint: 2 })
  await pair.sync(v, v + 1)
  // Another worker that read the older version before, and was stopped until now, writes what it had decided.
  const older = {
    id,
    version: v - 1,
    fields: new Map([['vstring', 'old']]),
    clear: 'all',
    writeTime: (v - 1) * 1e6,
  } as const
  const sources = new Map([[id, { vstring: 'old', timestamp: v - 1, labels: ['old'] }]])
  const signal = new AbortController().signal
  expect(await pair.pair.rows.writeRows([older], sources, () => true, signal)).toEqual([{ kind: 'written' }])
  expect(await extra(id)).toMatchObject({ ts: BigInt(v), tags: null })
  expect(await pair.row(id)).toMatchObject({ vstring: 'new', vint: 2 })
  expect(await pair.label(id)).toBe(v)
  expect(silent((await pair.sync(v, v + 1)).report)).toBe(true)
})

test('a record that its statements cannot take is set aside, and the others go through', async () => {
  const [good, mistyped, withoutKey] = idsOf(3, 'refused') as [string, string, string]
  await pair.index(good, 50, source)
  await pair.index(mistyped, 50, { ...source, big: 1.5 })
  await pair.index(withoutKey, 50, { vint: 1 })
  const { rejects } = await pair.sync(0, 100)
  expect(new Map(rejects.map(({ id, reason }) => [id, reason]))).toEqual(
    new Map([
      [mistyped, 'TYPE_MISMATCH'],
      [withoutKey, 'STATEMENT'],
    ]),
  )
  expect(rejects.find(({ id }) => id === mistyped)?.detail).toContain('"big"')
  expect(await extra(good)).toMatchObject({ ts: 50n })
})
