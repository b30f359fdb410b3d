/**
 * The circuit breaker of one store. After a few windows in a row failed because of the store, none is started for a
 * while; then a single one is let through to find out. All times are milliseconds of a clock that never steps.
 *
 * | state     | a window asks        | one succeeds | one fails by the store   | one ends and tells nothing  |
 * |-----------|----------------------|--------------|--------------------------|-----------------------------|
 * | closed    | starts               | closed, 0    | closed, +1; or open      | closed                      |
 * | open      | waits; then probing  | open         | open                     | open                        |
 * | probing   | waits; then probing  | closed, 0    | open, for longer         | open, and may be asked now  |
 *
 * While it is open only what started before can end, so that says nothing about now.
 */
import { pauseAfter, type Pauses } from './pause.js'

export interface BreakerRules extends Pauses {
  /** So many failures in a row open it. */
  readonly failures: number
  /** A probe that takes longer than this does not keep the next one waiting. */
  readonly probeMs: number
}

export type Breaker =
  | { readonly state: 'closed'; readonly failures: number }
  /** Until then nobody may start. `times` counts how often it opened in a row. */
  | { readonly state: 'open'; readonly times: number; readonly until: number }
  /** One was let through; until then nobody else is. */
  | { readonly state: 'probing'; readonly times: number; readonly until: number }

export const closedBreaker: Breaker = { state: 'closed', failures: 0 }

/** How long a window has to wait before it may start; 0 when it may now. */
export const waitAt = (breaker: Breaker, now: number): number =>
  breaker.state === 'closed' ? 0 : Math.max(0, breaker.until - now)

/** A window starts, although only as a probe where the breaker is not closed. Only where `waitAt` is 0. */
export const started = (breaker: Breaker, now: number, { probeMs }: BreakerRules): Breaker =>
  breaker.state === 'closed' ? breaker : { state: 'probing', times: breaker.times, until: now + probeMs }

export const succeeded = (breaker: Breaker): Breaker => (breaker.state === 'open' ? breaker : closedBreaker)

/** A window failed because the store is away or overloaded. */
export const failed = (breaker: Breaker, now: number, rules: BreakerRules, random: number): Breaker => {
  const opened = (times: number): Breaker => ({ state: 'open', times, until: now + pauseAfter(times, rules, random) })
  if (breaker.state === 'open') return breaker
  if (breaker.state === 'probing') return opened(breaker.times + 1)
  const failures = breaker.failures + 1
  return failures < rules.failures ? { state: 'closed', failures } : opened(1)
}

/** A window ended without telling anything about the store: it was cancelled, or failed for another reason. */
export const undecided = (breaker: Breaker, now: number): Breaker =>
  breaker.state === 'probing' ? { state: 'open', times: breaker.times, until: now } : breaker
