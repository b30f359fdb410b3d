import { describe, expect, test } from 'vitest'
import { idsOf } from '../../support/ids.js'
import { at, v0 } from '../../support/observations.js'
import { MemoryPair } from './memory-pair.js'

const [id, other] = idsOf(2, 'audit') as [string, string]
const [from, to] = [v0, v0 + 10]
/** Ten minutes later. */
const later = v0 + 600

const audit = (store: MemoryPair) => store.sync(from, to, { audit: true })

describe('an audit', () => {
  test('carries a late row to Elasticsearch, which no window of that time would', async () => {
    const store = new MemoryPair({ now: at(later) })
    store.index(id, v0 - 100, { a: 1 })
    store.batch(id, v0 + 1, { a: 2 }, at(later - 60))
    const window = await store.sync(from, to, { tilesTime: true })
    expect(window.report.written).toEqual({ elasticsearch: 0, cassandra: 0 })
    expect((await audit(store)).report.written).toEqual({ elasticsearch: 1, cassandra: 0 })
    expect(store.document(id)).toMatchObject({ version: v0 + 1, source: { a: 2 } })
  })

  test('carries a late document to Cassandra', async () => {
    const store = new MemoryPair({ now: at(later) })
    store.batch(id, v0 - 100, { a: 1 })
    store.index(id, v0 + 1, { a: 2 })
    expect((await audit(store)).report.written).toEqual({ elasticsearch: 0, cassandra: 1 })
    expect(store.row(id)).toEqual({ a: 2 })
  })

  test('mends a row that a late write of an older version has covered', async () => {
    const store = new MemoryPair({ now: at(later) })
    store.index(id, v0 + 5, { a: 5 })
    store.batch(id, v0 + 5, { a: 5 })
    store.batch(id, v0 + 1, { a: 1 }, at(later - 60))
    await audit(store)
    expect(store.row(id)).toEqual({ a: 5 })
    expect(store.document(id)).toMatchObject({ version: v0 + 5 })
  })

  test('never writes an older document over a newer row whose entry lies beyond its look', async () => {
    const store = new MemoryPair({ now: at(later) })
    store.index(id, v0 + 5, { a: 5 })
    store.batch(id, v0 + 1, { a: 1 })
    // Written in its own time, and not yet carried to Elasticsearch.
    store.batch(id, later - 100, { a: 9 }, at(later - 100))
    await audit(store)
    expect(store.row(id)).toEqual({ a: 9 })
    expect(store.document(id)).toMatchObject({ version: v0 + 5 })
  })

  test('leaves what was written just now to the next one', async () => {
    const store = new MemoryPair({ now: at(later) })
    store.batch(id, v0 + 1, { a: 2 }, at(later - 5))
    expect((await audit(store)).report.written).toEqual({ elasticsearch: 0, cassandra: 0 })
    store.clock.pass(600_000_000)
    expect((await audit(store)).report.written.elasticsearch).toBe(1)
  })

  test('of what is in sync costs one look, and writes nothing; also where records were written again since', async () => {
    const store = new MemoryPair({ now: at(later) })
    for (const each of [id, other]) {
      store.index(each, v0 + 1, { a: 1 })
      store.batch(each, v0 + 1, { a: 1 })
    }
    store.index(other, later - 100, { a: 2 })
    store.batch(other, later - 100, { a: 2 }, at(later - 100))
    const before = store.state()
    await audit(store)
    expect(store.state()).toEqual(before)
    expect(store.count('read-entries')).toBe(1)
  })
})
