import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sumVersions, unlike, type VersionSum } from '../../src/core/version-sum.js'
import type { Window } from '../../src/core/window.js'

const ranges: readonly Window[] = [
  { from: 100, to: 110 },
  { from: 120, to: 121 },
]

describe('sums of versions', () => {
  it('are those of each range, with its start and without its end', () => {
    expect(sumVersions(ranges, [99, 100, 109, 110, 120, 120, 121])).toEqual([
      { from: 100, to: 110, count: 2, sum: 209 },
      { from: 120, to: 121, count: 2, sum: 240 },
    ])
    expect(sumVersions(ranges, [])).toEqual([
      { from: 100, to: 110, count: 0, sum: 0 },
      { from: 120, to: 121, count: 0, sum: 0 },
    ])
  })

  it('of microseconds are right to one part in 2^50 for as many as one job has', () => {
    const from = 1_700_000_000_000_003
    const versions = Array.from({ length: 20_000 }, (_, at) => from + 7 * at)
    const exact = versions.reduce((sum, version) => sum + BigInt(version), 0n)
    const [{ sum } = { sum: NaN }] = sumVersions([{ from, to: from + 1e9 }], versions)
    const error = BigInt(sum) - exact
    expect(Number(error < 0n ? -error : error)).toBeLessThan(Number(exact) * 2 ** -52)
  })
})

describe('two sides are unlike', () => {
  it('where one has more versions, or others', () => {
    const documents = [
      { from: 100, to: 110, count: 2, sum: 209 },
      { from: 120, to: 121, count: 2, sum: 240 },
    ]
    expect(unlike(documents, [100, 109, 120, 120, 500])).toEqual([])
    expect(unlike(documents, [100, 109, 120, 120, 120])).toEqual([ranges[1]])
    expect(unlike(documents, [101, 109, 120, 120])).toEqual([ranges[0]])
    expect(unlike(documents, [])).toEqual(ranges)
    expect(unlike([{ from: 0, to: 1, count: 1, sum: 0 }], [0, 0])).toEqual([{ from: 0, to: 1 }])
  })

  it('not where a store has rounded the last digit', () => {
    const from = 1_700_000_000_000_000
    const range = { from, to: from + 1_000 }
    const versions = Array.from({ length: 1_001 }, (_, at) => from + at)
    const [exact] = sumVersions([range], versions)
    for (const error of [-(2 ** -52), 2 ** -52]) {
      const rounded = { ...exact!, sum: exact!.sum * (1 + error) }
      expect(rounded.sum).not.toBe(exact!.sum)
      expect(unlike([rounded], versions)).toEqual([])
    }
  })

  it('whenever a single version of thousands differs by a hundredth of a second, whatever the unit', () => {
    const samples = fc.record({
      from: fc.constantFrom(1_700_000_000, 1_700_000_000_000, 1_700_000_000_000_000),
      count: fc.integer({ min: 1, max: 3_000 }),
      seed: fc.integer({ min: 1, max: 1_000 }),
    })
    fc.assert(
      fc.property(samples, ({ from, count, seed }) => {
        // A second of the unit.
        const length = from / 1_700_000_000
        const versions = Array.from({ length: count }, (_, at) => from + ((at * seed) % length))
        const range = { from, to: from + 2 * length }
        // As a store does it: added up in doubles, with the error of each step kept.
        const stored = (list: readonly number[]): VersionSum => ({
          ...range,
          count: list.length,
          sum: Number(list.reduce((sum, version) => sum + BigInt(version), 0n)),
        })
        expect(unlike([stored(versions)], versions)).toEqual([])
        const [first = 0, ...others] = versions
        const moved = [first + Math.max(1, Math.ceil(length / 100)), ...others]
        expect(unlike([stored(moved)], versions)).toEqual([range])
      }),
    )
  })
})
