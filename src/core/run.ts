/** A run over everything of a pair that takes longer than a process may live: what it is to do, and what is done of it. */
import { cutSequence, splitRing, type RunPart } from './run-part.js'

/** The side whose records are copied. */
export type RunSource = 'cassandra' | 'elasticsearch' | 'both'

/** How the stores are cut; small, whatever they hold, and the same parts follow from it in every process. */
export interface RunPlan {
  readonly source: RunSource
  /** Ranges of the ring; 0 where rows are not copied. */
  readonly rowParts: number
  /** Where the documents are cut; undefined where they are not copied. */
  readonly cuts?: readonly number[]
}

export interface Run {
  readonly pair: string
  /** Counts the runs of the pair. */
  readonly number: number
  readonly plan: RunPlan
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly finishedAt?: number
}

/** What working on a part did. Counts are of records. */
export interface PartResult {
  readonly read: number
  readonly written: { readonly elasticsearch: number; readonly cassandra: number }
  /** Left to windows, or without a winner that can be told. */
  readonly left: number
  readonly rejected: number
}

/** In the order of their numbers: those of the ring first. */
export const partsOfPlan = ({ rowParts, cuts }: RunPlan): RunPart[] => [
  ...(rowParts === 0 ? [] : splitRing(rowParts)),
  ...(cuts === undefined ? [] : cutSequence(cuts)),
]

export const noResult: PartResult = { read: 0, written: { elasticsearch: 0, cassandra: 0 }, left: 0, rejected: 0 }

export const addResults = (a: PartResult, b: PartResult): PartResult => ({
  read: a.read + b.read,
  written: {
    elasticsearch: a.written.elasticsearch + b.written.elasticsearch,
    cassandra: a.written.cassandra + b.written.cassandra,
  },
  left: a.left + b.left,
  rejected: a.rejected + b.rejected,
})
