import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lookBack } from '../../src/core/look-back.js'
import { withOverlap, type Window } from '../../src/core/window.js'

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

describe('what a window reads of the overlap behind it', () => {
  it('lies at ages that double', () => {
    expect(lookBack({ from: 1_000, to: 1_001 }, 20)).toEqual([
      { from: 980, to: 981 },
      { from: 990, to: 991 },
      { from: 995, to: 996 },
      { from: 997, to: 1_001 },
    ])
  })

  it('is all of it where the window is not shorter than the overlap, and nothing before 0', () => {
    expect(lookBack({ from: 1_000, to: 1_060 }, 20)).toEqual([{ from: 980, to: 1_060 }])
    expect(lookBack({ from: 1_000, to: 1_020 }, 20)).toEqual([{ from: 980, to: 1_020 }])
    expect(lookBack({ from: 10, to: 11 }, 20)).toEqual([
      { from: 0, to: 1 },
      { from: 5, to: 6 },
      { from: 7, to: 11 },
    ])
    expect(lookBack({ from: 1_000, to: 1_001 }, 0)).toEqual([{ from: 1_000, to: 1_001 }])
  })

  it('is never more than the overlap, and ends with the window', () => {
    fc.assert(
      fc.property(tiling, ({ windows, overlap }) => {
        for (const window of windows) {
          const ranges = lookBack(window, overlap)
          expect(ranges.at(-1)!.to).toBe(window.to)
          expect(ranges[0]!.from).toBe(withOverlap(window, overlap).from)
        }
      }),
    )
  })

  it('has each version read for the last time by the window that begins or goes on one overlap later', () => {
    fc.assert(
      fc.property(tiling, ({ windows, overlap, version }) => {
        const reading = windows.filter((window) => holds(lookBack(window, overlap), version))
        const whole = windows.filter((window) => holds([withOverlap(window, overlap)], version))
        expect(reading.at(-1)).toEqual(whole.at(-1))
        expect(holds([reading.at(-1)!], version + overlap)).toBe(true)
      }),
    )
  })

  it('has a version whose write lands late read again by the time that twice as much has passed, and a window', () => {
    fc.assert(
      fc.property(tiling, fc.double({ min: 0, max: 1, noNaN: true }), ({ windows, overlap, version }, share) => {
        const late = share * (overlap / 2)
        const longest = Math.max(...windows.map(({ from, to }) => to - from))
        // A window is read after its end.
        const again = windows.find((window) => window.to > version + late && holds(lookBack(window, overlap), version))
        expect(again).toBeDefined()
        expect(again!.from).toBeLessThanOrEqual(version + Math.max(2 * late + 1, longest))
      }),
    )
  })
})
