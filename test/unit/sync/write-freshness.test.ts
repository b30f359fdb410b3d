import { expect, test } from 'vitest'
import { idsOf } from '../../support/ids.js'
import { at, second, v0 } from '../../support/observations.js'
import { MemoryPair, type MemoryPairOptions } from './memory-pair.js'

const [id, other] = idsOf(2, 'fresh') as [string, string]
const [from, to] = [v0, v0 + 10]

/** One record to copy each way. */
const bothWays = (options: MemoryPairOptions = {}): MemoryPair => {
  const store = new MemoryPair(options)
  store.index(id, v0 + 1, { a: 1 })
  store.batch(other, v0 + 2, { a: 2 })
  return store
}

test.each([
  ['time went by', (store: MemoryPair) => store.clock.pass(6 * second)],
  ['the wall clock was set forward', (store: MemoryPair) => store.clock.step(6 * second)],
  ['the wall clock was set back', (store: MemoryPair) => store.clock.step(-6 * second)],
  [
    'time went by and the wall clock was set back by as much',
    (store: MemoryPair) => {
      store.clock.pass(6 * second)
      store.clock.step(-6 * second)
    },
  ],
])('when %s between reading and writing, nothing is sent and everything is read again', async (_, interfere) => {
  const store = bothWays()
  let sentBefore: unknown
  store.onRequest = (kind, occurrence) => {
    if (kind === 'read-rows' && occurrence === 2) interfere(store)
    if (kind === 'get' && occurrence === 1) sentBefore = store.writes
  }
  const { report } = await store.sync(from, to)
  expect(sentBefore).toEqual([])
  expect(report.written).toEqual({ elasticsearch: 1, cassandra: 1 })
  expect(store.count('get')).toBeGreaterThan(0)
  expect(store.row(id)).toEqual({ a: 1 })
  expect(store.document(other)).toMatchObject({ version: v0 + 2 })
})

test('what came while the sync slept is not overwritten', async () => {
  const store = new MemoryPair()
  // Nulls hidden under the row: the write would go far above it, over everything that comes meanwhile.
  store.index(id, v0 + 1, { a: 1, b: 'x' })
  store.batch(id, v0 + 1, { a: 1 })
  store.onApplied = (kind, occurrence) => {
    if (kind !== 'read-entries' || occurrence !== 2) return
    store.clock.pass(8 * second)
    store.batch(id, v0 + 5, { a: 5 })
  }
  await store.sync(from, to)
  expect(store.row(id)).toEqual({ a: 5 })
  expect(store.document(id)).toEqual({ version: v0 + 5, source: { a: 5, timestamp: v0 + 5 } })
})

test('stores that are always too slow fail the window, and nothing stale was sent', async () => {
  const store = bothWays()
  store.onRequest = (kind) => {
    if (kind === 'read-rows') store.clock.pass(6 * second)
  }
  await expect(store.sync(from, to)).rejects.toMatchObject({ code: 'CAES_WINDOW_TOO_SLOW', where: expect.any(String) })
  expect(store.writes).toEqual([])
  expect(store.openViews).toBe(0)
  // One chunk of documents and one of entries, six rounds each.
  expect(store.count('read-rows')).toBeLessThanOrEqual(12)
})

test('what is too much for slow stores at once goes through in smaller parts', async () => {
  const store = new MemoryPair({ rowsPerRequest: 100 })
  for (const each of idsOf(2_000, 'slow')) store.index(each, v0 + 1, { a: 1 })
  store.onRequest = (kind) => {
    // Twenty requests of these are longer than a reading stays fresh.
    if (kind === 'read-rows') store.clock.pass(0.4 * second)
  }
  const { report } = await store.sync(from, to)
  expect(report).toMatchObject({ written: { elasticsearch: 0, cassandra: 2_000 }, ties: 0, unchanged: 0 })
})

test('the age counts from before the first request of a reading, not from its end', async () => {
  for (const slow of ['get', 'read-entries'] as const) {
    const store = new MemoryPair()
    store.index(id, v0 + 2, { a: 1 })
    store.batch(id, v0 + 1, { a: 2 }, at(v0 + 2, 0.5))
    let sent: unknown
    store.onRequest = (kind, occurrence) => {
      if (kind === 'read-rows' && occurrence === 1) store.clock.pass(6 * second)
      if (kind === slow && occurrence === (slow === 'get' ? 1 : 3)) store.clock.pass(6 * second)
      if (kind === 'get' && occurrence === 2) sent = store.writes
    }
    await store.sync(from, to)
    expect(sent).toEqual([])
    expect(store.row(id)).toEqual({ a: 1 })
  }
})

test('opening the view counts towards the age of the reading that rests on it', async () => {
  const store = new MemoryPair()
  store.index(id, v0 + 1, { a: 1 })
  store.onRequest = (kind) => {
    if (kind === 'refresh') store.clock.pass(6 * second)
  }
  await store.sync(from, to)
  expect(store.requests.indexOf('get')).toBeGreaterThan(0)
  expect(store.requests.indexOf('get')).toBeLessThan(store.requests.indexOf('read-rows'))
})

test('a chunk does not start from a reading that has used up half of its time', async () => {
  for (const [waited, anew] of [
    [2.5 * second, 0],
    [2.6 * second, 1],
  ] as const) {
    const store = new MemoryPair()
    store.index(id, v0 + 1, { a: 1 })
    store.onRequest = (kind) => {
      if (kind === 'page') store.clock.pass(waited)
    }
    await store.sync(from, to)
    expect(store.count('get')).toBe(anew)
    expect(store.row(id)).toEqual({ a: 1 })
  }
})

test('only what was not sent in time is read again, and each record is counted once', async () => {
  const ids = idsOf(3, 'partly')
  const store = new MemoryPair({ rowsPerRequest: 1 })
  for (const each of ids) store.index(each, v0 + 1, { a: 1 })
  store.onRequest = (kind, occurrence) => {
    if (kind === 'write-rows' && occurrence === 1) store.clock.pass(6 * second)
  }
  const { report } = await store.sync(from, to)
  expect(report).toMatchObject({ written: { cassandra: 3 }, ties: 0, unchanged: 0, superseded: 0 })
  expect(store.calls.filter(({ method }) => method === 'get documents').map(({ ids: named }) => named)).toEqual([
    ids.slice(1),
  ])
})
