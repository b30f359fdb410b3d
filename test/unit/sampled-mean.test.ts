import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { sampledMean } from '../../src/core/sampled-mean.js'

const self = (item: number): number => item

it('is the mean of all where they are few', () => {
  expect(sampledMean([1, 2, 6], self)).toBe(3)
  expect(sampledMean([], self)).toBeNaN()
})

it('weighs some from all over the items where they are many', () => {
  fc.assert(
    fc.property(fc.integer({ min: 200, max: 5_000 }), (count) => {
      let weighed = 0
      const mean = sampledMean(
        Array.from({ length: count }, (_, at) => at),
        (item) => {
          weighed += 1
          return item
        },
      )
      expect(weighed).toBeLessThanOrEqual(128)
      // Items that grow evenly have their mean in the middle, give or take a step of the sample.
      expect(Math.abs(mean - count / 2)).toBeLessThanOrEqual(count / 32)
    }),
  )
})
