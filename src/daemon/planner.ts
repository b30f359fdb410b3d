/** The planner of one process: plans when woken, watches the watermark in between, remembers what is wrong. */
import { errorText } from '../core/error-text.js'
import { CaesError, exitCode } from '../core/errors.js'
import type { Run } from '../core/run.js'
import { micros, type Unit } from '../core/version.js'
import { versionLabel } from '../core/window-label.js'
import type { Logger } from '../ports/logger.js'
import type { ProgressMetrics, RunMetrics } from '../ports/metrics.js'
import type { PartQueue } from '../ports/part-queue.js'
import { coalesced } from '../runtime/coalesced.js'
import {
  planAudit,
  planWindows,
  readProgress,
  type PairPlan,
  type PairProgress,
  type PlannedPair,
  type PlanningDeps,
} from '../sync/plan-windows.js'
import { createRunKeeper } from './run-keeper.js'
import { createWaiting } from './waiting.js'

export interface PlannerDeps extends PlanningDeps {
  readonly logger: Logger
  readonly metrics: ProgressMetrics & Pick<RunMetrics, 'runsObserved' | 'reconciliationStarted'>
  readonly parts: PartQueue
}

export interface Planner {
  /** Plans all pairs, once for any number of callers at a time. Errors: the first failure, after all were tried. */
  plan(): Promise<void>
  /** The same for callers without anybody to tell. Errors: only what stays wrong until the configuration changes. */
  planQuietly(): Promise<void>
  /** Reads where the pairs stand, for the metrics. Errors: those of queue and store. */
  observe(): Promise<void>
  /** Why the last planning failed. */
  fault(): string | undefined
}

export const createPlanner = (pairs: readonly PlannedPair[], deps: PlannerDeps): Planner => {
  const { logger, metrics } = deps
  let fault: string | undefined = 'nothing was planned yet'

  const show = ({ pair, progress, open }: PairProgress, more = 0): void =>
    metrics.observed(pair.name, micros(progress.watermark, pair.unit), open.length + more)

  const tellReconciliation = ({ pair, number, plan }: Run, unit: Unit): void => {
    metrics.reconciliationStarted(pair)
    logger.error(
      { pair, run: number, since: versionLabel(plan.since ?? 0, unit) },
      `the watermark is older than CassandraConfig.ttl: entries may have expired before windows read them, so all of both stores is read now, by reconciliation ${number}`,
    )
  }

  const all = createWaiting('planning', logger)
  const waiting = new Map(pairs.map(({ name }) => [name, createWaiting(`planning of pair "${name}"`, logger)]))
  const note = (each: PairPlan): void => {
    if ('error' in each) {
      waiting.get(each.pair.name)?.failed(each.error)
      return
    }
    waiting.get(each.pair.name)?.over()
    const { pair, progress, open, planned } = each
    if (each.reconciliation !== undefined) tellReconciliation(each.reconciliation, pair.unit)
    if (each.begins) {
      const from = versionLabel(progress.watermark, pair.unit)
      logger.info({ pair: pair.name, from }, 'first start: what is written from now on is synced, and nothing before')
    }
    show(each, planned.length)
    const fields = { pair: pair.name, watermark: progress.watermark, open: open.length, planned: planned.length }
    // One window an interval is the normal course; several are a gap that is being caught up.
    logger[planned.length > 1 ? 'info' : 'debug'](fields, 'windows planned')
  }

  const audited = new Map<string, number>()
  /** Falling out once costs time, not data, so a failure is told and does not keep windows from being planned. */
  const audit = async (each: Exclude<PairPlan, { readonly error: unknown }>): Promise<void> => {
    try {
      const windows = await planAudit(each, audited, deps)
      if (windows.length > 0) logger.debug({ pair: each.pair.name, windows: windows.length }, 'audit planned')
    } catch (error) {
      audited.delete(each.pair.name)
      logger.warn({ pair: each.pair.name }, `cannot plan an audit: ${errorText(error)}`)
    }
  }

  const keeper = createRunKeeper(deps)
  const runsWait = new Map(pairs.map(({ name }) => [name, createWaiting(`runs over pair "${name}"`, logger)]))
  /** The same: a run goes on with the next tick. */
  const planRuns = async ({ pair, paused }: Exclude<PairPlan, { readonly error: unknown }>): Promise<void> => {
    if (paused) return
    try {
      await keeper.plan(pair.name, pair.fullAudit)
      runsWait.get(pair.name)?.over()
    } catch (error) {
      runsWait.get(pair.name)?.failed(error)
    }
  }

  const plan = coalesced(async () => {
    try {
      const plans = await planWindows(pairs, deps).catch((error: unknown) => {
        all.failed(error)
        throw error
      })
      all.over()
      for (const each of plans) note(each)
      for (const each of plans) if (!('error' in each)) await audit(each)
      for (const each of plans) if (!('error' in each)) await planRuns(each)
      for (const each of plans) if ('error' in each) throw each.error
      fault = undefined
    } catch (error) {
      fault = errorText(error)
      throw error
    }
  })

  return {
    plan,
    planQuietly: async () => {
      try {
        await plan()
      } catch (error) {
        // Whatever passes has been said where it happened, and the next tick tries again.
        if (error instanceof CaesError && error.exitCode === exitCode.badConfig) throw error
      }
    },
    observe: async () => {
      for (const each of await readProgress(pairs, deps)) show(each)
    },
    fault: () => fault,
  }
}
