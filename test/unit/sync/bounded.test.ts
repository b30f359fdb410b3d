import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { syncWindow } from '../../../src/sync/sync-window.js'
import { idsOf } from '../../support/ids.js'
import { v0 } from '../../support/observations.js'
import { MemoryPair } from './memory-pair.js'

const half = 5_000

/** 10,000 records, half of them on each side. */
const many = (pageSize: number): MemoryPair => {
  const store = new MemoryPair({ pageSize })
  for (const id of idsOf(half, 'document')) store.index(id, v0 + 1, { a: 1 })
  for (const id of idsOf(half, 'row')) store.batch(id, v0 + 2, { a: 2 })
  return store
}

const tallied = (store: MemoryPair): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const { method } of store.calls) counts[method] = (counts[method] ?? 0) + 1
  return counts
}

test.each([1_000, 5_000])(
  '10,000 records need few calls, none with more than 2,000 ids (pages of %i)',
  async (size) => {
    const store = many(size)
    const { report } = await store.sync(v0, v0 + 10)
    expect(report).toMatchObject({
      read: { elasticsearch: half, cassandra: half },
      written: { elasticsearch: half, cassandra: half },
    })
    expect(Math.max(...store.calls.map(({ ids }) => ids.length))).toBeLessThanOrEqual(2_000)
    const documentChunks = size === 1_000 ? 5 : 3
    expect(tallied(store)).toEqual({
      'open view': 1,
      pages: 2,
      'read entries': 1,
      'read rows': documentChunks + 3,
      'write entries': documentChunks,
      'write rows': documentChunks,
      'write documents': 3,
    })
  },
)

test('a second run reads each record once, in the same number of calls, and writes nothing', async () => {
  const store = many(1_000)
  await store.sync(v0, v0 + 10)
  store.forget()
  expect((await store.sync(v0, v0 + 10)).report.unchanged).toBe(2 * half)
  expect(tallied(store)).toEqual({ 'open view': 1, pages: 2, 'read entries': 1, 'read values': 10 })
})

test('two chunks are under way at a time, and no more pages are read ahead than they need', async () => {
  const store = many(1_000)
  let underWay = 0
  let most = 0
  let pages = 0
  let done = 0
  let furthest = 0
  const { getMany, writeRows } = store.pair.rows
  const pair = {
    ...store.pair,
    rows: {
      ...store.pair.rows,
      getMany: async (...args: Parameters<typeof getMany>) => {
        most = Math.max(most, (underWay += 1))
        await turn()
        return getMany(...args)
      },
      writeRows: async (...args: Parameters<typeof writeRows>) => {
        await turn()
        const outcomes = await writeRows(...args)
        underWay -= 1
        done += 1
        return outcomes
      },
    },
  }
  store.onRequest = (kind) => {
    if (kind === 'page') furthest = Math.max(furthest, (pages += 1) - done)
  }
  await syncWindow(pair, { from: v0, to: v0 + 2 }, { signal: new AbortController().signal })
  expect(most).toBe(2)
  expect(furthest).toBeLessThanOrEqual(3)
})
