import { types } from 'cassandra-driver'
import { describe, expect, it } from 'vitest'
import { batched, rowSize } from '../../../src/adapters/cassandra/batches.js'
import { bucketOf } from '../../../src/adapters/cassandra/bucket.js'
import { idsOf } from '../../support/ids.js'

describe('rows that travel together', () => {
  it('share a route, keep their order, and are at most as many as allowed', () => {
    const items = Array.from({ length: 10 }, (_, index) => index)
    const groups = batched(
      items,
      (item) => String(item % 2),
      () => 1,
      { rows: 3, bytes: 100 },
    )
    expect(groups).toEqual([
      [0, 2, 4],
      [1, 3, 5],
      [6, 8],
      [7, 9],
    ])
  })

  it('stay below the size, and one beyond it travels alone', () => {
    const groups = batched(
      [60, 30, 20, 500, 10],
      () => '',
      (size) => size,
      { rows: 10, bytes: 100 },
    )
    expect(groups).toEqual([[60, 30], [20], [500], [10]])
  })

  it('are never estimated smaller than their values', () => {
    expect(rowSize(['ü'.repeat(1_000)])).toBeGreaterThan(2_000)
    expect(rowSize([['a'.repeat(500), 'b'.repeat(500)]])).toBeGreaterThan(1_000)
    expect(rowSize([new Map([['k'.repeat(500), 'v'.repeat(500)]])])).toBeGreaterThan(1_000)
    expect(rowSize([types.Tuple.fromArray([Buffer.alloc(1_000), 1])])).toBeGreaterThan(1_000)
    expect(rowSize([{ street: 'x'.repeat(1_000) }])).toBeGreaterThan(1_000)
    expect(rowSize([2n ** 4_000n])).toBeGreaterThan(500)
  })

  it('count columns that are cleared, as each is a tombstone, but not those left as they are', () => {
    expect(rowSize(Array.from({ length: 100 }, () => null))).toBeGreaterThan(2_000)
    expect(rowSize(Array.from({ length: 100 }, () => undefined))).toBe(0)
  })
})

describe('the bucket of an id', () => {
  it('is 0 where there is one', () => {
    expect(idsOf(50).map((id) => bucketOf(id, 1))).toEqual(idsOf(50).map(() => 0))
  })

  it('never changes, as entries are found again by it', () => {
    expect(bucketOf('ed31ee76-d49a-4c05-8f0a-6a856a94de8e', 16)).toBe(14)
    expect(bucketOf('00000000-0000-4000-8000-000000000000', 16)).toBe(5)
    // The published test vector of 32-bit FNV-1a: 'a' becomes e40c292c.
    expect(bucketOf('a', 2 ** 32)).toBe(0xe40c292c)
  })

  it('spreads ids evenly, also those that share their beginning', () => {
    const counts = Array.from({ length: 8 }, () => 0)
    for (let n = 0; n < 8_000; n += 1) {
      const bucket = bucketOf(`018f4e3c-7d2a-7000-8000-${n.toString(16).padStart(12, '0')}`, 8)
      counts[bucket] = (counts[bucket] ?? 0) + 1
    }
    expect(Math.min(...counts)).toBeGreaterThan(700)
    expect(Math.max(...counts)).toBeLessThan(1_300)
  })
})
