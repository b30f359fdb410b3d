/** The settings that the rules of convergence depend on, in units and microseconds ready for comparison. */
import { unitsCovering, type Micros, type Unit } from './version.js'

export type Direction = 'both' | 'to-cassandra' | 'to-elasticsearch'

/**
 * Where the version of a row comes from.
 * `entries`: its newest timeseries entry. `write-times`: clients write `USING TIMESTAMP`, so cells tell it too.
 * `entries-or-cells`: for a comparison of everything, which meets rows whose entries have expired.
 */
export type Labels = 'entries' | 'write-times' | 'entries-or-cells'

export interface Rules {
  readonly unit: Unit
  readonly labels: Labels
  /** How long a write may need to become readable. */
  readonly settle: Micros
  /** How far behind `from` both sides are read again: the last chance of a late write. */
  readonly overlap: Micros
  /** How old a reading may be when a write that rests on it is sent. */
  readonly freshness: Micros
  /** A version further ahead of the clock than this is refused. */
  readonly maxFuture: Micros
  readonly direction: Direction
  /** `needed`: a column that is missing from the document is nulled only where the row has a value. */
  readonly nulls: 'needed' | 'always'
}

/** The longest that a client's batch may take to land or to become whole; half the overlap by contract. */
export const hold = (rules: Rules): Micros => rules.overlap / 2

export const overlapUnits = (rules: Rules): number => unitsCovering(rules.overlap, rules.unit)
