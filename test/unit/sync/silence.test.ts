import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { idsOf } from '../../support/ids.js'
import { at, second, v0 } from '../../support/observations.js'
import { MemoryPair } from './memory-pair.js'

/** Every kind of difference that a window settles, spread over [v0, v0 + 20). */
const mixed = (): MemoryPair => {
  const store = new MemoryPair({ pageSize: 7, rowsPerRequest: 2, entriesPerRequest: 3 })
  for (const [index, id] of idsOf(40, 'mixed').entries()) {
    const version = v0 + (index % 17)
    switch (index % 8) {
      case 0:
        store.index(id, version, { a: index, b: 'only a document' })
        break
      case 1:
        store.batch(id, version, { a: index, b: 'only a row' })
        break
      case 2:
        store.batch(id, version, { a: 0, b: 'old row' })
        store.index(id, version + 2, { a: index })
        break
      case 3:
        store.index(id, version, { a: 0, b: 'old document' })
        store.batch(id, version + 2, { a: index, b: null })
        break
      case 4:
        store.batch(id, version, { a: 1, b: 'tied row' })
        store.index(id, version, { a: index })
        break
      case 5:
        store.batch(id, version, { a: index, b: 'equal' })
        store.index(id, version, { a: index, b: 'equal' })
        break
      case 6:
        store.batch(id, version, { a: index, b: null })
        store.index(id, version, { a: index, b: 'hidden null' })
        break
      default:
        store.batch(id, version, {})
        store.index(id, version, { b: 'a row of nothing' })
    }
  }
  return store
}

const settled = async (): Promise<unknown> => {
  const store = mixed()
  await store.sync(v0, v0 + 20)
  return store.state()
}

describe('a second run writes nothing', () => {
  test('of the same window; equal content costs reads only', async () => {
    const store = mixed()
    const first = (await store.sync(v0, v0 + 20)).report
    expect(first).toMatchObject({ ties: 15, held: 0, unlabelled: 0, orphaned: 0, rejected: 0, superseded: 0 })
    expect(first.written).toEqual({ elasticsearch: 10, cassandra: 25 })
    const state = store.state()
    store.forget()
    const second = (await store.sync(v0, v0 + 20)).report
    expect(second).toMatchObject({ unchanged: 40, ties: 0, written: { elasticsearch: 0, cassandra: 0 } })
    expect(store.writes).toEqual([])
    expect(store.state()).toEqual(state)
  })

  test('much later, with the clock at another place', async () => {
    const store = mixed()
    await store.sync(v0, v0 + 20)
    store.forget()
    store.clock.pass(86_400 * second)
    await store.sync(v0, v0 + 20)
    expect(store.writes).toEqual([])
  })

  test('of the parts of a window, in any order', async () => {
    const parts = [0, 4, 8, 12, 16].map((start) => [v0 + start, v0 + start + 4] as const)
    const store = mixed()
    for (const [from, to] of parts.toReversed()) await store.sync(from, to)
    for (const [from, to] of parts) await store.sync(from, to)
    expect(contentOf(store)).toEqual(contentOf(await afterOneWindow()))
    store.forget()
    for (const [from, to] of [parts[2]!, parts[0]!, parts[4]!, parts[1]!, parts[3]!]) await store.sync(from, to)
    await store.sync(v0, v0 + 20)
    expect(store.writes).toEqual([])
  })

  test('after the entries expired', async () => {
    const store = new MemoryPair()
    for (const id of idsOf(5, 'expired')) store.index(id, v0 + 1, { a: 1 })
    await store.sync(v0, v0 + 20)
    store.rows.expireEntries(v0 + 100)
    store.forget()
    await store.sync(v0, v0 + 20)
    expect(store.writes).toEqual([])
  })
})

describe('runs that overlap in time', () => {
  const seeds = Array.from({ length: 12 }, (_, seed) => seed + 1)

  /** Lets each request take a while, another one each, the same in every run of the seed. */
  const interleave = (store: MemoryPair, seed: number): void => {
    let state = seed
    const wait = async (): Promise<void> => {
      state = (state * 48_271) % 2_147_483_647
      for (let turns = state % 4; turns > 0; turns -= 1) await turn()
    }
    store.onRequest = wait
    store.onApplied = wait
  }

  test.each(seeds)('of one window end as one run does, and leave nothing to do (order %i)', async (seed) => {
    const store = mixed()
    interleave(store, seed)
    await Promise.all([1, 2, 3].map(() => store.sync(v0, v0 + 20)))
    expect(store.state()).toEqual(await settled())
    store.forget()
    await store.sync(v0, v0 + 20)
    expect(store.writes).toEqual([])
  })

  test.each(seeds)('of overlapping windows end with equal stores, and leave nothing to do (order %i)', async (seed) => {
    const store = mixed()
    interleave(store, seed)
    const windows = [
      [v0, v0 + 20],
      [v0 + 5, v0 + 15],
      [v0 - 5, v0 + 8],
    ] as const
    await Promise.all(windows.map(([from, to]) => store.sync(from, to)))
    expect(contentOf(store)).toEqual(contentOf(await afterOneWindow()))
    store.forget()
    for (const [from, to] of windows.toReversed()) await store.sync(from, to)
    expect(store.writes).toEqual([])
  })
})

const afterOneWindow = async (): Promise<MemoryPair> => {
  const store = mixed()
  await store.sync(v0, v0 + 20)
  return store
}

/** Content and versions of both sides. Write times are left out: they tell which run came first. */
const contentOf = (store: MemoryPair): unknown =>
  idsOf(40, 'mixed').map((id) => ({
    row: store.row(id),
    document: store.document(id),
    label: Math.max(...store.labels(id)),
  }))

test('both stores hold the same after one window', async () => {
  const store = await afterOneWindow()
  for (const id of idsOf(40, 'mixed')) {
    const { version, source } = store.document(id)!
    expect(source).toEqual({ ...store.row(id), timestamp: version })
    expect(Math.max(...store.labels(id))).toBe(version)
    expect(store.rows.rowOf(id)?.writeTime).toBeGreaterThanOrEqual(at(version))
  }
})
