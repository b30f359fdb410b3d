/**
 * Hands out the parts of unfinished runs. What is to be done follows from the durable runs and from what the queue holds
 * now, as for windows: any number of planners may do it, and a lost queue is simply filled again.
 */
import { partsOfCut, progressOf, type Run, type RunProgress } from '../core/run.js'
import type { Clock } from '../ports/clock.js'
import type { PartQueue, RunStep } from '../ports/part-queue.js'
import type { RunStore } from '../ports/run-store.js'

export interface PlanPartsDeps {
  readonly runs: RunStore
  readonly parts: PartQueue
  readonly clock: Pick<Clock, 'now'>
}

export interface PlannedRun extends RunProgress {
  /** Handed out now. */
  readonly steps: readonly RunStep[]
  /** All of it is done, and this planner was the first to note that. */
  readonly ended: boolean
}

/** The unfinished runs of a pair, but for those that belong to a process. Errors: those of the queue and the store. */
export const planParts = async (
  pair: string,
  deps: PlanPartsDeps,
  known?: readonly Run[],
): Promise<readonly PlannedRun[]> => {
  const { runs, parts, clock } = deps
  const open = (known ?? (await runs.list(pair))).filter(isForWorkers)
  if (open.length === 0) return []
  // The queue is read first: a part that is not in it was noted as done before its job was completed, see planWindows.
  const there = await parts.open(pair)
  const planned: PlannedRun[] = []
  for (const run of open) {
    const finished = await runs.finishedParts(run)
    const progress = progressOf(run, finished)
    const steps = stepsOf(run, finished).filter((step) => !there.get(run.number)?.has(step))
    if (steps.length > 0) await parts.enqueue(run, steps)
    const isDone = progress.done === progress.of
    planned.push({ ...progress, steps, ended: isDone && (await runs.finish(run, Math.floor(clock.now() / 1_000))) })
  }
  return planned
}

const isForWorkers = ({ plan, finishedAt }: Run): boolean => finishedAt === undefined && plan.local !== true

/** What is not done yet. */
const stepsOf = ({ plan: { cut } }: Run, finished: ReadonlyMap<number, unknown>): readonly RunStep[] =>
  cut === undefined ? ['cut'] : [...partsOfCut(cut).keys()].filter((number) => !finished.has(number))
