import { describe, expect, it } from 'vitest'
import { versionAt } from '../../src/core/version.js'
import { tickOffset } from '../../src/core/tick-offset.js'

const second = 1_000_000

describe('ticks', () => {
  it('come right after windows can be handed out, as the clocks of machines differ', () => {
    expect(tickOffset([2 * second], second)).toBe(10_000)
    expect(tickOffset([500_000], second)).toBe(510_000)
    expect(tickOffset([2 * second], 60 * second)).toBe(2_010_000)
    expect(tickOffset([0], 200_000)).toBe(10_000)
  })

  it.each([1, 2, 5, 60])('hand out a window less than 20 ms after it may be, every %d s', (seconds) => {
    const interval = seconds * second
    for (const settle of [0, 250_000, second, 1_900_000, 2 * second, 7_300_000]) {
      const tick = 1_700_000_040 * second + tickOffset([settle], interval)
      const end = Math.floor(versionAt(tick - settle, 's') / seconds) * seconds * second
      expect(tick - settle - end).toBeLessThan(20_000)
    }
  })

  it('keep the longest wait of pairs that settle differently as short as it can be', () => {
    // 0.01, 0.21 and 0.31: after the last of them all are ready, and none has waited for more than 0.3 s.
    expect(tickOffset([2 * second, 200_000, 1_300_000], second)).toBe(310_000)
    // 0.91 and 0.01: the first of them waits for 0.1 s.
    expect(tickOffset([900_000, second], second)).toBe(10_000)
  })

  it('are never at 0, which the queue takes for no wish', () => {
    expect(tickOffset([990_000], second)).toBe(1_000)
    expect(tickOffset([0], 10_000)).toBe(1_000)
  })
})
