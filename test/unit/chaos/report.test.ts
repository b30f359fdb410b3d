import { expect, it } from 'vitest'
import { isPrompt, reportTable } from '../../chaos/support/report.js'
import type { Trial } from '../../chaos/support/trial.js'

const trial = (fault: string, equalAfterMs: number | undefined, more: Partial<Trial> = {}): Trial => ({
  fault,
  attempts: { acknowledged: 10, refused: 1, unknown: 2 },
  faultMs: 4_000,
  lingersMs: 0,
  equalAfterMs,
  caughtUpAfterMs: equalAfterMs,
  complaints: [],
  ...more,
})

const cellsOf = (table: string): string[][] => table.split('\n').map((line) => line.slice(2, -2).split(' | '))

it('a row a fault tells how often, how much, what was lost and how long it took in intervals', () => {
  const trials = [trial('a', 5_000), trial('b', 1_000), trial('a', 15_000, { faultMs: 9_000 }), trial('a', 6_000)]
  const [, , a, b, all] = cellsOf(reportTable({ trials, intervalSeconds: 5 }))
  expect(a).toEqual(['a', '3', '9 s', '30', '6', '0', '0', '1.2', '3.0', '3.0'])
  expect(b).toEqual(['b', '1', '4 s', '10', '2', '0', '0', '0.2', '0.2', '0.2'])
  expect(all).toEqual(['**all**', '4', '9 s', '40', '8', '0', '0', '1.0', '3.0', '3.0'])
})

it('what was lost, and what never became equal, cannot be overlooked', () => {
  const complaints = [
    { kind: 'lost', id: 'x', text: '' },
    { kind: 'different', id: 'x', text: '' },
    { kind: 'lost', id: 'y', text: '' },
  ] as const
  const trials = [trial('a', 1_000), trial('a', undefined, { complaints })]
  const [, , a] = cellsOf(reportTable({ trials, intervalSeconds: 1 }))
  expect(a).toEqual(['a', '2', '4 s', '20', '4', '2', '1', '1.0', 'never', 'never'])
})

it('prompt is two intervals after the fault, and after the time-out of connections that it leaves dead', () => {
  expect([13_000, 13_001].map((ms) => isPrompt(trial('a', ms, { lingersMs: 3_000 }), 5))).toEqual([true, false])
  expect([9_000, 10_000, 10_001, undefined].map((ms) => isPrompt(trial('a', ms), 5))).toEqual([
    true,
    true,
    false,
    false,
  ])
})
