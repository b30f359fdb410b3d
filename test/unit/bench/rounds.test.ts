import { describe, expect, it } from 'vitest'
import { comparisonText } from '../../../bench/report.js'
import { compare, median, rotated, type Contender } from '../../../bench/rounds.js'

describe('a comparison', () => {
  it('runs every contender once a round on the same data, the first twice, in an order that rotates', async () => {
    const runs: string[] = []
    const contender = (name: string): Contender<number> => ({
      name,
      ready: async (round) => {
        runs.push(`${name}${round}`)
        return async () => 100
      },
    })
    const { measured } = await compare(
      { title: 'job', contenders: [contender('a'), contender('b')], prepare: async (number) => number },
      2,
      () => undefined,
    )

    expect(runs).toEqual(['a0', 'a0', 'b0', 'a1', 'b1', 'a1', 'b2', 'a2', 'a2'])
    expect(measured.map(({ name }) => name)).toEqual(['a', 'the same once more (A/A)', 'b'])
    // The round before the first is not counted.
    for (const { rates, ratios } of measured) expect([rates.length, ratios.length]).toEqual([2, 2])
    expect(measured[0]!.ratios).toEqual([1, 1])
  })

  it('a contender that fails ends it, so that no figure stands for a job that was not done', async () => {
    const failing: Contender<number> = { name: 'a', ready: () => Promise.reject(new Error('not what was asked')) }
    const comparison = { title: 'job', contenders: [failing] as [typeof failing], prepare: async () => 0 }
    await expect(compare(comparison, 1, () => undefined)).rejects.toThrow('not what was asked')
  })
})

it('the median is the middle value, or the mean of the two in the middle', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
  expect(median([])).toBeNaN()
})

it('rotating keeps all items', () => {
  expect(rotated(['a', 'b', 'c'], 4)).toEqual(['b', 'c', 'a'])
  expect(rotated([], 3)).toEqual([])
})

it('the report shows medians, and how far the ratios lie apart', () => {
  const measured = [{ name: 'ours', rates: [1_000, 3_000, 2_000], ratios: [0.5, 1, 1.5] }]
  expect(comparisonText({ title: 'job', measured })).toContain('| ours | 2,000 | 1.00 | 0.50–1.50 |')
})
