/** Copies what was there before, part by part: what is done stays done, whoever goes on and when. */
import { forEachConcurrently } from '../core/concurrency.js'
import { CaesError } from '../core/errors.js'
import type { Reject } from '../core/reject.js'
import { partsOfCut, totalOf, type PartResult, type Run, type RunPlan, type RunSource } from '../core/run.js'
import type { Pace } from '../ports/pace.js'
import type { RunStore } from '../ports/run-store.js'
import { forEverything, type ScannablePair } from './pair.js'
import { openRunLabels } from './run-labels.js'
import { cutRun, startRun, type OpenedRun, type StartDeps } from './start-run.js'
import { workOnPart } from './work-on-part.js'

/**
 * The pair's unfinished copy, which goes on as it is asked for now, or a new one.
 * Errors: CAES_RUN_UNDER_WAY where the unfinished one copies from another side.
 */
export const openCopy = async (
  pair: string,
  source: RunSource,
  wanted: Pick<RunPlan, 'rate' | 'local'>,
  deps: StartDeps,
): Promise<OpenedRun> => {
  const opened = await startRun(pair, { purpose: 'copy', source, ...wanted }, deps)
  let run = fitting(opened.run, source)
  // Whoever cuts it may be faster.
  while (run.plan.rate !== wanted.rate || run.plan.local !== wanted.local) {
    const { rate: _rate, local: _local, ...rest } = run.plan
    run = await deps.runs.replan(run, { ...rest, ...wanted })
  }
  return { ...opened, run }
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
  /** Of the parts that it is cut into, if it is not yet. */
  readonly partSize?: number
}

/** Parts at a time. */
const atOnce = 2

/**
 * Works on what is not done yet, in this process. Resolves to what all parts did, in a dry run to what they would.
 * Errors: as for a window.
 */
export const backfill = async (
  pair: ScannablePair,
  given: Run,
  runs: RunStore,
  options: BackfillOptions,
): Promise<PartResult> => {
  const { dryRun, pace, signal, onParts, onRead, onReject, partSize } = options
  const run = await cutRun(pair, given, runs, signal, partSize)
  const parts = partsOfCut(run.plan.cut!)
  const results = new Map(await runs.finishedParts(run))
  onParts(results.size, parts.length)
  const open = [...parts.keys()].filter((number) => !results.has(number))
  if (open.length > 0) {
    const labels = await openRunLabels(forEverything(pair), 0, signal)
    await forEachConcurrently(open, atOnce, async (number) => {
      const { result, rejects } = await workOnPart(pair, run, number, labels, {
        dryRun,
        pace,
        signal,
        onRead,
        grace: 0,
      })
      for (const reject of rejects) onReject(reject)
      if (!dryRun) await runs.finishPart(run, number, result)
      results.set(number, result)
      onParts(results.size, parts.length)
    })
  }
  const total = totalOf(results.values())
  if (!dryRun) await runs.finish(run, Math.floor(pair.clock.now() / 1_000), total)
  return total
}
