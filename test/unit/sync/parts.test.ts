import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allIds, type WindowPart } from '../../../src/core/window-part.js'
import { mergedReport, type Divided, type WindowReport, type WindowResult } from '../../../src/core/report.js'
import { idsOf } from '../../support/ids.js'
import { at, v0 } from '../../support/observations.js'
import { MemoryPair, turns } from './memory-pair.js'

const window = { from: v0, to: v0 + 10 }

const partsOf = (outcome: WindowResult | Divided): readonly WindowPart[] => {
  expect(outcome).toHaveProperty('parts')
  return (outcome as Divided).parts
}

/** Records on both sides, some on both, some only in the overlap, many of them at one version. */
const filled = (crowd: number): MemoryPair => {
  const store = new MemoryPair({ pageSize: 7 })
  for (const [nth, id] of idsOf(40, 'document').entries()) store.index(id, v0 - 15 + (nth % 25), { a: nth })
  for (const [nth, id] of idsOf(40, 'row').entries()) store.batch(id, v0 - 15 + (nth % 25), { a: nth })
  for (const [nth, id] of idsOf(20, 'both').entries()) {
    store.index(id, v0 + (nth % 9), { a: nth })
    store.batch(id, v0 + ((nth * 7) % 9), { a: -nth })
  }
  for (const [nth, id] of idsOf(crowd, 'crowd').entries()) {
    if (nth % 2 === 0) store.index(id, v0 + 4, { a: nth })
    else store.batch(id, v0 + 4, { a: nth })
  }
  // Written again later: another window's.
  for (const id of idsOf(5, 'row')) store.batch(id, v0 + 12, { a: 99 })
  return store
}

const whole = async (store: MemoryPair): Promise<{ readonly state: unknown; readonly report: WindowReport }> => {
  const { report } = await store.sync(window.from, window.to)
  return { state: store.state(), report }
}

describe('a window that holds too many records', () => {
  test('is not written, nor is its content read, but divided', async () => {
    const store = filled(60)
    const before = store.state()
    const parts = partsOf(await store.syncOrDivide(window.from, window.to, 20))
    expect(store.state()).toEqual(before)
    expect(store.count('page')).toBe(0)
    expect(store.count('read-rows')).toBe(0)
    expect(store.openViews).toBe(0)
    expect([parts[0]?.from, parts.at(-1)?.to]).toEqual([v0 - 20, window.to])
    const shares = parts.filter(({ ids }) => ids.of > 1)
    expect(shares.map(({ from, to }) => [from, to])).toEqual([
      [v0 + 4, v0 + 5],
      [v0 + 4, v0 + 5],
    ])
    expect(parts.length).toBeGreaterThan(shares.length)
  })

  test('has its entries read no further than that is known', async () => {
    const store = filled(60)
    const { rows } = store.pair
    const readEntries = rows.entries.bind(rows)
    let hasEnded = false
    // More of them than anybody could read to the end.
    async function* entries(): AsyncGenerator<[]> {
      rows.entries = readEntries
      try {
        for (;;) {
          await turns()
          yield []
        }
      } finally {
        hasEnded = true
      }
    }
    rows.entries = entries
    partsOf(await store.syncOrDivide(window.from, window.to, 20))
    expect(hasEnded).toBe(true)
  })

  test('is worked on as it is where neither side holds too many', async () => {
    const store = filled(10)
    const outcome = await store.syncOrDivide(window.from, window.to, 65)
    expect(outcome).toMatchObject({ report: { read: { elasticsearch: 65 } } })
    const divided = filled(10)
    expect(partsOf(await divided.syncOrDivide(window.from, window.to, 64)).length).toBeGreaterThan(1)
  })

  test.each(['documents', 'entries'] as const)('is one also where only the %s are too many', async (side) => {
    const store = new MemoryPair()
    for (const id of idsOf(30)) {
      if (side === 'documents') store.index(id, v0 + 4, { a: 1 })
      else store.batch(id, v0 + 4, { a: 1 })
    }
    expect(await store.syncOrDivide(window.from, window.to, 30)).toHaveProperty('report')
    const other = new MemoryPair()
    for (const id of idsOf(31)) {
      if (side === 'documents') other.index(id, v0 + 4, { a: 1 })
      else other.batch(id, v0 + 4, { a: 1 })
    }
    expect(partsOf(await other.syncOrDivide(window.from, window.to, 30))).toHaveLength(2)
  })

  test('does not count what belongs to later windows', async () => {
    const store = new MemoryPair()
    for (const id of idsOf(30, 'now')) store.batch(id, v0 + 4, { a: 1 })
    for (const id of idsOf(30, 'later')) store.batch(id, v0 + 14, { a: 1 })
    expect(await store.syncOrDivide(window.from, window.to, 30)).toHaveProperty('report')
  })

  test('does not count a record twice that was written again and again', async () => {
    const store = new MemoryPair()
    const [id] = idsOf(1) as [string]
    for (let version = v0; version < window.to; version += 1) store.batch(id, version, { a: version })
    expect(await store.syncOrDivide(window.from, window.to, 5)).toHaveProperty('report')
  })
})

describe('the parts of a window', () => {
  test('do together what it would have done, in any order, repeated, and several at a time', async () => {
    const expected = await whole(filled(60))
    const parts = partsOf(await filled(60).syncOrDivide(window.from, window.to, 12))
    expect(parts.length).toBeGreaterThan(8)
    const orders = fc.shuffledSubarray([...parts, ...parts], { minLength: parts.length * 2 })
    await fc.assert(
      fc.asyncProperty(orders, fc.integer({ min: 1, max: 4 }), async (order, abreast) => {
        const store = filled(60)
        const queue = [...order]
        const worker = async (): Promise<void> => {
          for (let part = queue.shift(); part !== undefined; part = queue.shift()) {
            await store.syncPart(window.from, window.to, part)
          }
        }
        await Promise.all(Array.from({ length: abreast }, worker))
        expect(store.state()).toEqual(expected.state)
      }),
      { numRuns: 20 },
    )
  })

  test('account for each record once', async () => {
    const expected = await whole(filled(60))
    const store = filled(60)
    const reports: WindowReport[] = []
    for (const part of partsOf(await store.syncOrDivide(window.from, window.to, 12))) {
      reports.push((await store.syncPart(window.from, window.to, part)).report)
    }
    const report = mergedReport('movies', window, reports)
    // A row whose document lies in another part is sent, and refused: the document is newer.
    const { superseded, durationMs, ...counts } = report
    expect(expected.report).toMatchObject(counts)
    expect(superseded).toBeGreaterThan(0)
    expect(durationMs).toBeGreaterThanOrEqual(0)
  })

  test('read no further back than the window would', async () => {
    const store = filled(60)
    let earliest = Infinity
    const { entries } = store.pair.rows
    store.pair.rows.entries = (from, ...rest) => {
      earliest = Math.min(earliest, from)
      return entries(from, ...rest)
    }
    for (const part of partsOf(await store.syncOrDivide(window.from, window.to, 12))) {
      await store.syncPart(window.from, window.to, part)
    }
    expect(earliest).toBe(v0 - 20)
  })

  test('know the version of a row whose entry lies in another part', async () => {
    const store = new MemoryPair()
    const [id] = idsOf(1) as [string]
    store.batch(id, v0 + 2, { a: 1 }, at(v0 + 7))
    store.index(id, v0 + 5, { a: 2 })
    const part = { from: v0 + 4, to: v0 + 6, ids: allIds }
    const { report } = await store.syncPart(window.from, window.to, part)
    expect(report).toMatchObject({ unlabelled: 0, written: { elasticsearch: 0, cassandra: 1 } })
    expect(store.row(id)).toEqual({ a: 2 })
  })

  test('tell once of an entry that cannot be used', async () => {
    const store = filled(60)
    store.rows.putEntry(idsOf(1, 'future')[0]!, v0 + 1_000_000)
    const parts = partsOf(await store.syncOrDivide(window.from, window.to, 12))
    let rejected = 0
    for (const part of parts) rejected += (await store.syncPart(window.from, window.to, part)).report.rejected
    expect(rejected).toBe(1)
  })

  test('a part that fails leaves the others to be done, and comes again', async () => {
    const expected = await whole(filled(60))
    const store = filled(60)
    const [first, ...rest] = partsOf(await store.syncOrDivide(window.from, window.to, 12))
    store.onRequest = () => {
      throw new Error('lost')
    }
    await expect(store.syncPart(window.from, window.to, first!)).rejects.toThrow('lost')
    store.onRequest = () => {}
    for (const part of [...rest, first!]) await store.syncPart(window.from, window.to, part)
    expect(store.state()).toEqual(expected.state)
  })
})
