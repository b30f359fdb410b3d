import type { Micros } from '../../src/core/version.js'
import type { Clock } from '../../src/ports/clock.js'

/** A clock that stands still unless it is moved; sleeping moves it. */
export class FakeClock implements Clock {
  #wall: Micros
  #monotonic: Micros = 0

  constructor(wall: Micros) {
    this.#wall = wall
  }

  now(): Micros {
    return this.#wall
  }

  monotonic(): Micros {
    return this.#monotonic
  }

  sleep(span: Micros, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason)
    this.pass(span)
    return Promise.resolve()
  }

  /** Time goes by. */
  pass(span: Micros): void {
    this.#wall += span
    this.#monotonic += span
  }

  /** Somebody sets the wall clock. */
  step(span: Micros): void {
    this.#wall += span
  }
}
