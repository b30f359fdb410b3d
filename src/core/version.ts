/**
 * A version is the client's timestamp for one state of a record, counted in the pair's unit.
 * Cassandra counts write times in microseconds, so every comparison between the two goes through `micros`.
 */

export type Unit = 's' | 'ms' | 'us'

/** A point on the version axis, a whole number of the pair's units; 0 ≤ version ≤ 2^53 − 1. */
export type Version = number

/** Microseconds: a wall-clock time since 1970, a Cassandra write time, or a span. */
export type Micros = number

const microsPerUnit: Record<Unit, Micros> = { s: 1_000_000, ms: 1_000, us: 1 }

export const unitMicros = (unit: Unit): Micros => microsPerUnit[unit]

/** The first microsecond that belongs to `version`. */
export const micros = (version: Version, unit: Unit): Micros => version * microsPerUnit[unit]

/** The first microsecond after `version`: a cell written before it was not written for a later version. */
export const microsAfter = (version: Version, unit: Unit): Micros => (version + 1) * microsPerUnit[unit]

export const versionAt = (time: Micros, unit: Unit): Version => Math.floor(time / microsPerUnit[unit])

/** How many whole units cover a span; never less than the span. */
export const unitsCovering = (span: Micros, unit: Unit): number => Math.ceil(span / microsPerUnit[unit])

/**
 * Versions that are times (after September 2001) can be compared with write times.
 * Smaller ones are logical counters: a row written at them carries a write time that says nothing about its version.
 */
const clockFrom: Micros = 1e15
export const isClock = (version: Version, unit: Unit): boolean => micros(version, unit) >= clockFrom

/** The least version that is a time. */
export const firstClock = (unit: Unit): Version => unitsCovering(clockFrom, unit)

/** Why a version cannot be used, or undefined when it can. `now` and `maxFuture` are in microseconds. */
export const versionFault = (
  version: number,
  unit: Unit,
  now: Micros,
  maxFuture: Micros,
): 'NOT_AN_INTEGER' | 'NEGATIVE' | 'UNSAFE' | 'FUTURE' | undefined => {
  if (Number.isNaN(version) || (Number.isFinite(version) && !Number.isInteger(version))) return 'NOT_AN_INTEGER'
  if (version < 0) return 'NEGATIVE'
  if (!Number.isSafeInteger(version)) return 'UNSAFE'
  if (micros(version, unit) > now + maxFuture) return 'FUTURE'
  return undefined
}
