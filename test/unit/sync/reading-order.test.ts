import { expect, test } from 'vitest'
import { idsOf } from '../../support/ids.js'
import { at, second, v0 } from '../../support/observations.js'
import { MemoryPair, turns } from './memory-pair.js'

const [id, other] = idsOf(2, 'order') as [string, string]
const [from, to] = [v0, v0 + 10]

test('Elasticsearch is read first, then the entries, then the rows', async () => {
  const store = new MemoryPair()
  store.index(id, v0 + 1, { a: 1 })
  await store.sync(from, to)
  expect(store.requests.filter((kind) => kind !== 'page')).toEqual([
    'refresh',
    'open view',
    'read-entries',
    'read-rows',
    'write-entries',
    'write-rows',
  ])
})

test('the entries are read while the documents of the view are counted', async () => {
  const store = new MemoryPair()
  store.index(id, v0 + 1, { a: 1 })
  let answer = (): void => {}
  store.onRequest = (kind) => (kind === 'count' ? new Promise<void>((resolve) => (answer = resolve)) : undefined)
  const run = store.syncOrDivide(from, to, 20)
  await turns()
  expect(store.requests).toEqual(['refresh', 'open view', 'read-entries', 'count'])
  answer()
  expect(await run).toMatchObject({ report: { written: { cassandra: 1 } } })
})

test('the view of Elasticsearch is closed while what was read last is worked on', async () => {
  const store = new MemoryPair()
  store.index(id, v0 + 1, { a: 1 })
  let answer = (): void => {}
  store.onRequest = (kind) => (kind === 'read-rows' ? new Promise<void>((resolve) => (answer = resolve)) : undefined)
  const run = store.sync(from, to)
  await turns()
  expect([store.openViews, store.callsUnderWay]).toEqual([0, 1])
  answer()
  expect((await run).report.written.cassandra).toBe(1)
})

test('reading again what has changed keeps that order, with documents by id', async () => {
  const store = new MemoryPair()
  store.index(id, v0 + 2, { a: 1 })
  store.batch(id, v0 + 1, { a: 2 }, at(v0 + 2, 0.5))
  store.onApplied = (kind, occurrence) => {
    if (kind === 'read-rows' && occurrence === 1) store.batch(id, v0 + 3, { a: 3 })
  }
  await store.sync(from, to)
  const again = store.requests.slice(store.requests.indexOf('get'))
  expect(again).toEqual(['get', 'read-entries', 'read-rows', 'bulk'])
})

test('reading again what came too late asks for documents and rows, and knows the entries', async () => {
  const store = new MemoryPair()
  store.index(id, v0 + 1, { a: 1 })
  store.onRequest = (kind, occurrence) => {
    if (kind === 'read-rows' && occurrence === 1) store.clock.pass(6 * second)
  }
  await store.sync(from, to)
  const again = store.requests.slice(store.requests.indexOf('get'))
  expect(again).toEqual(['get', 'read-rows', 'write-entries', 'write-rows'])
})

test('what is to be written over something after a late reading is looked at all the same', async () => {
  const store = new MemoryPair()
  store.index(id, v0 + 2, { a: 1 })
  store.batch(id, v0 + 1, { a: 2 }, at(v0 + 2, 0.5))
  store.onRequest = (kind, occurrence) => {
    if (kind === 'read-rows' && occurrence === 1) store.clock.pass(6 * second)
    // Only now, when the only look is long past.
    if (kind === 'get') store.batch(id, v0 + 3, { a: 3 })
  }
  await store.sync(from, to)
  expect(store.document(id)).toMatchObject({ version: v0 + 3, source: { a: 3 } })
  expect(store.row(id)).toEqual({ a: 3 })
})

test('a document that arrives after the view was opened is left to the windows that read later', async () => {
  const store = new MemoryPair()
  store.onRequest = (kind) => {
    if (kind === 'read-entries') store.index(id, v0 + 1, { a: 1 })
  }
  expect((await store.sync(from, to)).report.read).toEqual({ elasticsearch: 0, cassandra: 0 })
  expect(store.row(id)).toBeUndefined()
  await store.sync(from, to)
  expect(store.row(id)).toEqual({ a: 1 })
})

test('content that arrives between entries and rows goes under the older label, and its own entry carries it on', async () => {
  const store = new MemoryPair()
  store.batch(id, v0 + 1, { a: 1 })
  store.onRequest = (kind, occurrence) => {
    if (kind === 'read-rows' && occurrence === 1) store.batch(id, v0 + 5, { a: 5 })
  }
  await store.sync(from, to)
  // Had the rows been read before the entries, old content could stand under the new label for ever.
  expect(store.document(id)).toEqual({ version: v0 + 1, source: { a: 5, timestamp: v0 + 1 } })
  await store.sync(from, to)
  expect(store.document(id)).toEqual({ version: v0 + 5, source: { a: 5, timestamp: v0 + 5 } })
})

test.each([
  ['at the end of the window', to, {}, 0],
  ['beyond the end of the window', to + 500, {}, 0],
  // Such a look ends before the entry, and the row tells the same.
  ['beyond the end of the look', to + 500, { tilesTime: true }, 1],
])('an entry %s leaves its record to a later window, on both sides', async (_, later, options, labelled) => {
  const store = new MemoryPair({ now: at(to + 530) })
  store.index(id, v0 + 1, { a: 1 })
  store.batch(id, v0 + 2, { a: 2 })
  store.batch(id, later, { a: 9 })
  store.index(other, v0 + 1, { a: 1 })
  const { report } = await store.sync(from, to, options)
  expect(report).toMatchObject({
    written: { elasticsearch: 0, cassandra: 1 },
    read: { elasticsearch: 2, cassandra: labelled },
  })
  expect(store.document(id)).toMatchObject({ version: v0 + 1 })
  expect(store.row(id)).toEqual({ a: 9 })
  await store.sync(later, later + 1)
  expect(store.document(id)).toEqual({ version: later, source: { a: 9, timestamp: later } })
})

test('a client whose clock runs ahead of ours is seen by the look, which ends nowhere', async () => {
  const store = new MemoryPair()
  store.index(id, v0 + 1, { a: 1 })
  // Its cells have the time of the server: by them alone, the row could be taken for older than the document.
  store.batch(id, v0 + 90, { a: 9 }, at(v0 + 1, 0.5))
  const { report } = await store.sync(from, to)
  expect(report).toMatchObject({ unlabelled: 0, written: { elasticsearch: 0, cassandra: 0 } })
  expect(store.row(id)).toEqual({ a: 9 })
})

test('both sides are read from the overlap before the window on', async () => {
  const store = new MemoryPair()
  const [a, b, c, d] = idsOf(4, 'late') as [string, string, string, string]
  store.index(a, from - 20, { a: 1 })
  store.batch(b, from - 20, { a: 2 })
  store.index(c, from - 21, { a: 3 })
  store.batch(d, from - 21, { a: 4 })
  const { report } = await store.sync(from, to)
  expect(report.read).toEqual({ elasticsearch: 1, cassandra: 1 })
  expect([store.row(a), store.document(b)?.source['a']]).toEqual([{ a: 1 }, 2])
  expect([store.row(c), store.document(d)]).toEqual([undefined, undefined])
})
