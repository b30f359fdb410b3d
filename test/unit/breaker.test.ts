import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  closedBreaker,
  failed,
  started,
  succeeded,
  undecided,
  waitAt,
  type Breaker,
  type BreakerRules,
} from '../../src/core/breaker.js'
import { pauseAfter } from '../../src/core/pause.js'

const rules: BreakerRules = { failures: 3, firstMs: 1_000, longestMs: 15_000, probeMs: 5_000 }
const now = 100_000
/** Nothing is taken off the pause. */
const longest = 1

const closed = (failures: number): Breaker => ({ state: 'closed', failures })
const open = (times: number, until: number): Breaker => ({ state: 'open', times, until })
const probing = (times: number, until: number): Breaker => ({ state: 'probing', times, until })

type Asked = { readonly wait: number } | { readonly next: Breaker }

const ask = (breaker: Breaker): Asked => {
  const wait = waitAt(breaker, now)
  return wait > 0 ? { wait } : { next: started(breaker, now, rules) }
}

interface Row {
  readonly from: Breaker
  readonly asks: Asked
  readonly succeeds: Breaker
  readonly fails: Breaker
  readonly tellsNothing: Breaker
}

/** Every state, before and after its time where it has one. */
const table: readonly Row[] = [
  {
    from: closed(0),
    asks: { next: closed(0) },
    succeeds: closed(0),
    fails: closed(1),
    tellsNothing: closed(0),
  },
  {
    from: closed(1),
    asks: { next: closed(1) },
    succeeds: closed(0),
    fails: closed(2),
    tellsNothing: closed(1),
  },
  {
    from: closed(2),
    asks: { next: closed(2) },
    succeeds: closed(0),
    fails: open(1, now + 1_000),
    tellsNothing: closed(2),
  },
  {
    from: open(1, now + 400),
    asks: { wait: 400 },
    succeeds: open(1, now + 400),
    fails: open(1, now + 400),
    tellsNothing: open(1, now + 400),
  },
  {
    from: open(1, now),
    asks: { next: probing(1, now + 5_000) },
    succeeds: open(1, now),
    fails: open(1, now),
    tellsNothing: open(1, now),
  },
  {
    from: probing(1, now + 4_000),
    asks: { wait: 4_000 },
    succeeds: closed(0),
    fails: open(2, now + 2_000),
    tellsNothing: open(1, now),
  },
  {
    from: probing(4, now - 1),
    asks: { next: probing(4, now + 5_000) },
    succeeds: closed(0),
    fails: open(5, now + 15_000),
    tellsNothing: open(4, now),
  },
]

describe('a breaker', () => {
  it.each(table)('that is $from', ({ from, asks, succeeds, fails, tellsNothing }) => {
    expect(ask(from)).toEqual(asks)
    expect(succeeded(from)).toEqual(succeeds)
    expect(failed(from, now, rules, longest)).toEqual(fails)
    expect(undecided(from, now)).toEqual(tellsNothing)
  })

  it('whatever happened, lets a window start after the longest pause, one at a time until one succeeds', () => {
    const step = fc.record({
      passes: fc.nat(20_000),
      event: fc.constantFrom('ask', 'succeed', 'fail', 'tell nothing'),
      random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let breaker = closedBreaker
        let time = 0
        let lastProbe = -Infinity
        let tooSoon = 0
        for (const { passes, event, random } of steps) {
          time += passes
          if (event === 'succeed') breaker = succeeded(breaker)
          else if (event === 'fail') breaker = failed(breaker, time, rules, random)
          else if (event === 'tell nothing') {
            breaker = undecided(breaker, time)
            lastProbe = -Infinity
          } else if (waitAt(breaker, time) === 0) {
            if (breaker.state === 'probing' && time - lastProbe < rules.probeMs) tooSoon += 1
            breaker = started(breaker, time, rules)
            lastProbe = time
          }
          expect(waitAt(breaker, time)).toBeLessThanOrEqual(rules.longestMs)
          expect(waitAt(breaker, time + rules.longestMs)).toBe(0)
        }
        expect(tooSoon).toBe(0)
      }),
    )
  })
})

describe('a pause', () => {
  it('doubles up to the longest, and half of it is random', () => {
    const pauses = [1, 2, 3, 4, 5, 1_000_000].map((failures) => pauseAfter(failures, rules, longest))
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000])
    expect(pauseAfter(1, rules, 0)).toBe(500)
    expect(pauseAfter(1_000_000, rules, 0)).toBe(7_500)
  })
})
