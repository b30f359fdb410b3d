import { describe, expect, test } from 'vitest'
import { maxRejectsKept } from '../../../src/core/report.js'
import { Tally } from '../../../src/sync/tally.js'
import type { Pair } from '../../../src/sync/pair.js'
import { syncWindow } from '../../../src/sync/sync-window.js'
import { idsOf } from '../../support/ids.js'
import { second, v0 } from '../../support/observations.js'
import { MemoryPair } from './memory-pair.js'
import { id, rejectCases, type RejectCase } from './reject-cases.js'

const [good, goodRow] = idsOf(2, 'good') as [string, string]
const [from, to] = [v0, v0 + 10]

/** The spoiled record between two good ones. */
const opened = ({ spoil, change = (pair) => pair, ...options }: RejectCase): { store: MemoryPair; pair: Pair } => {
  const store = new MemoryPair(options)
  store.index(good, v0 + 1, { a: 1 })
  spoil?.(store)
  store.batch(goodRow, v0 + 2, { a: 2 })
  return { store, pair: change(store.pair) }
}
const run = (pair: Pair, dryRun = false) =>
  syncWindow(pair, { from, to }, { signal: new AbortController().signal, dryRun })

describe.each(rejectCases.map((each) => [each.record, each] as const))('%s', (_, each) => {
  const { reason, side, detail } = each

  test('is set aside with its reason, counted and logged once, and lets all others pass', async () => {
    const { store, pair } = opened(each)
    const { report, rejects } = await run(pair)
    expect(rejects).toMatchObject([{ id: each.at ?? id, side, reason, detail: expect.stringMatching(detail) }])
    expect(report).toMatchObject({ rejected: 1, written: { elasticsearch: 1, cassandra: 1 } })
    expect(store.logged.filter(({ level }) => level === 'warn')).toMatchObject([{ fields: { reason, pair: 'movies' } }])
    expect([store.row(good), store.document(goodRow)?.version]).toEqual([{ a: 1 }, v0 + 2])
  })

  test('is counted once although everything is read again', async () => {
    const { store, pair } = opened(each)
    store.onRequest = (kind, occurrence) => {
      if (kind === 'read-rows' && occurrence <= 2) store.clock.pass(6 * second)
    }
    const { report, rejects } = await run(pair)
    expect(report).toMatchObject({ rejected: 1, written: { elasticsearch: 1, cassandra: 1 } })
    expect(rejects).toHaveLength(1)
    expect(store.count('get')).toBeGreaterThan(0)
  })
})

test('a dry run sets aside what JSON cannot carry, instead of counting it as a write', async () => {
  const { store, pair } = opened(rejectCases.find(({ reason }) => reason === 'NOT_REPRESENTABLE')!)
  const { report } = await run(pair, true)
  expect(report).toMatchObject({ rejected: 1, written: { elasticsearch: 1, cassandra: 1 } })
  expect(store.writes).toEqual([])
})

test('a document that fits no column does not block the newer row on its way to Elasticsearch', async () => {
  const store = new MemoryPair()
  store.index(id, v0 + 1, { a: 'seven' })
  store.batch(id, v0 + 3, { a: 7 })
  const { report } = await store.sync(from, to)
  expect(report).toMatchObject({ rejected: 0, written: { elasticsearch: 1, cassandra: 0 } })
  expect(store.document(id)).toEqual({ version: v0 + 3, source: { a: 7, timestamp: v0 + 3 } })
})

test('one that wins leaves the row as it is', async () => {
  const store = new MemoryPair()
  store.batch(id, v0 + 1, { a: 7 })
  store.index(id, v0 + 3, { a: 'seven' })
  expect((await store.sync(from, to)).report).toMatchObject({
    rejected: 1,
    written: { elasticsearch: 0, cassandra: 0 },
  })
  expect([store.row(id), store.labels(id)]).toEqual([{ a: 7 }, [v0 + 1]])
})

test("one that belongs to a later window by the time it is read again is that window's to report", async () => {
  const store = new MemoryPair()
  store.index(id, v0 + 1, { a: 1 })
  store.onRequest = (kind, occurrence) => {
    if (kind !== 'read-rows' || occurrence !== 1) return
    store.clock.pass(6 * second)
    store.index(id, to, { a: 'seven' })
  }
  expect((await store.sync(from, to)).report).toMatchObject({ rejected: 0, written: { cassandra: 0 } })
})

test('a document whose version contradicts itself is not guessed at, in either direction', async () => {
  const store = new MemoryPair()
  store.documents.put(id, v0 + 1, { a: 1, timestamp: v0 + 2 })
  store.batch(id, v0 + 5, { a: 5 })
  expect((await store.sync(from, to)).report).toMatchObject({
    rejected: 1,
    written: { elasticsearch: 0, cassandra: 0 },
  })
  expect([store.row(id), store.document(id)?.version]).toEqual([{ a: 5 }, v0 + 1])
})

test('a document that breaks the contract by the time it is read again is set aside, and its row with it', async () => {
  const store = new MemoryPair()
  store.batch(id, v0, { a: 0 })
  store.index(id, v0 + 1, { a: 1 })
  store.onRequest = (kind, occurrence) => {
    if (kind !== 'read-rows' || occurrence !== 1) return
    store.clock.pass(6 * second)
    store.documents.putUnversioned(id, { a: 2, timestamp: v0 + 1 })
  }
  const { report, rejects } = await store.sync(from, to)
  expect(rejects).toMatchObject([{ id, reason: 'VERSION_CONTRACT' }])
  expect(report).toMatchObject({ rejected: 1, unchanged: 0 })
  expect(store.writes).toEqual([])
})

test('an entry that cannot be used labels nothing, so one bad clock freezes no record', async () => {
  const store = new MemoryPair()
  store.index(id, v0 + 1, { a: 1 })
  store.rows.putEntry(id, v0 + 5000)
  const { report } = await store.sync(from, to)
  expect(report).toMatchObject({ rejected: 1, written: { cassandra: 1 } })
  expect(store.row(id)).toEqual({ a: 1 })
})

test('particulars are kept of the first ones, and all are counted', async () => {
  const store = new MemoryPair()
  for (const each of idsOf(maxRejectsKept + 50, 'bad')) store.index(each, v0 + 1, { a: 'seven' })
  const { report, rejects } = await store.sync(from, to)
  expect([report.rejected, rejects.length]).toEqual([maxRejectsKept + 50, maxRejectsKept])
})

test('the same fault of the same record is news once; another fault or side is news again', () => {
  const tally = new Tally('movies', { from, to })
  const fault = { id, side: 'cassandra', reason: 'VERSION_FUTURE', detail: '' } as const
  expect(tally.reject(fault)).toBe(true)
  expect(tally.reject({ ...fault, detail: 'read again' })).toBe(false)
  expect(tally.reject({ ...fault, side: 'elasticsearch' })).toBe(true)
  expect(tally.reject({ ...fault, reason: 'TYPE_MISMATCH' })).toBe(true)
  expect(tally.report.rejected).toBe(3)
})

test('where cells carry versions, those of a far future are set aside and hold nothing up', async () => {
  const [ahead, other] = idsOf(2, 'cells ahead') as [string, string]
  const store = new MemoryPair({ rules: { labels: 'write-times' } })
  for (const id of [ahead, other]) store.index(id, v0, { a: 1 })
  const writeTime = store.clock.now() + 3_601 * second
  store.putRow(ahead, { a: 2 }, writeTime)
  const { report, rejects } = await store.sync(v0, v0 + 20)
  expect(rejects).toMatchObject([{ id: ahead, side: 'cassandra', reason: 'VERSION_FUTURE' }])
  expect(report.written).toEqual({ elasticsearch: 0, cassandra: 1 })
  expect(store.row(other)).toEqual({ a: 1 })
})
