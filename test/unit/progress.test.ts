import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { acknowledge, plan, plannedUpTo, startAt, type Progress } from '../../src/core/progress.js'
import { merged, uncovered, type Window } from '../../src/core/window.js'

const window = fc
  .tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 60 }))
  .map(([from, length]): Window => ({ from, to: from + length }))
const windows = fc.array(window, { maxLength: 12 })
const cadence = fc.record({ step: fc.integer({ min: 1, max: 40 }), maxOpen: fc.integer({ min: 1, max: 30 }) })

const acknowledgeAll = (progress: Progress, all: readonly Window[]): Progress =>
  all.reduce<Progress>(acknowledge, progress)
const length = (all: readonly Window[]): number => all.reduce((sum, { from, to }) => sum + to - from, 0)

describe('acknowledging', () => {
  it('never moves the watermark back', () => {
    fc.assert(
      fc.property(fc.nat(500), windows, (start, all) => {
        let progress = startAt(start)
        for (const each of all) {
          const next = acknowledge(progress, each)
          expect(next.watermark).toBeGreaterThanOrEqual(progress.watermark)
          progress = next
        }
      }),
    )
  })

  it('moves the watermark only over ranges that were acknowledged', () => {
    fc.assert(
      fc.property(fc.nat(500), windows, (start, all) => {
        const { watermark } = acknowledgeAll(startAt(start), all)
        expect(uncovered({ from: start, to: watermark }, all)).toEqual([])
      }),
    )
  })

  it('forgets nothing: watermark and ranges together cover exactly the start and what was acknowledged', () => {
    fc.assert(
      fc.property(fc.nat(500), windows, (start, all) => {
        const { watermark, acknowledged } = acknowledgeAll(startAt(start), all)
        expect(merged([{ from: 0, to: watermark }, ...acknowledged])).toEqual(merged([{ from: 0, to: start }, ...all]))
      }),
    )
  })

  it('keeps ranges disjoint, in order, apart from each other and beyond the watermark', () => {
    fc.assert(
      fc.property(fc.nat(500), windows, (start, all) => {
        const { watermark, acknowledged } = acknowledgeAll(startAt(start), all)
        let end = watermark
        for (const range of acknowledged) {
          expect(range.from).toBeGreaterThan(end)
          expect(range.to).toBeGreaterThan(range.from)
          end = range.to
        }
      }),
    )
  })

  it('comes to the same in any order and any number of times', () => {
    const orders = windows.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })),
    )
    fc.assert(
      fc.property(fc.nat(500), orders, (start, [all, shuffled]) => {
        expect(acknowledgeAll(startAt(start), shuffled)).toEqual(acknowledgeAll(startAt(start), all))
      }),
    )
  })
})

describe('planning', () => {
  it('hands out exactly what is neither acknowledged nor open, up to the last whole step', () => {
    fc.assert(
      fc.property(fc.nat(300), windows, windows, fc.nat(700), cadence, (start, done, open, until, steps) => {
        const progress = acknowledgeAll(startAt(start), done)
        const planned = plan(progress, open, until, steps)
        const step = steps.step * 2 ** Math.floor(open.length / steps.maxOpen)
        const end = Math.floor(until / step) * step
        const holes = uncovered({ from: progress.watermark, to: end }, [...progress.acknowledged, ...open])
        expect(merged(planned)).toEqual(merged(holes))
        expect(length(planned)).toBe(length(holes))
      }),
    )
  })

  it('hands out nothing more once that is open', () => {
    fc.assert(
      fc.property(fc.nat(300), windows, fc.nat(700), cadence, (start, open, until, steps) => {
        const progress = startAt(start)
        const planned = plan(progress, open, until, steps)
        expect(plan(progress, [...open, ...planned], until, steps)).toEqual([])
      }),
    )
  })

  it('brings the watermark to the last whole step once everything handed out is acknowledged', () => {
    fc.assert(
      fc.property(fc.nat(300), windows, fc.nat(700), cadence, (start, done, until, steps) => {
        const progress = acknowledgeAll(startAt(start), done)
        const { watermark } = acknowledgeAll(progress, plan(progress, [], until, steps))
        expect(watermark).toBeGreaterThanOrEqual(Math.floor(until / steps.step) * steps.step)
      }),
    )
  })

  it('makes larger windows of a long gap instead of more than it may', () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.integer({ min: 1, max: 1_000_000 }), cadence, (start, gap, steps) => {
        const planned = plan(startAt(start), [], start + gap, steps)
        // A hole that begins or ends off the grid may add one window.
        expect(planned.length).toBeLessThanOrEqual(steps.maxOpen + 1)
      }),
    )
  })

  it('keeps the number of open windows small while nobody works on them', () => {
    const steps = { step: 1, maxOpen: 20 }
    const open: Window[] = []
    for (let now = 0; now <= 20_000; now += 1) open.push(...plan(startAt(0), open, now, steps))
    // 20 of each length: 1, 2, 4, … 512 units.
    expect(open.length).toBeLessThanOrEqual(20 * 10)
    expect(merged(open)).toEqual([{ from: 0, to: Math.max(...open.map(({ to }) => to)) }])
    expect(Math.max(...open.map(({ to }) => to))).toBeGreaterThan(19_000)
  })

  it('cuts alike for two planners that look at different moments', () => {
    expect(plan(startAt(7), [], 25, { step: 10, maxOpen: 10 })).toEqual([
      { from: 7, to: 10 },
      { from: 10, to: 20 },
    ])
    expect(plan(startAt(7), [], 31, { step: 10, maxOpen: 10 })).toEqual([
      { from: 7, to: 10 },
      { from: 10, to: 20 },
      { from: 20, to: 30 },
    ])
  })

  it('plans nothing before the first whole step has passed', () => {
    expect(plan(startAt(7), [], 9, { step: 10, maxOpen: 10 })).toEqual([])
  })
})

describe('planned', () => {
  it('is the end of everything acknowledged or handed out', () => {
    const progress = { watermark: 10, acknowledged: [{ from: 20, to: 30 }] }
    expect(plannedUpTo(progress, [])).toBe(30)
    expect(plannedUpTo(progress, [{ from: 30, to: 40 }])).toBe(40)
    expect(plannedUpTo(startAt(10), [])).toBe(10)
  })
})
