/** A write that lands long after its window and its overlap are over: no window sees it, the next audit does. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { WindowReport } from '../../src/core/report.js'
import { syncWindow } from '../../src/sync/sync-window.js'
import { idsOf } from '../support/ids.js'
import { openPair, type PairFixture } from '../support/pair-fixture.js'

let pair: PairFixture
beforeAll(async () => {
  pair = await openPair()
})
afterAll(() => pair.close())

const never = new AbortController().signal
const run = async (from: number, to: number, audit: boolean): Promise<WindowReport['written']> =>
  (await syncWindow(pair.pair, { from, to }, { signal: never, tilesTime: true, audit })).report.written

const nothing = { elasticsearch: 0, cassandra: 0 }

test('is caught in both directions, once, and what is in sync is left alone', async () => {
  const [row, document, quiet] = idsOf(3, 'late') as [string, string, string]
  const from = Math.floor(Date.now() / 1_000) - 600
  const to = from + 60
  await pair.index(quiet, from + 1, { vint: 1 })
  await run(from, to, false)
  // Ten minutes after their versions.
  await pair.batch(row, from + 30, { vint: 2 })
  await pair.index(document, from + 31, { vint: 3 })

  // The windows of the present, whose overlap is long past it.
  const now = Math.floor(Date.now() / 1_000)
  expect(await run(now - 60, now, false)).toEqual(nothing)
  expect(await pair.document(row)).toBeUndefined()
  expect(await pair.row(document)).toBeUndefined()

  // A cell that was written just now might still be on its way; its audit comes when it is older than the overlap.
  const later = { ...pair.pair, clock: { ...pair.pair.clock, now: () => pair.pair.clock.now() + 60_000_000 } }
  const audit = async () => (await syncWindow(later, { from, to }, { signal: never, audit: true })).report.written
  expect(await audit()).toEqual({ elasticsearch: 1, cassandra: 1 })
  expect(await pair.document(row)).toMatchObject({ version: from + 30, source: { vint: 2 } })
  expect(await pair.row(document)).toMatchObject({ vint: 3 })
  expect(await audit()).toEqual(nothing)
})
