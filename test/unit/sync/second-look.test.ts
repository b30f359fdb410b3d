import { expect, test } from 'vitest'
import { idsOf } from '../../support/ids.js'
import { at, v0 } from '../../support/observations.js'
import { MemoryPair } from './memory-pair.js'

const [id, other] = idsOf(2, 'look') as [string, string]
const [from, to] = [v0, v0 + 10]

/** Both sides at one version with different content: a write over the row's cells. */
const tie = (store: MemoryPair, of = id): void => {
  store.index(of, v0 + 1, { a: 1, b: 'document' })
  store.batch(of, v0 + 1, { a: 2, b: 'row' })
}

test('an entry that appears after the rows were read has its record read again instead of overwritten', async () => {
  const store = new MemoryPair()
  tie(store)
  store.onApplied = (kind, occurrence) => {
    if (kind === 'read-rows' && occurrence === 1) store.batch(id, v0 + 3, { a: 3 })
  }
  const { report } = await store.sync(from, to)
  expect(report).toMatchObject({ written: { elasticsearch: 1, cassandra: 0 }, ties: 0 })
  expect(store.row(id)).toEqual({ a: 3, b: 'row' })
  expect(store.document(id)).toEqual({ version: v0 + 3, source: { a: 3, b: 'row', timestamp: v0 + 3 } })
})

test('one that belongs to a later window leaves the record to it', async () => {
  const store = new MemoryPair()
  tie(store)
  store.onApplied = (kind, occurrence) => {
    if (kind === 'read-rows' && occurrence === 1) store.batch(id, to, { a: 3 })
  }
  await store.sync(from, to)
  expect(store.writes).toEqual([])
  expect(store.row(id)).toEqual({ a: 3, b: 'row' })
})

test('records whose labels stood still are written although others moved', async () => {
  const store = new MemoryPair()
  tie(store)
  tie(store, other)
  store.onApplied = (kind, occurrence) => {
    if (kind === 'read-rows' && occurrence === 1) store.batch(id, to, { a: 3 })
  }
  expect((await store.sync(from, to)).report).toMatchObject({ ties: 1, written: { cassandra: 1 } })
  expect(store.row(other)).toEqual({ a: 1, b: 'document' })
})

test('one second look is shared by all records of a chunk', async () => {
  const store = new MemoryPair()
  for (const each of idsOf(300, 'shared')) tie(store, each)
  const { report } = await store.sync(from, to)
  expect(report.ties).toBe(300)
  expect(store.count('read-entries')).toBe(2)
})

test('writes that go over nothing take no second look', async () => {
  const store = new MemoryPair()
  store.index(id, v0 + 1, { a: 1 })
  store.index(other, v0 + 5, { a: 1 })
  store.batch(other, v0 + 2, { a: 2 })
  expect((await store.sync(from, to)).report.written.cassandra).toBe(2)
  expect(store.count('read-entries')).toBe(1)
})

test('a label that moves in every round fails the window', async () => {
  const store = new MemoryPair()
  store.index(id, v0 + 9, { a: 1 })
  store.batch(id, v0, { a: 2 }, at(v0 + 9, 0.5))
  store.onApplied = (kind, occurrence) => {
    if (kind === 'read-rows') store.rows.putEntry(id, v0 + occurrence)
  }
  await expect(store.sync(from, to)).rejects.toMatchObject({ code: 'CAES_WINDOW_TOO_SLOW' })
  expect(store.writes).toEqual([])
})
