import { expect, test } from 'vitest'
import { idsOf } from '../../support/ids.js'
import { at, v0 } from '../../support/observations.js'
import { MemoryPair } from './memory-pair.js'

const [one, two, three] = idsOf(3, 'record') as [string, string, string]

const idsRead = (store: MemoryPair, method: 'read values' | 'read rows'): string[] =>
  store.calls.filter((call) => call.method === method).flatMap(({ ids }) => ids)

/** The same on both sides, under one version. */
const both = (store: MemoryPair, id: string, version: number): void => {
  store.index(id, version, { a: 1 })
  store.batch(id, version, { a: 1 })
}

test('rows that are in sync are read without their write times, and only once', async () => {
  const store = new MemoryPair()
  both(store, one, v0 + 1)
  both(store, two, v0 + 2)
  const { report } = await store.sync(v0, v0 + 10)
  expect(report).toMatchObject({ unchanged: 2, written: { elasticsearch: 0, cassandra: 0 } })
  expect(idsRead(store, 'read values').toSorted()).toEqual([one, two].toSorted())
  expect(idsRead(store, 'read rows')).toEqual([])
})

test('what turns out to differ is read again with its write times, which decide what is written over it', async () => {
  const store = new MemoryPair()
  both(store, one, v0 + 1)
  store.index(two, v0 + 2, { a: 2 })
  store.batch(two, v0 + 2, { a: 1 })
  const { writeTime } = store.rows.rowOf(two)!
  const { report } = await store.sync(v0, v0 + 10)
  expect(report).toMatchObject({ unchanged: 1, ties: 1, written: { elasticsearch: 0, cassandra: 1 } })
  expect(idsRead(store, 'read rows')).toEqual([two])
  expect(store.row(two)).toEqual({ a: 2 })
  expect(store.rows.rowOf(two)!.writeTime).toBe(writeTime! + 1)
})

test('a row whose entry tells another version is read with its write times at once', async () => {
  const store = new MemoryPair()
  store.index(one, v0 + 1, { a: 1 })
  store.batch(one, v0 + 2, { a: 1 })
  store.index(two, v0 + 3, { a: 1 })
  store.batch(three, v0 + 3, { a: 1 })
  await store.sync(v0, v0 + 10)
  expect(idsRead(store, 'read values')).toEqual([])
  expect(idsRead(store, 'read rows').toSorted()).toEqual([one, two, three].toSorted())
})

test('where cells carry versions a row is never taken for its entry', async () => {
  const store = new MemoryPair({ rules: { labels: 'write-times' } })
  store.index(one, v0 + 1, { a: 1 })
  store.rows.putEntry(one, v0 + 1)
  // A write without an entry.
  store.putRow(one, { a: 1 }, at(v0 + 2))
  await store.sync(v0, v0 + 10)
  expect(idsRead(store, 'read values')).toEqual([])
  expect(store.document(one)?.version).toBe(v0 + 2)
})
