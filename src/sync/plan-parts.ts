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
  const open = (known ?? (await runs.list(pair))).filter(isForWorkers).filter(isFirst)
  if (open.length === 0) return []
  // The queue is read first: a part that is not in it was noted as done before its job was completed, see planWindows.
  const there = await parts.open(pair)
  const planned: PlannedRun[] = []
  const now = Math.floor(clock.now() / 1_000)
  for (const run of open) {
    const underWay = there.get(run.number) ?? new Set<RunStep>()
    const finished = await runs.finishedParts(run)
    const progress = progressOf(run, finished)
    const steps = dueSteps(run, finished, underWay, now)
    if (steps.length > 0) await parts.enqueue(run, steps)
    const ended = progress.done === progress.of && (await runs.finish(run, now, progress.result))
    planned.push({ ...progress, steps, ended })
  }
  return planned
}

const isForWorkers = ({ plan, finishedAt }: Run): boolean => finishedAt === undefined && plan.local !== true

/** Of each purpose one after the other. */
const isFirst = ({ plan }: Run, index: number, runs: readonly Run[]): boolean =>
  runs.findIndex((each) => each.plan.purpose === plan.purpose) === index

/** What is not done yet, nor in the queue. */
const dueSteps = (
  { plan: { cut, within }, startedAt }: Run,
  finished: ReadonlyMap<number, unknown>,
  underWay: ReadonlySet<RunStep>,
  now: number,
): readonly RunStep[] => {
  if (cut === undefined) return underWay.has('cut') ? [] : ['cut']
  const all = [...partsOfCut(cut).keys()]
  const open = all.filter((number) => !finished.has(number))
  if (within === undefined) return open.filter((number) => !underWay.has(number))
  // One at a time, and no sooner than its share of the time has come.
  const due = ((now - startedAt) / within) * all.length
  const waits = [...underWay].some((step) => !finished.has(Number(step)))
  return waits || finished.size > due ? [] : open.slice(0, 1)
}
