import { expect, test } from 'vitest'
import type { Direction } from '../../../src/core/rules.js'
import { idsOf } from '../../support/ids.js'
import { v0 } from '../../support/observations.js'
import { MemoryPair } from './memory-pair.js'

const [onlyRow, onlyDocument, newerRow, newerDocument, tied, misfit] = idsOf(6, 'ways') as [
  string,
  string,
  string,
  string,
  string,
  string,
]

const stores = (direction: Direction): MemoryPair => {
  const store = new MemoryPair({ rules: { direction } })
  store.batch(onlyRow, v0 + 1, { a: 1 })
  store.index(onlyDocument, v0 + 1, { a: 2 })
  store.index(newerRow, v0 + 1, { a: 3 })
  store.batch(newerRow, v0 + 5, { a: 4 })
  store.batch(newerDocument, v0 + 1, { a: 5 })
  store.index(newerDocument, v0 + 5, { a: 6 })
  store.batch(tied, v0 + 1, { a: 7 })
  store.index(tied, v0 + 1, { a: 8 })
  store.index(misfit, v0 + 1, { a: 'seven' })
  return store
}

test('to Elasticsearch only, Cassandra is never written and its misfits are no concern', async () => {
  const store = stores('to-elasticsearch')
  const { report } = await store.sync(v0, v0 + 10)
  expect(report).toMatchObject({ written: { elasticsearch: 2, cassandra: 0 }, ties: 0, rejected: 0 })
  expect(new Set(store.writes)).toEqual(new Set(['bulk']))
  expect([store.document(onlyRow)?.source['a'], store.document(newerRow)?.source['a']]).toEqual([1, 4])
  store.forget()
  await store.sync(v0, v0 + 10)
  expect(store.writes).toEqual([])
})

test('to Cassandra only, Elasticsearch is never written', async () => {
  const store = stores('to-cassandra')
  const { report } = await store.sync(v0, v0 + 10)
  expect(report).toMatchObject({ written: { elasticsearch: 0, cassandra: 3 }, ties: 1, rejected: 1 })
  expect(store.count('bulk')).toBe(0)
  expect([store.row(onlyDocument), store.row(newerDocument), store.row(tied)]).toEqual([{ a: 2 }, { a: 6 }, { a: 8 }])
  expect([store.row(newerRow), store.document(newerRow)?.version]).toEqual([{ a: 4 }, v0 + 1])
  store.forget()
  await store.sync(v0, v0 + 10)
  expect(store.writes).toEqual([])
})
