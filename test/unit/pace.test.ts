import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { borne, fullPace, mayStart, overloaded, type Pace } from '../../src/core/pace.js'

const times = (count: number, step: (pace: Pace) => Pace, pace: Pace): Pace =>
  Array.from({ length: count }).reduce<Pace>((each) => step(each), pace)

describe('the pace of requests', () => {
  it('is halved by overload, from what was under way and not from what was allowed', () => {
    const pace = overloaded(fullPace(512), 40, 41, 40)
    expect(pace.limit).toBe(20)
    expect([mayStart(pace, 19), mayStart(pace, 20)]).toEqual([true, false])
    expect(overloaded(pace, 50, 51, 20).limit).toBe(10)
  })

  it('is halved once for those that were sent together', () => {
    const pace = overloaded(fullPace(512), 3, 40, 40)
    expect(overloaded(pace, 39, 41, 39)).toBe(pace)
    expect(overloaded(pace, 40, 41, 20).limit).toBe(10)
  })

  it('grows by one for each round of requests that went well, up to the most', () => {
    const slow = { limit: 4, most: 6, since: 0 }
    expect(Math.floor(times(3, borne, slow).limit)).toBe(4)
    expect(Math.floor(times(5, borne, slow).limit)).toBe(5)
    expect(times(100, borne, slow).limit).toBe(6)
  })

  it('never stands still: whatever happened, one may be under way', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ bad: fc.boolean(), underWay: fc.integer({ min: 1, max: 600 }) })), (steps) => {
        let pace = fullPace(512)
        for (const [number, { bad, underWay }] of steps.entries()) {
          pace = bad ? overloaded(pace, number, number + 1, underWay) : borne(pace)
          expect(mayStart(pace, 0)).toBe(true)
          expect(pace.limit).toBeLessThanOrEqual(512)
        }
      }),
    )
  })
})
