import type { Rules } from '../core/rules.js'
import type { Micros } from '../core/version.js'
import type { Clock } from '../ports/clock.js'

/**
 * How old a reading is (rule 3). A process may be stopped for an hour between reading and writing, or its wall clock
 * may be set; either clock alone would miss one of the two, so a write needs the consent of both.
 */
export class Freshness {
  readonly #clock: Clock
  readonly #span: Micros
  readonly #wall: Micros
  readonly #monotonic: Micros

  /** Starts to age now: make it before the first request of the reading is sent. */
  constructor(clock: Clock, rules: Rules) {
    this.#clock = clock
    this.#span = rules.freshness
    this.#wall = clock.now()
    this.#monotonic = clock.monotonic()
  }

  readonly maySend = (): boolean => this.#age() <= this.#span

  /** Whether enough time is left to read rows, decide and write. */
  isYoung(): boolean {
    return this.#age() <= this.#span / 2
  }

  #age(): Micros {
    return Math.max(this.#clock.monotonic() - this.#monotonic, Math.abs(this.#clock.now() - this.#wall))
  }
}
