import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutSequence, ring, shorter, splitRing } from '../../src/core/run-part.js'

describe('the ring', () => {
  it('is split into parts that tile it, whatever their number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), (count) => {
        const parts = splitRing(count)
        expect(parts).toHaveLength(count)
        expect(parts[0]!.from).toBe(String(ring.first))
        expect(parts.at(-1)!.to).toBe(String(ring.last))
        for (const [index, { from, to }] of parts.entries()) {
          expect(BigInt(from)).toBeLessThanOrEqual(BigInt(to))
          const next = parts[index + 1]?.from ?? BigInt(to) + 1n
          expect(BigInt(next)).toBe(BigInt(to) + 1n)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('is split into parts of nearly equal length', () => {
    const lengths = splitRing(7).map(({ from, to }) => BigInt(to) - BigInt(from))
    expect(new Set(lengths.map((length) => length - lengths[0]!)).size).toBeLessThanOrEqual(2)
    expect(lengths.every((length) => length - lengths[0]! <= 1n && length - lengths[0]! >= -1n)).toBe(true)
  })

  it('never ends at the token that Cassandra takes for no end at all', () => {
    expect(splitRing(64).some(({ to }) => to === String(-(2n ** 63n)))).toBe(false)
  })
})

describe('what a shard counts', () => {
  it('is cut into parts that tile everything from 0 on, and the last has no end', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -5, max: 1e15 }), { maxLength: 40 }), (cuts) => {
        const parts = cutSequence(cuts)
        expect(parts[0]!.from).toBe(0)
        expect(parts.at(-1)!.to).toBeUndefined()
        for (const [index, { from, to }] of parts.entries()) {
          expect(Number.isSafeInteger(from)).toBe(true)
          if (to === undefined) continue
          expect(to).toBeGreaterThan(from)
          expect(parts[index + 1]!.from).toBe(to)
        }
      }),
    )
  })

  it('is one part where there is nothing to cut at', () => {
    expect(cutSequence([])).toEqual([{ side: 'elasticsearch', from: 0 }])
    expect(cutSequence([Number.NaN, 0, 0, -1])).toEqual([{ side: 'elasticsearch', from: 0 }])
  })
})

describe('a part of documents', () => {
  it('is made shorter in parts that tile it', () => {
    const ends = fc.tuple(fc.nat(2 ** 40), fc.integer({ min: 1, max: 2 ** 40 }), fc.integer({ min: 1, max: 9 }))
    fc.assert(
      fc.property(ends, ([from, length, count]) => {
        const parts = shorter({ side: 'elasticsearch', from, to: from + length }, count)
        expect(parts.length).toBeLessThanOrEqual(count)
        expect(parts[0]!.from).toBe(from)
        expect(parts.at(-1)!.to).toBe(from + length)
        for (const part of parts) expect(part.to).toBeGreaterThan(part.from)
        expect(parts.slice(1).map((part) => part.from)).toEqual(parts.slice(0, -1).map((part) => part.to))
      }),
      { numRuns: 100, seed: 1 },
    )
  })

  it('stays whole where it has no end', () => {
    const part = { side: 'elasticsearch', from: 17 } as const
    expect(shorter(part, 5)).toEqual([part])
  })
})
