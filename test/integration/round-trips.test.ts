/** How many requests 1,000 records take, each way and where nothing is to be done: counts, not times. */
import cassandra from 'cassandra-driver'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi, type MockInstance } from 'vitest'
import { cutSequence, splitRing, type RunPart } from '../../src/core/run-part.js'
import { unhurried } from '../../src/sync/pace.js'
import { forEverything } from '../../src/sync/pair.js'
import { openRunLabels } from '../../src/sync/run-labels.js'
import { syncPart } from '../../src/sync/sync-part.js'
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

const { signal } = new AbortController()

const counting = async (work: () => Promise<void>) => {
  for (const each of statements) each.mockClear()
  requests = 0
  await work()
  const [executed, batched] = statements.map((each) => each.mock.calls.length)
  return { elasticsearch: requests, reads: executed, batches: batched }
}

/** A window of a minute. */
const counted = (written: { readonly elasticsearch: number; readonly cassandra: number }, start = from) =>
  counting(async () => {
    const window = { from: start, to: start + 60 }
    const outcome = await syncOrDivide(pair.pair, window, 20_000, { signal, tilesTime: true })
    expect(outcome).toMatchObject({ report: { written } })
  })

/** Entries of times that may have come since the one before, and those of counters. */
const look = 2
/** A part of a copy of everything: all of one side. */
const countedPart = async (part: RunPart, read: number) => {
  const everything = forEverything(pair.pair)
  const labels = await openRunLabels(everything, 0, signal)
  return counting(async () => {
    const { result } = await syncPart(everything, labels, part, { dryRun: false, pace: unhurried, signal })
    expect(result).toMatchObject({ read, written: { elasticsearch: 0, cassandra: 0 }, left: 0 })
  })
}

/** The mapping, a refresh, the point in time that is opened, the sums of versions, the point in time that is closed. */
const toOpen = 5
/** The first page is small, as nothing is known of the documents. */
const pages = 2
/** A hundred ids in one statement, and one page of entries. */
const reads = records / 100 + 1

test('1,000 documents to Cassandra: a hundred rows a read, five hundred entries and ten rows a batch', async () => {
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
  expect(made.batches).toBeLessThanOrEqual(records / 500 + pages + records / 10)
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

test('2,000 rows of a copy in one stretch, and their documents by their ids, a thousand a request', async () => {
  const made = await countedPart(splitRing(1)[0]!, 2 * records)
  expect(made.elasticsearch).toBeLessThanOrEqual(2)
  // Their ids, and pages of rows, of which the first is small.
  expect(made.reads).toBeLessThanOrEqual(2 + look + 4)
  expect(made.batches).toBe(0)
})

test('2,000 documents of a copy in pages, and not one by its id', async () => {
  const made = await countedPart(cutSequence([])[0]!, 2 * records)
  // The mapping, a refresh, the point in time, which is closed as well, and its pages.
  expect(made.elasticsearch).toBeLessThanOrEqual(4 + 3)
  expect(made.reads).toBeLessThanOrEqual((2 * records) / 100 + look)
  expect(made.batches).toBe(0)
})
