/** Looks closely at some records: reads both sides of each in the order of the rules, and tells how they stand. */
import { decide, type Decision, type Observation } from '../core/decide.js'
import { differenceOf, type Difference } from '../core/difference.js'
import { labelOf } from '../core/label.js'
import type { Reject } from '../core/reject.js'
import { versionAt, type Micros } from '../core/version.js'
import type { RunLabels } from './run-labels.js'
import type { Pair } from './pair.js'
import { syncChunk, type Run } from './sync-chunk.js'
import { uuidsOf } from './strangers.js'
import { Tally } from './tally.js'

export type Verdict =
  | { readonly kind: 'equal' }
  /** It was written just now, or is being written: windows carry it, and it cannot be told yet. */
  | { readonly kind: 'open' }
  | { readonly kind: 'different'; readonly difference: Difference }
  | { readonly kind: 'rejected'; readonly reject: Reject }

export interface Examination {
  /** With the rules of a comparison of everything. */
  readonly pair: Pair
  readonly labels: RunLabels
  /** What is younger than this is left to windows, which may not have come to it yet. */
  readonly grace: Micros
  /** Whether it is waited until what is young has come of age; else it is left to windows at once. */
  readonly leavesYoung?: boolean
  readonly signal: AbortSignal
}

/** One verdict for each id. Nothing is written. Errors: as for a window. */
export const examine = async (
  examination: Examination,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Verdict>> => {
  const decided = new Map<string, { readonly seen: Observation; readonly decision: Decision }>()
  const run = await work(examination, ids, true, (id, seen, decision) => decided.set(id, { seen, decision }))
  const rejected = new Map(run.tally.result(0).rejects.map((reject) => [reject.id, reject]))
  return new Map(
    ids.map((id): [string, Verdict] => {
      const reject = rejected.get(id)
      if (reject !== undefined) return [id, { kind: 'rejected', reject }]
      const found = decided.get(id)
      // Who was not decided belongs to a later window, or is nowhere.
      if (found === undefined) return [id, { kind: examination.labels.get(id) === undefined ? 'equal' : 'open' }]
      return [id, verdictOf(run.pair, found.seen, found.decision)]
    }),
  )
}

/** Lets the winners of these records win, by the same rules. Errors: as for a window. */
export const repair = async (examination: Examination, ids: readonly string[]): Promise<void> => {
  await work(examination, ids, false, () => {})
}

const work = async (
  { pair, labels, grace, signal }: Examination,
  ids: readonly string[],
  dryRun: boolean,
  note: (id: string, seen: Observation, decision: Decision) => void,
): Promise<Run> => {
  const window = { from: 0, to: versionAt(pair.clock.now() - grace, pair.rules.unit) }
  const run: Run = {
    pair,
    window,
    looks: labels.looks,
    tally: new Tally(pair.name, window),
    dryRun,
    signal,
    decide: (rules, window, seen, before) => {
      const decision = decide(rules, window, seen, before)
      note(seen.id, seen, decision)
      return decision
    },
  }
  const uuids = await uuidsOf(run, ids)
  if (uuids.length > 0) await syncChunk(run, uuids)
  return run
}

const verdictOf = ({ rules }: Pair, seen: Observation, { kind }: Decision): Verdict => {
  if (kind === 'unchanged' || kind === 'ignored') return { kind: 'equal' }
  if (kind === 'later' || kind === 'held' || kind === 'again') return { kind: 'open' }
  // A write, or what would be one if it could be told who wins.
  const label = labelOf(rules, seen)
  const difference = differenceOf(seen, typeof label === 'object' ? undefined : label)
  return difference === undefined ? { kind: 'equal' } : { kind: 'different', difference }
}
