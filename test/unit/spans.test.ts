import { describe, expect, it, test } from 'vitest'
import { timeToCatchUp } from '../../src/core/catch-up.js'
import { spanLabel } from '../../src/core/span-label.js'

const second = 1_000_000

test.each([
  [0, '0 s'],
  [0.999, '0 s'],
  [42, '42 s'],
  [60, '1 min'],
  [200, '3 min 20 s'],
  [3_600, '1 h'],
  [7_530, '2 h 5 min'],
  [86_399, '23 h 59 min'],
  [4 * 86_400 + 59, '4 d'],
])('%d seconds are "%s"', (seconds, label) => {
  expect(spanLabel(seconds * second)).toBe(label)
})

describe('the time until a pair has caught up', () => {
  const at = (seconds: number, watermark: number) => ({ at: seconds * second, watermark })

  it('follows from how much faster than time the watermark moves', () => {
    // 200 behind, three seconds of work a second: two gained each second.
    expect(timeToCatchUp([at(1_000, 790), at(1_010, 820)], 's', 1_020 * second)).toBe(100 * second)
  })

  it('is not known from one sample, nor while nothing is gained', () => {
    expect(timeToCatchUp([], 's', 0)).toBeUndefined()
    expect(timeToCatchUp([at(1_000, 500)], 's', 1_000 * second)).toBeUndefined()
    expect(timeToCatchUp([at(1_000, 500), at(1_010, 510)], 's', 1_010 * second)).toBeUndefined()
    expect(timeToCatchUp([at(1_000, 500), at(1_010, 500)], 's', 1_010 * second)).toBeUndefined()
  })
})
