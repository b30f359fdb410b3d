import { describe, expect, test } from 'vitest'
import { paceOf } from '../../../src/sync/pace.js'
import { second } from '../../support/default-rules.js'
import { FakeClock } from '../../support/fake-clock.js'

const live = new AbortController().signal

describe('a limit of the rate', () => {
  test('holds up what would go over it, and saves nothing of a quiet time', async () => {
    const clock = new FakeClock(0)
    const pace = paceOf(1_000, clock)
    for (let each = 0; each < 10; each += 1) await pace(500, live)
    expect(clock.monotonic()).toBe(4.5 * second)
    clock.pass(60 * second)
    const before = clock.monotonic()
    await pace(1_000, live)
    await pace(1_000, live)
    expect(clock.monotonic() - before).toBe(second)
  })
})
