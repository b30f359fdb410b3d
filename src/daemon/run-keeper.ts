/** Keeps runs over everything going: starts audits, hands out what is not done, and says how runs come along. */
import { dueAudit, oldAudits, type FullAuditRule } from '../core/full-audit.js'
import { verifiedAt, type Run } from '../core/run.js'
import { runLabel } from '../core/run-label.js'
import type { Micros } from '../core/version.js'
import type { Logger } from '../ports/logger.js'
import type { RunMetrics } from '../ports/metrics.js'
import { planParts, type PlannedRun, type PlanPartsDeps } from '../sync/plan-parts.js'
import { startRun } from '../sync/start-run.js'

export interface RunKeeperDeps extends PlanPartsDeps {
  readonly logger: Logger
  readonly metrics: Pick<RunMetrics, 'runsObserved'>
}

export interface RunKeeper {
  /**
   * Hands out what is open of a pair's runs.
   * @param audit by which rule one of everything is started, where it is due
   * Errors: those of the queue and the store.
   */
  plan(pair: string, audit?: FullAuditRule): Promise<void>
}

export const createRunKeeper = (deps: RunKeeperDeps): RunKeeper => {
  const { runs, clock, logger, metrics } = deps

  const started = async (pair: string, known: readonly Run[], rule: FullAuditRule): Promise<readonly Run[]> => {
    const plan = dueAudit(rule, known, clock.now())
    if (plan === undefined) return known
    const { run, resumed } = await startRun(pair, plan, deps)
    if (!resumed) logger.debug({ pair, run: run.number }, `${runLabel(run)} begins`)
    for (const old of oldAudits(known)) await runs.forget(old)
    return [...known, run]
  }

  return {
    plan: async (pair, audit) => {
      const known = await runs.list(pair)
      const all = audit === undefined ? known : await started(pair, known, audit)
      const planned = await planParts(pair, deps, all)
      for (const each of planned) tell(each, logger, clock.now())
      const ended = planned.flatMap(({ run, result, done, of }) => (done === of ? [{ ...run, result }] : []))
      const open = planned.filter(({ done, of }) => done !== of)
      metrics.runsObserved(pair, open, verifiedAt([...all, ...ended]))
    },
  }
}

const tell = ({ run, done, of, result, steps, ended }: PlannedRun, logger: Logger, now: Micros): void => {
  const fields = { pair: run.pair, run: run.number }
  if (steps.length > 0) logger.debug({ ...fields, parts: steps.length, done, of }, `${runLabel(run)}: parts handed out`)
  if (!ended) return
  const seconds = Math.round(now / 1_000_000 - run.startedAt / 1_000)
  const { differences = 0, repaired = 0 } = result
  const level = differences > repaired ? 'warn' : 'info'
  logger[level]({ ...fields, ...result, seconds }, `${runLabel(run)} is done`)
}
