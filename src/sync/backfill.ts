/** Copies what was there before, part by part: what is done stays done, whoever goes on and when. */
import { forEachConcurrently } from '../core/concurrency.js'
import { CaesError } from '../core/errors.js'
import type { Reject } from '../core/reject.js'
import { addResults, noResult, partsOfPlan, type PartResult, type Run, type RunSource } from '../core/run.js'
import type { Pace } from '../ports/pace.js'
import type { RunStore } from '../ports/run-store.js'
import { forEverything, type ScannablePair } from './pair.js'
import { openRunLabels } from './run-labels.js'
import { syncPart } from './sync-part.js'
import { cutPair, usualPartSize } from './whole-pair.js'

export interface OpenedRun {
  readonly run: Run
  /** Whether it was begun before, and not finished. */
  readonly resumed: boolean
}

/**
 * The pair's unfinished run, or a new one. Two who ask at once get the same.
 * Errors: CAES_RUN_UNDER_WAY where the unfinished one copies from another side.
 */
export const openRun = async (
  pair: ScannablePair,
  source: RunSource,
  runs: RunStore,
  signal: AbortSignal,
  partSize = usualPartSize,
): Promise<OpenedRun> => {
  const known = await runs.list(pair.name)
  const open = known.find(({ finishedAt }) => finishedAt === undefined)
  if (open !== undefined) return { run: fitting(open, source), resumed: true }
  const whole = await cutPair(pair, signal, partSize)
  const number = 1 + known.reduce((most, run) => Math.max(most, run.number), 0)
  const made = await runs.create({
    pair: pair.name,
    number,
    startedAt: Math.floor(pair.clock.now() / 1_000),
    plan: {
      source,
      rowParts: source === 'elasticsearch' ? 0 : whole.rows.length,
      ...(source === 'cassandra' ? {} : { cuts: whole.documents.slice(1).map(({ from }) => from) }),
    },
  })
  return { run: fitting(made, source), resumed: false }
}

const fitting = (run: Run, source: RunSource): Run => {
  if (run.plan.source === source) return run
  throw new CaesError('CAES_RUN_UNDER_WAY', `pair "${run.pair}" has an unfinished backfill from ${run.plan.source}`, {
    hint: `Finish it with "caes-sync backfill --from ${run.plan.source}"; then start this one.`,
  })
}

export interface BackfillOptions {
  readonly dryRun: boolean
  readonly pace: Pace
  readonly signal: AbortSignal
  /** Parts done, those of earlier processes included, of all parts. */
  readonly onParts: (done: number, of: number) => void
  readonly onRead: (records: number) => void
  readonly onReject: (reject: Reject) => void
}

/** From one side means to the other, and not back. Errors: CAES_USAGE where the pair is not synced that way. */
const copyingFrom = (source: RunSource, pair: ScannablePair): ScannablePair => {
  if (source === 'both') return pair
  const direction = source === 'cassandra' ? 'to-elasticsearch' : 'to-cassandra'
  if (pair.rules.direction !== 'both' && pair.rules.direction !== direction) {
    throw new CaesError('CAES_USAGE', `pair "${pair.name}" is synced ${pair.rules.direction} only`, {
      hint: 'Copy from the other side, or change sync.direction.',
    })
  }
  return { ...pair, rules: { ...pair.rules, direction } }
}

/** Parts at a time. */
const atOnce = 2

/** Works on what is not done yet. Resolves to what all parts did, in a dry run to what they would. Errors: as for a window. */
export const backfill = async (
  given: ScannablePair,
  run: Run,
  runs: RunStore,
  options: BackfillOptions,
): Promise<PartResult> => {
  const { dryRun, pace, signal, onParts, onRead, onReject } = options
  const pair = copyingFrom(run.plan.source, forEverything(given))
  const parts = partsOfPlan(run.plan)
  const results = new Map(await runs.finishedParts(run))
  onParts(results.size, parts.length)
  const open = [...parts.entries()].filter(([number]) => !results.has(number))
  if (open.length > 0) {
    const labels = await openRunLabels(pair, 0, signal)
    await forEachConcurrently(open, atOnce, async ([number, part]) => {
      const { result, rejects } = await syncPart(pair, labels, part, { dryRun, pace, signal, onRead })
      for (const reject of rejects) onReject(reject)
      if (!dryRun) await runs.finishPart(run, number, result)
      results.set(number, result)
      onParts(results.size, parts.length)
    })
  }
  if (!dryRun) await runs.finish(run, Math.floor(pair.clock.now() / 1_000))
  return [...results.values()].reduce(addResults, noResult)
}
