import { describe, expect, test } from 'vitest'
import { idsOf } from '../../support/ids.js'
import { at, v0 } from '../../support/observations.js'
import { MemoryPair } from './memory-pair.js'

const [id] = idsOf(1, 'count') as [string]
const [from, to] = [v0, v0 + 10]

test('a record that another run wrote meanwhile is superseded, which is success', async () => {
  const store = new MemoryPair()
  store.batch(id, v0 + 1, { a: 1 })
  store.onRequest = (kind) => {
    if (kind === 'bulk') store.index(id, v0 + 1, { a: 1 })
  }
  const { report } = await store.sync(from, to)
  expect(report).toMatchObject({ superseded: 1, written: { elasticsearch: 0, cassandra: 0 }, ties: 0 })
})

describe('what is not there is never a delete', () => {
  test('an entry whose row is not visible yet is held', async () => {
    const store = new MemoryPair({ now: at(v0, 12) })
    store.index(id, v0, { a: 1 })
    store.rows.putEntry(id, v0 + 1)
    expect((await store.sync(from, to)).report).toMatchObject({ held: 1, orphaned: 0 })
    expect(store.writes).toEqual([])
    store.putRow(id, { a: 2 }, at(v0 + 1, 0.4))
    await store.sync(from, to)
    expect(store.document(id)).toMatchObject({ version: v0 + 1, source: { a: 2 } })
  })

  test('an entry whose row never came is orphaned and deletes nothing', async () => {
    const store = new MemoryPair()
    store.index(id, v0, { a: 1 })
    store.rows.putEntry(id, v0 + 1)
    expect((await store.sync(from, to)).report).toMatchObject({ held: 0, orphaned: 1 })
    expect(store.document(id)?.version).toBe(v0)
  })

  test('a document that is gone comes back from its row', async () => {
    const store = new MemoryPair()
    store.index(id, v0 + 1, { a: 1 })
    await store.sync(from, to)
    store.documents.delete(id)
    store.documents.forgetTombstones()
    expect((await store.sync(from, to)).report.written).toEqual({ elasticsearch: 1, cassandra: 0 })
    expect(store.document(id)).toEqual({ version: v0 + 1, source: { a: 1, timestamp: v0 + 1 } })
  })
})

test('torn content is held until it cannot be torn any more, and only then believed', async () => {
  const store = new MemoryPair({ now: at(v0 + 1, 9) })
  store.batch(id, v0 - 30, { a: 'old'.length })
  store.rows.putEntry(id, v0 + 1)
  expect((await store.sync(from, to)).report).toMatchObject({ held: 1 })
  expect(store.document(id)).toBeUndefined()
  store.clock.pass(1_000_000)
  expect((await store.sync(from, to)).report).toMatchObject({ held: 0, written: { elasticsearch: 1 } })
  expect(store.document(id)?.version).toBe(v0 + 1)
})

test('a row that is newer than the document but has no entry is counted, logged and left alone', async () => {
  const store = new MemoryPair()
  store.index(id, v0 + 1, { a: 1 })
  store.putRow(id, { a: 2 }, at(v0 + 30))
  expect((await store.sync(from, to)).report).toMatchObject({
    unlabelled: 1,
    written: { elasticsearch: 0, cassandra: 0 },
  })
  expect(store.logged).toMatchObject([{ level: 'warn', fields: { id, pair: 'movies' } }])
  expect(store.row(id)).toEqual({ a: 2 })
})

test('a dry run reads and counts as a run would, and writes nothing', async () => {
  const [row, document, tied] = idsOf(3, 'dry') as [string, string, string]
  const store = new MemoryPair()
  store.batch(row, v0 + 1, { a: 1 })
  store.index(document, v0 + 1, { a: 2 })
  store.batch(tied, v0 + 1, { a: 3 })
  store.index(tied, v0 + 1, { a: 4 })
  const dry = (await store.sync(from, to, { dryRun: true })).report
  expect(store.writes).toEqual([])
  const wet = (await store.sync(from, to)).report
  expect(dry).toEqual(wet)
  expect(wet).toMatchObject({ pair: 'movies', from, to, written: { elasticsearch: 1, cassandra: 2 }, ties: 1 })
})

test('a report says how long the run took, in milliseconds of the clock that never steps', async () => {
  const store = new MemoryPair()
  store.index(id, v0 + 1, { a: 1 })
  store.onRequest = (kind) => {
    if (kind === 'page') store.clock.pass(250_000)
    if (kind === 'write-rows') store.clock.step(-3_000_000)
  }
  expect((await store.sync(from, to)).report.durationMs).toBe(250)
})
