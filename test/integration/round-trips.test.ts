/** How many requests 1,000 records take, each way and where nothing is to be done: counts, not times. */
import cassandra from 'cassandra-driver'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi, type MockInstance } from 'vitest'
import { syncOrDivide } from '../../src/sync/sync-window.js'
import { idsOf } from '../support/ids.js'
import { openPair, type PairFixture } from '../support/pair-fixture.js'

let pair: PairFixture
let statements: readonly MockInstance[]
let requests = 0
const countRequest = (): void => void (requests += 1)

beforeAll(async () => {
  pair = await openPair()
  pair.elasticsearch.diagnostic.on('request', countRequest)
})
afterAll(() => pair.close())
beforeEach(() => {
  statements = (['execute', 'batch'] as const).map((name) => vi.spyOn(cassandra.Client.prototype, name))
})
afterEach(() => vi.restoreAllMocks())

const records = 1_000
const from = Math.floor(Date.now() / 1_000) - 130

/** A window of a minute. */
const counted = async (written: { readonly elasticsearch: number; readonly cassandra: number }, start = from) => {
  const window = { from: start, to: start + 60 }
  for (const each of statements) each.mockClear()
  requests = 0
  const options = { signal: new AbortController().signal, tilesTime: true }
  const outcome = await syncOrDivide(pair.pair, window, 20_000, options)
  expect(outcome).toMatchObject({ report: { written } })
  const [executed, batched] = statements.map((each) => each.mock.calls.length)
  return { elasticsearch: requests, reads: executed, batches: batched }
}

/** The mapping, a refresh, the point in time that is opened, the sums of versions, the point in time that is closed. */
const toOpen = 5
/** The first page is small, as nothing is known of the documents. */
const pages = 2
/** A hundred ids in one statement, and one page of entries. */
const reads = records / 100 + 1

test('1,000 documents to Cassandra: a hundred rows a read, a hundred entries and ten rows a batch', async () => {
  const ids = idsOf(records, 'documents')
  await pair.elasticsearch.bulk({
    operations: ids.flatMap((id, at) => [
      { index: { _index: pair.name, _id: id, version: from + (at % 60), version_type: 'external' } },
      { timestamp: from + (at % 60), vint: at, vstring: `record ${at}` },
    ]),
  })
  const made = await counted({ elasticsearch: 0, cassandra: records })
  expect(made.elasticsearch).toBeLessThanOrEqual(toOpen + pages)
  expect(made.reads).toBeLessThanOrEqual(reads)
  expect(made.batches).toBeLessThanOrEqual(records / 100 + records / 10)
})

test('where both sides are equal nothing but reads is sent', async () => {
  const made = await counted({ elasticsearch: 0, cassandra: 0 })
  expect(made.elasticsearch).toBeLessThanOrEqual(toOpen + pages)
  expect(made.reads).toBeLessThanOrEqual(reads)
  expect(made.batches).toBe(0)
})

test('where there are no records nothing is asked for them', async () => {
  const made = await counted({ elasticsearch: 0, cassandra: 0 }, from - 100_000)
  expect(made).toEqual({ elasticsearch: toOpen, reads: 1, batches: 0 })
})

test('1,000 rows to Elasticsearch: a hundred rows a read, a thousand documents a request', async () => {
  const ids = idsOf(records, 'rows')
  await Promise.all(ids.map((id, at) => pair.batch(id, from + 60 + (at % 60), { vint: at, vstring: `record ${at}` })))
  const made = await counted({ elasticsearch: records, cassandra: 0 }, from + 60)
  // They are one request, for which the mapping is read once more.
  expect(made.elasticsearch).toBeLessThanOrEqual(toOpen + pages + 2)
  // Those of the window before that lie in the overlap, a third, are read again.
  expect(made.reads).toBeLessThanOrEqual(reads + Math.ceil(records / 300))
  expect(made.batches).toBe(0)
})
