import { describe, expect, it } from 'vitest'
import type { WindowResult } from '../../../src/core/report.js'
import { allIds, isInShare, type IdShare } from '../../../src/core/window-part.js'
import { syncOrDivide } from '../../../src/sync/sync-window.js'
import { idsOf } from '../../support/ids.js'
import { at, v0 } from '../../support/observations.js'
import { MemoryPair } from './memory-pair.js'

/** Twelve seconds before a window that begins at v0 + 20, between the ages at which a window of one second looks back. */
const between = v0 + 8

describe('a record in the overlap behind a window', () => {
  const late = idsOf(2, 'documents')
  const rows = idsOf(3, 'rows')
  const pair = (): MemoryPair => {
    const store = new MemoryPair({ now: at(v0 + 24) })
    for (const id of late) store.index(id, between, { a: 1 })
    for (const id of rows) store.batch(id, between, { a: 2 })
    return store
  }
  const found = { elasticsearch: 2, cassandra: 3 }
  const nothing = { elasticsearch: 0, cassandra: 0 }

  it('is met by the windows that tile time at the ages when they look back, on both sides', async () => {
    const store = pair()
    const missed = await store.sync(v0 + 20, v0 + 21, { tilesTime: true })
    expect(missed.report).toMatchObject({ read: nothing, written: nothing })
    const { report } = await store.sync(v0 + 18, v0 + 19, { tilesTime: true })
    expect(report).toMatchObject({ read: found, written: { elasticsearch: 3, cassandra: 2 } })
  })

  it('is met whatever its age in a range that somebody asks for', async () => {
    const { report } = await pair().sync(v0 + 20, v0 + 21)
    expect(report).toMatchObject({ read: found, written: { elasticsearch: 3, cassandra: 2 } })
  })

  it('is met whatever its age in an audit', async () => {
    const { report } = await pair().sync(v0 + 20, v0 + 21, { tilesTime: true, audit: true })
    expect(report).toMatchObject({ read: found, written: { elasticsearch: 3, cassandra: 2 } })
  })
})

describe('where the sides look alike', () => {
  /** Ten seconds before the window: half of the overlap. */
  const window = [v0 + 20, v0 + 21] as const
  const inBetween = v0 + 10
  const last = [v0 + 30, v0 + 31] as const
  const ids = idsOf(4, 'alike')

  it('nothing is read before a whole overlap has passed', async () => {
    const store = new MemoryPair({ now: at(v0 + 40) })
    for (const id of ids) {
      store.index(id, inBetween, { a: 1 })
      store.batch(id, inBetween, { a: 1 })
    }
    const { report } = await store.sync(...window, { tilesTime: true })
    expect(report).toMatchObject({ read: { elasticsearch: 0, cassandra: 0 }, unchanged: 0 })
    const after = await store.sync(...last, { tilesTime: true })
    expect(after.report).toMatchObject({ read: { elasticsearch: 4, cassandra: 4 }, unchanged: 4 })
  })

  it('a tie that came late, and as many late writes on either side, wait for the last reading', async () => {
    const store = new MemoryPair({ now: at(v0 + 40) })
    const [tie, document, row] = ids as [string, string, string]
    store.index(tie, inBetween, { a: 1 })
    store.batch(tie, inBetween, { a: 2 })
    store.index(document, inBetween, { a: 3 })
    store.batch(row, inBetween, { a: 4 })
    const { report } = await store.sync(...window, { tilesTime: true })
    expect(report.written).toEqual({ elasticsearch: 0, cassandra: 0 })
    const after = await store.sync(...last, { tilesTime: true })
    expect(after.report).toMatchObject({ written: { elasticsearch: 1, cassandra: 2 }, ties: 1 })
  })

  it('a later version of a record is met although there are as many on both sides', async () => {
    const store = new MemoryPair({ now: at(v0 + 40) })
    const [id] = ids as [string]
    store.batch(id, inBetween, { a: 1 })
    store.index(id, inBetween + 1, { a: 2 })
    const { report } = await store.sync(v0 + 20, v0 + 24, { tilesTime: true })
    expect(report.written).toEqual({ elasticsearch: 0, cassandra: 1 })
  })

  it('records that are not read do not count for a division', async () => {
    const store = new MemoryPair({ now: at(v0 + 40) })
    for (const id of idsOf(50, 'many')) {
      store.index(id, inBetween, { a: 1 })
      store.batch(id, inBetween, { a: 1 })
    }
    store.index(ids[0]!, v0 + 20, { a: 1 })
    const options = { signal: new AbortController().signal, tilesTime: true }
    const outcome = await syncOrDivide(store.pair, { from: window[0], to: window[1] }, 30, options)
    expect(outcome).toMatchObject({ report: { written: { cassandra: 1 } } })
  })
})

describe('a window that is read when its whole overlap has passed', () => {
  const id = idsOf(1, 'passed')[0]!
  /** Looked at, and not read in any case, by a window of one second that begins 20 s later than `from`. */
  const missing = (now: number, from: number): MemoryPair => {
    const store = new MemoryPair({ now })
    store.index(id, from + 10, { a: 1 })
    return store
  }

  it('leaves what lies between itself and its last reading to the last reading', async () => {
    const store = missing(at(v0 + 41), v0)
    const { report } = await store.sync(v0 + 20, v0 + 21, { tilesTime: true })
    expect(report).toMatchObject({ read: { elasticsearch: 0, cassandra: 0 }, written: { cassandra: 0 } })
    const after = await store.sync(v0 + 30, v0 + 31, { tilesTime: true })
    expect(after.report.written).toEqual({ elasticsearch: 0, cassandra: 1 })
  })

  it('looks at it a moment before', async () => {
    const { report } = await missing(at(v0 + 41) - 1, v0).sync(v0 + 20, v0 + 21, { tilesTime: true })
    expect(report.written).toEqual({ elasticsearch: 0, cassandra: 1 })
  })

  it('looks at it whenever that is where versions are no times', async () => {
    const { report } = await missing(at(v0 + 41), 100).sync(120, 121, { tilesTime: true })
    expect(report.written).toEqual({ elasticsearch: 0, cassandra: 1 })
  })

  it('looks at a part of it that was found to be unlike before', async () => {
    const store = missing(at(v0 + 60), v0)
    const { report } = await store.syncPart(v0 + 20, v0 + 21, { from: v0 + 10, to: v0 + 11, ids: allIds }, true)
    expect(report.written).toEqual({ elasticsearch: 0, cassandra: 1 })
  })
})

describe('a part of what lies between a window and its last reading', () => {
  const part = { from: v0 + 10, to: v0 + 11 }
  const ids = idsOf(60, 'parts')
  const syncPart = (store: MemoryPair, share: IdShare): Promise<WindowResult> =>
    store.syncPart(v0 + 20, v0 + 21, { ...part, ids: share }, true)

  it('is read where the sides are unlike, and else not', async () => {
    const store = new MemoryPair({ now: at(v0 + 40) })
    for (const id of ids) store.index(id, part.from, { a: 1 })
    const first = await syncPart(store, allIds)
    expect(first.report).toMatchObject({ read: { elasticsearch: 60 }, written: { cassandra: 60 } })
    const second = await syncPart(store, allIds)
    expect(second.report).toMatchObject({ read: { elasticsearch: 0, cassandra: 0 }, unchanged: 0 })
  })

  it('is read in any case where it is about a share of the ids, whose sums are not known', async () => {
    const store = new MemoryPair({ now: at(v0 + 40) })
    for (const id of ids) {
      store.index(id, part.from, { a: 1 })
      store.batch(id, part.from, { a: 1 })
    }
    const reports = await Promise.all([0, 1].map((index) => syncPart(store, { index, of: 2 })))
    expect(reports.reduce((sum, { report }) => sum + report.unchanged, 0)).toBe(60)
  })

  it('is read also where the documents of all ids add up to the entries of the share', async () => {
    const store = new MemoryPair({ now: at(v0 + 40) })
    const share = { index: 0, of: 2 }
    store.index(
      ids.find((id) => !isInShare(share, id))!,
      part.from,
      { a: 1 },
    )
    store.batch(
      ids.find((id) => isInShare(share, id))!,
      part.from,
      { a: 2 },
    )
    const { report } = await syncPart(store, share)
    expect(report.written).toEqual({ elasticsearch: 1, cassandra: 0 })
  })
})

it('a window that is divided among jobs is so by what it reads, without the gaps', async () => {
  const store = new MemoryPair({ now: at(v0 + 24) })
  for (const [nth, id] of idsOf(210, 'divided').entries()) store.index(id, v0 + Math.floor(nth / 10), { a: nth })
  const options = { signal: new AbortController().signal, tilesTime: true }
  const outcome = await syncOrDivide(store.pair, { from: v0 + 20, to: v0 + 21 }, 30, options)
  const parts = 'parts' in outcome ? outcome.parts : []
  const read = parts.reduce((sum, { from, to }) => sum + to - from, 0)
  expect(read).toBe(7)
})
