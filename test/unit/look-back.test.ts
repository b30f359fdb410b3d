import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allOf, lookBack, wholeOverlap } from '../../src/core/look-back.js'
import { merged, withOverlap, type Window } from '../../src/core/window.js'

const holds = (ranges: readonly Window[], version: number): boolean =>
  ranges.some(({ from, to }) => version >= from && version < to)

/** Windows of any lengths that tile the time from 1,000 on, an overlap longer than most of them, and a version. */
const tiling = fc
  .record({
    lengths: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 40, maxLength: 80 }),
    overlap: fc.integer({ min: 1, max: 40 }),
    version: fc.integer({ min: 1_000, max: 1_040 }),
  })
  .map(({ lengths, ...rest }) => {
    let from = 1_000
    return { ...rest, windows: lengths.map((length): Window => ({ from, to: (from += length) })) }
  })
  .filter(({ windows, version, overlap }) => windows.at(-1)!.to > version + overlap)

/** Everything that a window may read. */
const all = (window: Window, overlap: number): Window[] => {
  return merged(allOf(lookBack(window, overlap)))
}

describe('what a window reads of the overlap behind it', () => {
  it('is itself and what it reads last in any case, and what lies at ages that double where the sides are unlike', () => {
    expect(lookBack({ from: 1_000, to: 1_001 }, 20)).toEqual({
      first: [{ from: 1_000, to: 1_001 }],
      last: [{ from: 980, to: 981 }],
      ifUnlike: [
        { from: 990, to: 991 },
        { from: 995, to: 996 },
        { from: 997, to: 998 },
        { from: 998, to: 999 },
        { from: 999, to: 1_000 },
      ],
    })
    expect(lookBack({ from: 1_000, to: 1_008 }, 20)).toEqual({
      first: [{ from: 1_000, to: 1_008 }],
      last: [{ from: 980, to: 988 }],
      ifUnlike: [
        { from: 990, to: 998 },
        { from: 998, to: 1_000 },
      ],
    })
  })

  it('is all of it where the window is not shorter than the overlap, and nothing before 0', () => {
    for (const to of [1_020, 1_060]) {
      const window = { from: 1_000, to }
      const whole = { first: [window], last: [{ from: 980, to: 1_000 }], ifUnlike: [] }
      expect(lookBack(window, 20)).toEqual(whole)
      expect(wholeOverlap(window, 20)).toEqual(whole)
    }
    expect(all({ from: 10, to: 11 }, 20)).toEqual([
      { from: 0, to: 1 },
      { from: 5, to: 6 },
      { from: 7, to: 11 },
    ])
    const alone = { from: 1_000, to: 1_001 }
    expect(lookBack(alone, 0)).toEqual({ first: [alone], last: [], ifUnlike: [] })
  })

  it('has no version twice', () => {
    fc.assert(
      fc.property(tiling, ({ windows, overlap }) => {
        for (const window of windows) {
          const ranges = allOf(lookBack(window, overlap)).toSorted((a, b) => a.from - b.from)
          let end = 0
          for (const { from, to } of ranges) {
            expect(from).toBeGreaterThanOrEqual(end)
            expect(to).toBeGreaterThan(from)
            end = to
          }
        }
      }),
    )
  })

  it('is never more than the overlap, and in any case its beginning and the window itself', () => {
    fc.assert(
      fc.property(tiling, ({ windows, overlap }) => {
        for (const window of windows) {
          const { first, last } = lookBack(window, overlap)
          expect(first).toEqual([window])
          expect(last[0]!.from).toBe(withOverlap(window, overlap).from)
          expect(all(window, overlap)[0]!.from).toBe(last[0]!.from)
          expect(all(window, overlap).at(-1)!.to).toBe(window.to)
        }
      }),
    )
  })

  it('has each version read in any case by the window that begins or goes on one overlap later, and by none after it', () => {
    fc.assert(
      fc.property(tiling, ({ windows, overlap, version }) => {
        const reading = windows.filter((window) => {
          const { first, last } = lookBack(window, overlap)
          return holds([...first, ...last], version)
        })
        const whole = windows.filter((window) => holds([withOverlap(window, overlap)], version))
        expect(reading.at(-1)).toEqual(whole.at(-1))
        expect(holds([reading.at(-1)!], version + overlap)).toBe(true)
      }),
    )
  })

  it('has a version whose write lands late looked at by the time that twice as much has passed, and a window', () => {
    fc.assert(
      fc.property(tiling, fc.double({ min: 0, max: 1, noNaN: true }), ({ windows, overlap, version }, share) => {
        const late = share * (overlap / 2)
        const longest = Math.max(...windows.map(({ from, to }) => to - from))
        // A window is read after its end.
        const again = windows.find((window) => window.to > version + late && holds(all(window, overlap), version))
        expect(again).toBeDefined()
        expect(again!.from).toBeLessThanOrEqual(version + Math.max(2 * late + 1, longest))
      }),
    )
  })
})
