/** Keeps runs over everything going: hands out what is not done, and says how they come along. */
import { runLabel } from '../core/run-label.js'
import type { Micros } from '../core/version.js'
import type { Logger } from '../ports/logger.js'
import type { RunMetrics } from '../ports/metrics.js'
import { planParts, type PlannedRun, type PlanPartsDeps } from '../sync/plan-parts.js'

export interface RunKeeperDeps extends PlanPartsDeps {
  readonly logger: Logger
  readonly metrics: Pick<RunMetrics, 'runsObserved'>
}

export interface RunKeeper {
  /** Hands out what is open of a pair's runs. Errors: those of the queue and the store. */
  plan(pair: string): Promise<void>
}

export const createRunKeeper = (deps: RunKeeperDeps): RunKeeper => ({
  plan: async (pair) => {
    const planned = await planParts(pair, deps)
    for (const each of planned) tell(each, deps.logger, deps.clock.now())
    deps.metrics.runsObserved(
      pair,
      planned.filter(({ done, of }) => done !== of),
    )
  },
})

const tell = ({ run, done, of, result, steps, ended }: PlannedRun, logger: Logger, now: Micros): void => {
  const fields = { pair: run.pair, run: run.number }
  if (steps.length > 0) logger.debug({ ...fields, parts: steps.length, done, of }, `${runLabel(run)}: parts handed out`)
  if (!ended) return
  const seconds = Math.round(now / 1_000_000 - run.startedAt / 1_000)
  logger.info({ ...fields, ...result, seconds }, `${runLabel(run)} is done`)
}
