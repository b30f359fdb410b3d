/** How much is read for each record that is synced: counts, not times. What grows with the square shows here first. */
import { expect, test } from 'vitest'
import type { Divided, WindowResult } from '../../../src/core/report.js'
import { syncOrDivide, syncWindow } from '../../../src/sync/sync-window.js'
import { idsOf } from '../../support/ids.js'
import { at, v0 } from '../../support/observations.js'
import { MemoryPair } from './memory-pair.js'

interface Amount {
  readonly documents: number
  readonly entries: number
  readonly rows: number
}

/** Runs windows one after the other, as workers do, and counts what was read for each record. */
const amount = async (
  store: MemoryPair,
  records: number,
  windows: readonly (readonly [number, number])[],
  maxRecords: number,
): Promise<Amount> => {
  let documents = 0
  let entries = 0
  const { rows } = store.pair
  const readEntries = rows.entries.bind(rows)
  store.pair.rows.entries = async function* (...args) {
    for await (const page of readEntries(...args)) {
      entries += page.length
      yield page
    }
  }
  const options = { signal: new AbortController().signal, tilesTime: true }
  const count = (outcome: WindowResult | Divided): void => {
    if ('report' in outcome) documents += outcome.report.read.elasticsearch
  }
  for (const [from, to] of windows) {
    const outcome = await syncOrDivide(store.pair, { from, to }, maxRecords, options)
    count(outcome)
    const parts = 'parts' in outcome ? outcome.parts : []
    for (const part of parts) count(await syncWindow(store.pair, { from, to }, { ...options, part }))
  }
  const read = store.calls
    .filter(({ method }) => method === 'read rows' || method === 'read values')
    .reduce((sum, { ids }) => sum + ids.length, 0)
  return { documents: documents / records, entries: entries / records, rows: read / records }
}

/** Half of the records on each side, spread evenly. */
const spread = (records: number, seconds: number, now: number): MemoryPair => {
  const store = new MemoryPair({ now: at(now) })
  for (const [nth, id] of idsOf(records, 'amount').entries()) {
    const version = v0 + Math.floor((nth * seconds) / records)
    if (nth % 2 === 0) store.index(id, version, { a: nth })
    else store.batch(id, version, { a: nth })
  }
  return store
}

test('a fresh window reads every record once', async () => {
  const read = await amount(spread(1_000, 60, v0 + 62), 1_000, [[v0, v0 + 60]], 20_000)
  expect(read).toEqual({ documents: 0.5, entries: 0.5, rows: 1 })
})

test('of windows a second long each record is read twice, not once for each second of the overlap', async () => {
  const seconds = 100
  const windows = Array.from({ length: seconds }, (_, at) => [v0 + at, v0 + at + 1] as const)
  const store = spread(seconds * 10, seconds, v0 + seconds + 100)
  const read = await amount(store, seconds * 10, windows, 20_000)
  // Its own window, and the one that comes 20 seconds later.
  expect(read.documents).toBeLessThan(2)
  expect(read.rows).toBeLessThan(2)
})

test.each([600, 2_400])(
  'a gap of %i s reads each record about as often as a short one, and not its square',
  async (seconds) => {
    const windows = Array.from({ length: seconds / 60 }, (_, at) => [v0 + at * 60, v0 + at * 60 + 60] as const)
    const read = await amount(spread(seconds, seconds, v0 + seconds + 100), seconds, windows, 20_000)
    // Its own window, a third of which the next one reads again.
    expect(read.documents).toBeLessThan(1.4)
    expect(read.rows).toBeLessThan(1.4)
    // A look begins an overlap before its window and ends two behind it, and finds what was copied as well.
    expect(read.entries).toBeLessThan(2)
  },
)

test('a divided window reads documents and rows as an undivided one, and entries a bounded number of times', async () => {
  const [records, seconds] = [4_000, 60]
  const whole = await amount(spread(records, seconds, v0 + 200), records, [[v0, v0 + seconds]], Infinity)
  const divided = await amount(spread(records, seconds, v0 + 200), records, [[v0, v0 + seconds]], 20)
  expect(divided.documents).toBe(whole.documents)
  expect(divided.rows).toBeLessThanOrEqual(whole.rows * 1.01)
  // 200 parts of 20 records would read them 200 times.
  expect(divided.entries).toBeLessThan(16)
})
