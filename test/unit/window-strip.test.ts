import { expect, test } from 'vitest'
import type { DoneWindow } from '../../src/core/pair-history.js'
import { noWindows } from '../../src/core/pair-status.js'
import { emptyReport, type WindowReport } from '../../src/core/report.js'
import { lastWindows } from '../../src/core/window-strip.js'

const at = (from: number) => ({ from, to: from + 10 })
const done = (from: number, more: Partial<WindowReport> = {}): DoneWindow => ({
  ...at(from),
  ended: 0,
  report: { ...emptyReport('p', at(from)), ...more },
})
const outcomes = (...parameters: Parameters<typeof lastWindows>) =>
  lastWindows(...parameters).map(({ window, outcome }) => [window.from, outcome])

test('windows stand in order of time, with what became of each', () => {
  const windows = [
    done(30, { rejected: 1, written: { elasticsearch: 1, cassandra: 0 } }),
    done(10),
    done(20, { written: { elasticsearch: 0, cassandra: 2 } }),
  ]
  const open = { waiting: [at(70)], active: [at(60)], delayed: [at(50)], failed: [at(40)] }
  expect(outcomes(windows, open, 10)).toEqual([
    [10, 'equal'],
    [20, 'written'],
    [30, 'set aside'],
    [40, 'failed'],
    [50, 'delayed'],
    [60, 'active'],
    [70, 'waiting'],
  ])
})

test('only the newest are kept', () => {
  expect(outcomes([done(10), done(30), done(20)], noWindows, 2)).toEqual([
    [20, 'equal'],
    [30, 'equal'],
  ])
})

test('a window that is run again is shown once, as it is now', () => {
  expect(outcomes([done(10)], { ...noWindows, active: [at(10)] }, 5)).toEqual([[10, 'active']])
})
