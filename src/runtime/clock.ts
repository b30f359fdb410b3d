import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../ports/clock.js'

/** The clocks of this machine. */
export const systemClock: Clock = {
  now: () => Date.now() * 1_000,
  monotonic: () => Number(process.hrtime.bigint() / 1_000n),
  // Timers may fire a little early; a look that has to be settle apart would then be taken for nothing.
  sleep: async (span, signal) => {
    try {
      await sleep(Math.ceil(span / 1_000) + 1, undefined, { signal })
    } catch (error) {
      // Node throws an AbortError of its own; whoever aborted said why.
      signal.throwIfAborted()
      throw error
    }
  },
}
