/**
 * Whether something that should give signs of life gives none. What is counted are our own looks, not time: where both
 * stood still together, as in a process that was stopped, nothing is missing.
 */

export interface Watched {
  /** The last sign of life, whatever makes one different from the next. */
  readonly sign: number
  /** Looks in a row that met the same sign. */
  readonly missed: number
}

export const unwatched: Watched = { sign: Number.NaN, missed: 0 }

export const looked = ({ sign, missed }: Watched, now: number): Watched =>
  now === sign ? { sign, missed: missed + 1 } : { sign: now, missed: 0 }

export const isStuck = ({ missed }: Watched, most: number): boolean => missed >= most
