import { expect, test } from 'vitest'
import { idsOf } from '../../support/ids.js'
import { at, second, v0 } from '../../support/observations.js'
import { MemoryPair } from './memory-pair.js'

const [id] = idsOf(1, 'replace') as [string]
const [from, to] = [v0, v0 + 10]

test('a field that the newer document lacks becomes null in the row', async () => {
  const store = new MemoryPair()
  store.batch(id, v0 + 1, { a: 1, b: 'x' })
  store.index(id, v0 + 5, { a: 2 })
  await store.sync(from, to)
  expect(store.row(id)).toEqual({ a: 2 })
})

test('a value that the newer row lacks leaves the document', async () => {
  const store = new MemoryPair()
  store.index(id, v0 + 1, { a: 1, b: 'x' })
  store.batch(id, v0 + 5, { a: 2, b: null })
  await store.sync(from, to)
  expect(store.document(id)).toEqual({ version: v0 + 5, source: { a: 2, timestamp: v0 + 5 } })
})

test('what is not mirrored survives on its own side, in both directions', async () => {
  const store = new MemoryPair()
  store.batch(id, v0 + 1, { a: 1, internal: 'of the row' })
  store.index(id, v0 + 3, { a: 3, other: { deep: ['of the document'] } })
  await store.sync(from, to)
  expect(store.rowWrites.map(({ fields, clear }) => ({ fields: [...fields], clear }))).toEqual([
    { fields: [['a', 3]], clear: new Set() },
  ])
  store.batch(id, v0 + 5, { a: 5 })
  await store.sync(from, to)
  expect(store.document(id)).toEqual({
    version: v0 + 5,
    source: { a: 5, other: { deep: ['of the document'] }, timestamp: v0 + 5 },
  })
})

test('nulls are written only where the row has a value, so that no tombstone stands for nothing', async () => {
  const store = new MemoryPair()
  store.batch(id, v0 + 1, { a: 1 })
  store.index(id, v0 + 5, { a: 2 })
  await store.sync(from, to)
  // Had a null been written, it would hide this older cell.
  store.putRow(id, { b: 'older' }, at(v0 + 2))
  expect(store.row(id)).toEqual({ a: 2, b: 'older' })
})

test('with nulls always, a write of the replaced state that lands later stays hidden', async () => {
  const store = new MemoryPair({ rules: { nulls: 'always' } })
  store.batch(id, v0 + 1, { a: 1 })
  store.index(id, v0 + 5, { a: 2 })
  await store.sync(from, to)
  store.putRow(id, { b: 'older' }, at(v0 + 2))
  expect(store.row(id)).toEqual({ a: 2 })
})

test('under logical versions nulls are always written', async () => {
  const store = new MemoryPair()
  const written = store.clock.now() - 9 * second
  store.batch(id, 10, { a: 1 }, written)
  store.index(id, 11, { a: 2 })
  await store.sync(0, 100)
  store.putRow(id, { b: 'older' }, written)
  expect(store.row(id)).toEqual({ a: 2 })
})

test('nulls that a client wrote under the same version are outbid at once, and stay so', async () => {
  const store = new MemoryPair()
  store.batch(id, v0 + 1, { a: 1 })
  // Where it was written cannot be read: no cell of the row is as new.
  store.putRow(id, { b: null }, at(v0 + 1, 3))
  store.index(id, v0 + 1, { a: 1, b: 'x' })
  await store.sync(from, to)
  expect(store.row(id)).toEqual({ a: 1, b: 'x' })
  store.forget()
  await store.sync(from, to)
  expect(store.writes).toEqual([])
})
