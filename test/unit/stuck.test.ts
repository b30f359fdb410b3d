import { expect, it } from 'vitest'
import { isStuck, looked, unwatched, type Watched } from '../../src/core/stuck.js'

const after = (signs: readonly number[]): Watched => signs.reduce(looked, unwatched)

it('is stuck what shows the same sign of life for a number of looks', () => {
  expect(isStuck(after([]), 3)).toBe(false)
  expect(isStuck(after([7, 7, 7]), 3)).toBe(false)
  expect(isStuck(after([7, 7, 7, 7]), 3)).toBe(true)
})

it('starts anew with every other sign, in whatever direction it changed', () => {
  expect(isStuck(after([7, 7, 7, 8, 8, 8]), 3)).toBe(false)
  expect(isStuck(after([7, 7, 7, -1, 7, 7, 7]), 3)).toBe(false)
})
