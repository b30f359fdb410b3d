import { describe, expect, test } from 'vitest'
import type { Difference } from '../../../src/core/difference.js'
import type { Reject } from '../../../src/core/reject.js'
import { compare, type ComparisonOptions } from '../../../src/sync/compare.js'
import { foldRowsOf, type FoldRows } from '../../../src/sync/fold-rows.js'
import { forEverything } from '../../../src/sync/pair.js'
import { Random } from '../../simulation/random.js'
import { second } from '../../support/default-rules.js'
import { idsOf } from '../../support/ids.js'
import { at, v0 } from '../../support/observations.js'
import { plant, type Planted } from '../../support/planted.js'
import { MemoryPair, type MemoryPairOptions } from './memory-pair.js'

const live = new AbortController().signal
const grace = 30 * second

const open = (options: MemoryPairOptions = {}): MemoryPair =>
  new MemoryPair({
    now: at(v0),
    columns: [
      { name: 'vint', type: { kind: 'int' } },
      { name: 'vstring', type: { kind: 'text' } },
      { name: 'tags', type: { kind: 'set', of: { kind: 'text' }, frozen: true } },
    ],
    ...options,
  })

const fill = (store: MemoryPair, records: readonly Planted[]): void => {
  for (const { id, document, row, entry } of records) {
    if (document !== undefined) store.index(id, document.version, document.source)
    if (row !== undefined) store.putRow(id, row.values, row.writeTime)
    if (entry !== undefined) store.rows.putEntry(id, entry)
  }
}

const run = async (store: MemoryPair, options: Partial<ComparisonOptions> = {}) => {
  const found: (Difference & { readonly repaired: boolean | undefined })[] = []
  const rejects: Reject[] = []
  let overflowed = false
  const result = await compare(store.pair, {
    scope: { kind: 'digests' },
    repair: false,
    grace,
    signal: live,
    onDifference: (difference, repaired) => found.push({ ...difference, repaired }),
    onReject: (reject) => rejects.push(reject),
    onOverflow: () => (overflowed = true),
    ...options,
  })
  return { result, found, rejects, overflowed }
}

const byId = <T extends { readonly id: string }>(list: readonly T[]): T[] =>
  list.toSorted((a, b) => (a.id < b.id ? -1 : 1))

const expected = (records: readonly Planted[]): object[] =>
  byId(records.filter(({ difference }) => difference !== undefined)).map(({ id, difference }) => ({
    id,
    ...difference,
  }))
const told = (found: readonly Difference[]): object[] =>
  byId(found).map(({ id, kind, fields }) => ({ id, kind, fields: fields.map(({ name }) => name).toSorted() }))

describe('a comparison of everything', () => {
  const scopes = { digests: { kind: 'digests' }, full: { kind: 'full' } } as const

  test('has its rows folded elsewhere, if it is told where', async () => {
    const records = plant(2_000, 100, v0 - 1_000, 5)
    const store = open()
    fill(store, records)
    let folded = 0
    const foldRows: FoldRows = async (folding) => {
      const bytes = await foldRowsOf(forEverything(store.pair))(folding)
      folded += 1
      return Uint8Array.from(bytes)
    }
    const { found, result } = await run(store, { foldRows })
    expect(folded).toBe(1)
    expect(told(found)).toEqual(expected(records))
    expect(result).toMatchObject({ compared: 2_000, differences: 100 })
  })

  test('reads no more documents once folding the rows has failed', async () => {
    const store = open()
    fill(store, plant(2_000, 0, v0 - 1_000, 6))
    let signal: AbortSignal | undefined
    const foldRows: FoldRows = async (folding) => {
      signal = folding.signal
      throw new Error('rows cannot be read')
    }
    let read = 0
    await expect(run(store, { foldRows, onRead: (_, records) => (read += records) })).rejects.toThrow('rows cannot be')
    expect(signal?.aborted).toBe(true)
    expect(read).toBe(0)
  })

  test.each(Object.entries(scopes))(
    'by %s finds every planted difference and no other, repairs all of them, and then finds none',
    async (_, scope) => {
      const records = plant(6_000, 1_000, v0 - 1_000, 1)
      const store = open()
      fill(store, records)

      const first = await run(store, { scope })
      expect(told(first.found)).toEqual(expected(records))
      expect(first.result).toEqual({ compared: 6_000, differences: 1_000, repaired: 0, rejected: 0, open: 0 })
      expect(store.writes).toEqual([])

      const second = await run(store, { scope, repair: true })
      expect(told(second.found)).toEqual(expected(records))
      expect(second.found.filter(({ repaired }) => repaired !== true)).toEqual([])
      expect(second.result).toMatchObject({ differences: 1_000, repaired: 1_000 })

      store.forget()
      const third = await run(store, { scope, repair: true })
      expect(third.found).toEqual([])
      expect(third.result).toMatchObject({ compared: 6_000, differences: 0, repaired: 0, open: 0 })
      expect(store.writes).toEqual([])
    },
  )

  test('also where clients write their versions as write times', async () => {
    const records = plant(3_000, 500, v0 - 1_000, 2, 0).map((each): Planted => {
      const difference = each.what === 'stale row' ? { kind: 'stale' as const, fields: ['vstring'] } : each.difference
      return difference === undefined ? each : { ...each, difference }
    })
    const store = open({ rules: { labels: 'write-times' } })
    fill(store, records)

    const found = await run(store, { repair: true })
    expect(told(found.found)).toEqual(expected(records))
    expect(found.result).toMatchObject({ differences: 500, repaired: 500 })
    expect((await run(store)).found).toEqual([])
  })

  test('with more differences than digests can tell looks at every record', async () => {
    const records = plant(2_000, 1_000, v0 - 1_000, 3)
    const store = open()
    fill(store, records)

    const { found, result, overflowed } = await run(store, { cells: 300 })

    expect(overflowed).toBe(true)
    expect(told(found)).toEqual(expected(records))
    expect(result).toMatchObject({ compared: 2_000, differences: 1_000 })
  })

  test.each(['entries', 'write-times'] as const)(
    'of equal stores reads every record once, and none by its id: %s',
    async (labels) => {
      const store = open({ pageSize: 500, rules: { labels } })
      fill(store, labels === 'entries' ? plant(4_000, 0, v0 - 1_000, 4) : plant(4_000, 0, v0 - 1_000, 4, 0))
      const read = { elasticsearch: 0, cassandra: 0 }

      const { result } = await run(store, { onRead: (side, records) => void (read[side] += records) })

      expect(result).toEqual({ compared: 4_000, differences: 0, repaired: 0, rejected: 0, open: 0 })
      expect(read).toEqual({ elasticsearch: 4_000, cassandra: 4_000 })
      expect([store.count('get'), store.count('read-rows')]).toEqual([0, 0])
    },
  )
})

describe('equal content under different versions', () => {
  const [id] = idsOf(1, 'behind') as [string]

  test.each(['entries', 'write-times'] as const)(
    'is a stale document where %s tell a newer version',
    async (labels) => {
      const store = open({ rules: { labels } })
      store.index(id, v0 - 900, { vint: 1 })
      if (labels === 'entries') store.rows.putEntry(id, v0 - 800)
      store.putRow(id, { vint: 1 }, at(v0 - 800))

      const { found } = await run(store, { repair: true })

      expect(found).toMatchObject([{ id, kind: 'stale', fields: [], repaired: true }])
      expect(store.document(id)?.version).toBe(v0 - 800)
    },
  )

  test('is nothing where an entry is older: that of our own write may have expired', async () => {
    const store = open()
    store.index(id, v0 - 800, { vint: 1 })
    store.batch(id, v0 - 900, { vint: 1 })

    for (const kind of ['digests', 'full'] as const) expect((await run(store, { scope: { kind } })).found).toEqual([])
  })
})

describe('while applications write', () => {
  /** Writes to random records all the time; what was written is on the other side some seconds later, as windows do it. */
  const disturb = (store: MemoryPair, records: readonly Planted[], seed: number): void => {
    const random = new Random(seed)
    const untouched = records.filter(({ difference }) => difference === undefined).map(({ id }) => id)
    const waiting: (() => void)[] = []
    store.onRequest = (kind) => {
      if (kind === 'write-rows' || kind === 'write-entries' || kind === 'bulk') return
      store.clock.pass(second / 20)
      while (waiting.length > 40) waiting.shift()!()
      const [id, version] = [random.pick(untouched), Math.floor(store.clock.now() / second)]
      const values = { vint: random.int(0, 9), vstring: `at ${version} by ${random.int(0, 9)}`, tags: ['t'] }
      if (random.chance(0.5)) {
        store.index(id, version, values)
        waiting.push(() => store.batch(id, version, values, at(version, 0.4)))
      } else {
        store.batch(id, version, values, store.clock.now())
        waiting.push(() => store.index(id, version, values))
      }
    }
  }

  test('nothing is told that is only on its way, and everything that is not', async () => {
    const records = plant(3_000, 200, v0 - 1_000, 5)
    const store = open({ pageSize: 100 })
    fill(store, records)
    disturb(store, records, 6)

    const { found } = await run(store, { repair: true })

    expect(told(found)).toEqual(expected(records))
    expect(found.every(({ repaired }) => repaired)).toBe(true)
  })

  /** Something happens whenever the comparison waits. */
  const whileWaiting = (store: MemoryPair, happens: (nth: number) => void): void => {
    const sleep = store.clock.sleep.bind(store.clock)
    let waits = 0
    store.clock.sleep = (span, signal) => {
      happens((waits += 1))
      return sleep(span, signal)
    }
  }

  test('what is gone at a second look is not told, however old it seems', async () => {
    const [id] = idsOf(1, 'late') as [string]
    const store = open()
    store.index(id, v0 - 500, { vint: 1 })
    whileWaiting(store, (nth) => {
      if (nth === 1) store.batch(id, v0 - 500, { vint: 1 })
    })

    expect((await run(store)).result).toMatchObject({ differences: 0, open: 0 })
  })

  test('what is another difference at every look is not told, but counted', async () => {
    const [id] = idsOf(1, 'moving') as [string]
    const store = open()
    store.index(id, 50, { vint: 1 })
    whileWaiting(store, (nth) => store.batch(id, 7, { vint: -nth }, store.clock.now() - 60 * second))

    expect((await run(store)).result).toMatchObject({ differences: 0, open: 1 })
  })

  test('a record that is written again and again is left to windows, and counted', async () => {
    const [id] = idsOf(1, 'restless') as [string]
    const store = open()
    store.index(id, v0 - 10, { vint: 0 })
    store.onRequest = () => {
      store.clock.pass(second)
      store.index(id, Math.floor(store.clock.now() / second), { vint: store.clock.monotonic() })
    }

    const { found, result } = await run(store)

    expect(found).toEqual([])
    expect(result).toMatchObject({ differences: 0, open: 1 })
  })

  test('what is young at first is told once it has come of age', async () => {
    const [id] = idsOf(1, 'young') as [string]
    const store = open()
    store.index(id, v0 - 1, { vint: 1 })

    const { found } = await run(store)

    expect(found).toMatchObject([{ id, kind: 'missing', elasticsearch: { version: v0 - 1 } }])
    expect(store.clock.now()).toBeGreaterThanOrEqual(at(v0) + grace)
  })
})

describe('records that no repair can help', () => {
  test('are told apart from differences, each once', async () => {
    const [mismatch, contradicts] = idsOf(2, 'reject') as [string, string]
    const store = open()
    store.index(mismatch, v0 - 500, { vint: 'seven' })
    store.batch(mismatch, v0 - 600, { vint: 7 })
    store.documents.put(contradicts, v0 - 500, { vint: 1, timestamp: v0 - 501 })
    store.batch(contradicts, v0 - 500, { vint: 1 })
    store.index('no uuid', v0 - 500, { vint: 1 })

    for (const kind of ['digests', 'full'] as const) {
      const { found, rejects, result } = await run(store, { scope: { kind }, repair: true })
      expect(found).toEqual([])
      expect(rejects.map(({ reason }) => reason).toSorted()).toEqual([
        'ID_NOT_UUID',
        'TYPE_MISMATCH',
        'VERSION_CONTRACT',
      ])
      expect(result).toMatchObject({ differences: 0, rejected: 3 })
    }
  })

  test('are found beside a row of nothing but nulls, too', async () => {
    const [id] = idsOf(1, 'nulls') as [string]
    const store = open()
    store.index(id, v0 - 500, { vint: 'seven' })
    store.batch(id, v0 - 500, { vint: null })

    expect((await run(store)).rejects).toMatchObject([{ id, reason: 'TYPE_MISMATCH' }])
  })

  test('are told as differences where nothing can be said about who wins, and stay so', async () => {
    const [id] = idsOf(1, 'unlabelled') as [string]
    const store = open()
    store.index(id, v0 - 500, { vint: 1 })
    store.putRow(id, { vint: 2 }, at(v0 - 490))

    const { found, result } = await run(store, { repair: true })

    expect(found).toMatchObject([{ id, kind: 'content', cassandra: { version: undefined }, repaired: false }])
    expect(result).toMatchObject({ differences: 1, repaired: 0 })
  })
})

describe('a comparison of some records', () => {
  test('of a range of versions finds what has a document or an entry in it, and nothing else', async () => {
    const [older, staleDocument, missingRow, missingDocument, newer] = idsOf(5, 'range') as [
      string,
      string,
      string,
      string,
      string,
    ]
    const store = open()
    store.index(older, v0 - 900, { vint: 1 })
    store.index(staleDocument, v0 - 900, { vint: 1 })
    store.batch(staleDocument, v0 - 500, { vint: 2 })
    store.index(missingRow, v0 - 510, { vint: 1 })
    store.batch(missingDocument, v0 - 520, { vint: 1 })
    store.index(newer, v0 - 400, { vint: 1 })

    const { found, result } = await run(store, { scope: { kind: 'range', range: { from: v0 - 600, to: v0 - 450 } } })

    expect(found.map(({ id }) => id).toSorted()).toEqual([staleDocument, missingRow, missingDocument].toSorted())
    expect(result).toMatchObject({ compared: 3, differences: 3 })
  })

  test('of a sample looks at about as many as are asked for, each once, of both sides', async () => {
    const store = open()
    fill(store, plant(3_000, 0, v0 - 1_000, 7))
    const random = new Random(8)

    const { result } = await run(store, { scope: { kind: 'sample', count: 200 }, random: () => random.next() })

    expect(result.compared).toBe(200)
    const few = open()
    fill(few, plant(30, 30, v0 - 1_000, 9))
    const all = await run(few, { scope: { kind: 'sample', count: 200 }, random: () => random.next() })
    expect(all.result.compared).toBe(30)
    expect(all.result.differences).toBe(30)
  })
})
