import { expect, test } from 'vitest'
import { Freshness } from '../../../src/sync/freshness.js'
import { FakeClock } from '../../support/fake-clock.js'
import { rules, second, at, v0 } from '../../support/observations.js'

const fresh = () => {
  const clock = new FakeClock(at(v0))
  return { clock, freshness: new Freshness(clock, rules) }
}

test('a reading may be written from until its freshness is over', () => {
  const { clock, freshness } = fresh()
  clock.pass(5 * second)
  expect(freshness.maySend()).toBe(true)
  clock.pass(1)
  expect(freshness.maySend()).toBe(false)
})

test('a wall clock that was set, in either direction, makes a reading old', () => {
  for (const step of [6 * second, -6 * second]) {
    const { clock, freshness } = fresh()
    clock.step(step)
    expect(freshness.maySend()).toBe(false)
  }
})

test('half of the time is left for rows, decision and writes', () => {
  const { clock, freshness } = fresh()
  clock.pass(2.5 * second)
  expect(freshness.isYoung()).toBe(true)
  clock.pass(1)
  expect(freshness.isYoung()).toBe(false)
})
