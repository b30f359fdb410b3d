/** What a worker does with a step of a run: finds the run, paces the reading, and notes what is done. */
import type { PartJobData } from '../adapters/bullmq/part-job.js'
import type { Reading } from '../adapters/bullmq/part-worker.js'
import { listRejects } from '../adapters/bullmq/list-rejects.js'
import type { SharedPaces } from '../adapters/bullmq/shared-pace.js'
import type { Run } from '../core/run.js'
import type { Clock } from '../ports/clock.js'
import type { Logger } from '../ports/logger.js'
import type { RunMetrics } from '../ports/metrics.js'
import type { Pace } from '../ports/pace.js'
import type { RejectList } from '../ports/reject-list.js'
import type { RunStore } from '../ports/run-store.js'
import type { PartOptions, PartOutcome } from '../sync/sync-part.js'

export interface RunStepDeps {
  readonly runs: RunStore
  readonly rejects: RejectList
  readonly paces: SharedPaces
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Pick<RunMetrics, 'partWorked'>
  /** Whether windows take all the places that they have in this process. */
  readonly isBusy: () => boolean
  /** See cutRun. */
  readonly cutRun: (run: Run, signal: AbortSignal) => Promise<Run>
  /** See workOnPart. */
  readonly workOnPart: (
    run: Run,
    part: number,
    options: Pick<PartOptions, 'pace' | 'signal' | 'onRead'>,
  ) => Promise<PartOutcome>
}

/** Windows come first: while they need all places, a part waits so long before each of its chunks, and then goes on. */
const restMs = 1_000
const lookAgainMs = 100

export const createRunSteps = (deps: RunStepDeps) => {
  const { runs, rejects, paces, clock, logger, metrics, isBusy } = deps

  const rest = async (signal: AbortSignal): Promise<void> => {
    for (let waited = 0; waited < restMs && isBusy(); waited += lookAgainMs) {
      await clock.sleep(lookAgainMs * 1_000, signal)
    }
  }

  return async ({ pair, run: number, step }: PartJobData, reading: Reading, signal: AbortSignal) => {
    const run = (await runs.list(pair)).find((each) => each.number === number)
    // It has ended meanwhile, or belongs to a process now.
    if (run === undefined || run.finishedAt !== undefined || run.plan.local === true) return null
    if (step === 'cut') {
      await deps.cutRun(run, signal)
      return null
    }
    const { rate, purpose } = run.plan
    const pace: Pace = async (records) => {
      reading.goOn()
      if (rate !== undefined) await paces.wait(`${pair}.${number}`, records, rate, signal)
      await rest(signal)
    }
    const { result, rejects: found } = await deps.workOnPart(run, step, { pace, signal, onRead: reading.onRead })
    await listRejects(rejects, logger, { pair, rejected: result.rejected, rejects: found, by: 'a part' })
    // Whoever lost the lock has no say any more: the part now belongs to another worker.
    signal.throwIfAborted()
    await runs.finishPart(run, step, result)
    metrics.partWorked(pair, purpose, result)
    return result
  }
}
