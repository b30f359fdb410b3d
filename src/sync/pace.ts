import type { Clock } from '../ports/clock.js'
import type { Pace } from '../ports/pace.js'

export const unhurried: Pace = async () => {}

/** The pace of a limit that may not be given. */
export const paceFor = (recordsPerSecond: number | undefined, clock: Pick<Clock, 'monotonic' | 'sleep'>): Pace =>
  recordsPerSecond === undefined ? unhurried : paceOf(recordsPerSecond, clock)

/** At most so many records a second on average, for all that share it. What was not used up is not saved. */
export const paceOf = (recordsPerSecond: number, clock: Pick<Clock, 'monotonic' | 'sleep'>): Pace => {
  let next = clock.monotonic()
  return async (records, signal) => {
    const now = clock.monotonic()
    const begins = Math.max(now, next)
    next = begins + (records * 1_000_000) / recordsPerSecond
    if (begins > now) await clock.sleep(begins - now, signal)
  }
}
