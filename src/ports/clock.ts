import type { Micros } from '../core/version.js'

/** Time as the use cases see it, so that tests and simulation can own it. */
export interface Clock {
  /** Wall clock in microseconds since 1970. */
  now(): Micros
  /** A clock that never steps, in microseconds from an arbitrary start. */
  monotonic(): Micros
  /** Resolves after `span`, or rejects with the signal's reason once it is aborted. */
  sleep(span: Micros, signal: AbortSignal): Promise<void>
}
