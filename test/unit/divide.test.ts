import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { divide, mostLabels, type Bin } from '../../src/core/divide.js'
import { allIds, isInShare, type WindowPart } from '../../src/core/window-part.js'
import { merged, type Window } from '../../src/core/window.js'
import { idsOf } from '../support/ids.js'

const overlap = 4

/** Bins of `width` from 100 on, and two empty overlaps behind them. */
const binsOf = (sizes: readonly number[], width = 1): { readonly range: Window; readonly bins: readonly Bin[] } => {
  const to = 100 + sizes.length * width
  const own = sizes.map((size, at): Bin => ({ from: 100 + at * width, to: 100 + (at + 1) * width, size }))
  return { range: { from: 100, to }, bins: [...own, { from: to, to: to + 2 * overlap, size: 0 }] }
}

const partsOf = (sizes: readonly number[], maxRecords: number): WindowPart[] => {
  const { range, bins } = binsOf(sizes)
  return divide(range, bins, { maxRecords, overlap })
}

describe('dividing', () => {
  it('tiles the range: every version and every id belongs to exactly one part', () => {
    const sizes = fc.array(fc.oneof(fc.constant(0), fc.nat(30), fc.nat(3_000_000)), { minLength: 1, maxLength: 40 })
    const some = idsOf(20, 'tile')
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 9 }), (all, maxRecords, width) => {
        const { range, bins } = binsOf(all, width)
        const parts = divide(range, bins, { maxRecords, overlap })
        expect(merged(parts.map(({ from, to }) => ({ from, to })))).toEqual([range])
        for (let version = range.from; version < range.to; version += 1) {
          const there = parts.filter(({ from, to }) => from <= version && version < to)
          for (const id of some) expect(there.filter(({ ids }) => isInShare(ids, id))).toHaveLength(1)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('fills parts up to what one job should hold', () => {
    expect(partsOf([4, 3, 3, 5, 5, 5, 1], 10)).toEqual([
      { from: 100, to: 103, ids: allIds },
      { from: 103, to: 105, ids: allIds },
      { from: 105, to: 107, ids: allIds },
    ])
  })

  it('deals the ids of a version out that holds too many by itself', () => {
    expect(partsOf([2, 45, 2], 10)).toEqual([
      { from: 100, to: 101, ids: allIds },
      ...[0, 1, 2, 3, 4].map((index) => ({ from: 101, to: 102, ids: { index, of: 5 } })),
      { from: 102, to: 103, ids: allIds },
    ])
  })

  it('makes no part of what is empty', () => {
    expect(partsOf([0, 0, 8, 0, 8, 0], 10)).toEqual([
      { from: 100, to: 104, ids: allIds },
      { from: 104, to: 106, ids: allIds },
    ])
  })

  it('leaves in one part what is not too much', () => {
    expect(partsOf([4, 3, 3], 10)).toEqual([{ from: 100, to: 103, ids: allIds }])
  })

  it('makes larger parts where records lie so close together that smaller ones would read the same entries again', () => {
    const sizes = Array.from({ length: 60 }, () => 1_000)
    const parts = partsOf(sizes, 10)
    // Each part reads the entries of three overlaps around it.
    const read = parts.reduce((sum, { from, to }) => sum + Math.min(to - from + 3 * overlap, 60) * 1_000, 0)
    expect(parts.length).toBeGreaterThan(8)
    expect(read / 60_000).toBeLessThan(16)
  })

  it.each([1_000_000, 30_000_000])('deals %i records of one version out to few parts that one job can hold', (size) => {
    const parts = partsOf([size], 20_000)
    expect(parts).toHaveLength(Math.max(8, size / mostLabels))
  })

  it('keeps the ids that one job has in mind bounded also where the entries lie around its range', () => {
    const { range, bins } = binsOf([10])
    const behind: Bin = { ...bins[1]!, size: 3 * mostLabels }
    expect(divide(range, [bins[0]!, behind], { maxRecords: 100, overlap })).toHaveLength(4)
  })
})

describe('a share of the ids', () => {
  it('holds about as many as any other', () => {
    const ids = idsOf(20_000, 'share')
    // As those of time-ordered UUIDs, all of which begin alike.
    const ordered = Array.from({ length: 20_000 }, (_, at) => `01890a5d-ac96-774b-bcce-${String(at).padStart(12, '0')}`)
    for (const of of [2, 3, 7, 16]) {
      for (const all of [ids, ordered]) {
        for (let index = 0; index < of; index += 1) {
          const count = all.filter((id) => isInShare({ index, of }, id)).length
          expect(count).toBeGreaterThan((all.length / of) * 0.9)
          expect(count).toBeLessThan((all.length / of) * 1.1)
        }
      }
    }
  })

  it('is the first for what is no UUID', () => {
    expect([0, 1, 2].map((index) => isInShare({ index, of: 3 }, 'no uuid'))).toEqual([true, false, false])
  })
})
