/** A run over everything of a pair that takes longer than a process may live: what it is to do, and what is done of it. */
import { cutSequence, splitRing, type RunPart } from './run-part.js'
import type { Version } from './version.js'

/** The side whose records are copied. */
export type RunSource = 'cassandra' | 'elasticsearch' | 'both'

/**
 * What a run is for. Of each purpose a pair has at most one run that is worked on.
 * `copy`: somebody wants what was there before on the other side, too.
 * `reconciliation`: windows came too late to find everything that was written since their watermark.
 * `audit`: whether both sides really hold the same.
 */
export const runPurposes = ['copy', 'reconciliation', 'audit'] as const
export type RunPurpose = (typeof runPurposes)[number]

/** How the stores are cut; small, whatever they hold, and the same parts follow from it in every process. */
export interface RunCut {
  /** Ranges of the ring; 0 where rows are not read. */
  readonly rowParts: number
  /** Where the documents are cut; undefined where they are not read. */
  readonly cuts?: readonly number[]
  /** About how many records there are to read; 0 where nothing tells. */
  readonly expected: number
  /** When it was cut, in milliseconds since 1970: what was written before is read. */
  readonly begunAt: number
}

export interface RunPlan {
  readonly purpose: RunPurpose
  readonly source: RunSource
  /** Undefined until somebody has looked at both stores: whoever starts a run need not reach them. */
  readonly cut?: RunCut
  /** At most so many records a second, by all who work on it together. */
  readonly rate?: number
  /** It belongs to the process that started it: workers leave it alone. */
  readonly local?: boolean
  /** States of older versions are left as they are. */
  readonly since?: Version
  /** An audit: its parts are spread over so many milliseconds. */
  readonly within?: number
  /** An audit that ends with nothing left proves that both sides held the same at this time, in milliseconds since 1970. */
  readonly asOf?: number
}

export interface Run {
  readonly pair: string
  /** Counts the runs of the pair. */
  readonly number: number
  readonly plan: RunPlan
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly finishedAt?: number
  /** What all parts did, once it is finished. */
  readonly result?: PartResult
}

/** What working on a part did. Counts are of records. */
export interface PartResult {
  readonly read: number
  readonly written: { readonly elasticsearch: number; readonly cassandra: number }
  /** Left to windows, or without a winner that can be told. */
  readonly left: number
  readonly rejected: number
  /** Only of an audit: confirmed differences, and how many of them are no more. */
  readonly differences?: number
  readonly repaired?: number
}

/** In the order of their numbers: those of the ring first. */
export const partsOfCut = ({ rowParts, cuts }: RunCut): RunPart[] => [
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
  ...(a.differences === undefined && b.differences === undefined
    ? {}
    : {
        differences: (a.differences ?? 0) + (b.differences ?? 0),
        repaired: (a.repaired ?? 0) + (b.repaired ?? 0),
      }),
})

export const totalOf = (results: Iterable<PartResult>): PartResult => [...results].reduce(addResults, noResult)

/** The pair's unfinished run of a purpose. */
export const openRunOf = (runs: readonly Run[], purpose: RunPurpose): Run | undefined =>
  runs.find(({ plan, finishedAt }) => plan.purpose === purpose && finishedAt === undefined)

/** How far an unfinished run has come. */
export interface RunProgress {
  readonly run: Run
  readonly done: number
  /** Undefined until it is cut. */
  readonly of: number | undefined
  readonly result: PartResult
}

export const progressOf = (run: Run, finished: ReadonlyMap<number, PartResult>): RunProgress => ({
  run,
  done: finished.size,
  of: run.plan.cut === undefined ? undefined : partsOfCut(run.plan.cut).length,
  result: totalOf(finished.values()),
})

/** As of when both sides are known to have held the same, in milliseconds since 1970: by the last audit that left nothing. */
export const verifiedAt = (runs: readonly Run[]): number | undefined => {
  const proofs = runs.filter(({ plan, result }) => plan.purpose === 'audit' && result !== undefined && isClean(result))
  const times = proofs.flatMap(({ plan: { asOf } }) => (asOf === undefined ? [] : [asOf]))
  return times.length === 0 ? undefined : Math.max(...times)
}

const isClean = ({ differences = 0, repaired = 0 }: PartResult): boolean => differences === repaired
