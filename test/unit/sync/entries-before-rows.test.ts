import { expect, test } from 'vitest'
import { idsOf } from '../../support/ids.js'
import { at, second, v0 } from '../../support/observations.js'
import { MemoryPair, turns } from './memory-pair.js'

const [id, other] = idsOf(2, 'entry') as [string, string]
const [from, to] = [v0, v0 + 10]

test('all entries are acknowledged before any row is sent', async () => {
  const store = new MemoryPair({ entriesPerRequest: 1, rowsPerRequest: 1 })
  for (const each of idsOf(5, 'before')) store.index(each, v0 + 1, { a: 1 })
  let acknowledge = (): void => {}
  store.onApplied = (kind, occurrence) => {
    if (kind === 'write-entries' && occurrence === 5) return new Promise<void>((resolve) => (acknowledge = resolve))
    return undefined
  }
  const run = store.sync(from, to)
  await turns()
  expect(store.writes).toEqual(Array.from({ length: 5 }, () => 'write-entries'))
  acknowledge()
  await run
  expect(store.count('write-rows')).toBe(5)
})

test('an entry that was not acknowledged keeps every row of its group back', async () => {
  const store = new MemoryPair()
  store.index(id, v0 + 1, { a: 1 })
  store.onApplied = (kind) => {
    if (kind === 'write-entries') throw new Error('no answer')
  }
  await expect(store.sync(from, to)).rejects.toThrow('no answer')
  expect(store.count('write-rows')).toBe(0)
})

test('an entry that was not sent in time keeps its row back, and no other', async () => {
  const store = new MemoryPair({ entriesPerRequest: 1 })
  store.index(id, v0 + 1, { a: 1 })
  store.index(other, v0 + 1, { a: 2 })
  let rowsAtFirst: unknown
  // The wall clock is set, and set right again: the second entry may not be sent, the rows after it may.
  store.onApplied = (kind, occurrence) => {
    if (kind === 'write-entries' && occurrence === 1) {
      let asked = 0
      const { now } = store.clock
      store.clock.now = () => now.call(store.clock) + ((asked += 1) === 1 ? 6 * second : 0)
    }
    if (kind === 'write-rows' && occurrence === 1) rowsAtFirst = [store.row(id), store.row(other)]
  }
  const { report } = await store.sync(from, to)
  expect(rowsAtFirst).toEqual([{ a: 1 }, undefined])
  expect(report).toMatchObject({ written: { cassandra: 2 }, ties: 0 })
  expect([store.labels(other), store.row(other)]).toEqual([[v0 + 1], { a: 2 }])
})

test('an entry is not written again where it is there already', async () => {
  const store = new MemoryPair()
  store.batch(id, v0 + 1, { a: 2 })
  store.index(id, v0 + 1, { a: 1 })
  await store.sync(from, to)
  expect([store.count('write-entries'), store.count('write-rows')]).toEqual([0, 1])
})

test('a crash between entry and row is completed by the next run', async () => {
  const store = new MemoryPair()
  store.index(id, v0 + 1, { a: 1 })
  store.onRequest = (kind) => {
    if (kind === 'write-rows') throw new Error('killed')
  }
  await expect(store.sync(from, to)).rejects.toThrow('killed')
  expect([store.labels(id), store.row(id)]).toEqual([[v0 + 1], undefined])
  store.onRequest = () => {}
  store.forget()
  expect((await store.sync(from, to)).report).toMatchObject({ written: { elasticsearch: 0, cassandra: 1 }, ties: 0 })
  expect([store.row(id), store.rows.rowOf(id)?.writeTime]).toEqual([{ a: 1 }, at(v0 + 1)])
  expect(store.count('write-entries')).toBe(0)
})

test.each([
  ['a time', v0, v0 + 1],
  // Here the cells do not tell that the row is still the old one.
  ['logical', 5, 6],
])('our own entry, seen again in the same run before its row was sent, is no tie (%s)', async (_, older, newer) => {
  const store = new MemoryPair()
  store.batch(id, older, { a: 1 }, at(v0))
  store.index(id, newer, { a: 2 })
  store.onApplied = (kind, occurrence) => {
    if (kind === 'write-entries' && occurrence === 1) store.clock.pass(6 * second)
  }
  const { report } = await store.sync(older, newer + 1)
  expect(report).toMatchObject({ written: { cassandra: 1 }, ties: 0 })
  expect([...new Set(store.labels(id))]).toEqual([older, newer])
  expect(store.count('write-rows')).toBe(1)
  expect(store.row(id)).toEqual({ a: 2 })
})

test('a tie whose row was not sent in time is still one tie', async () => {
  const store = new MemoryPair()
  store.batch(id, v0 + 1, { a: 1 })
  store.index(id, v0 + 1, { a: 2 })
  store.onRequest = (kind, occurrence) => {
    if (kind === 'read-rows' && occurrence === 1) store.clock.pass(6 * second)
  }
  const { report } = await store.sync(from, to)
  expect(report).toMatchObject({ written: { cassandra: 1 }, ties: 1 })
  expect(store.logged.filter(({ message }) => message.startsWith('tie'))).toMatchObject([{ fields: { id } }])
})
