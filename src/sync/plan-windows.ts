/**
 * Hands out windows. A tick is only a wake-up: what to hand out follows from the durable progress and from what the
 * queue holds now, so planning is idempotent, any number of planners may do it, and a lost queue is simply re-filled.
 */
import { auditAt, auditWindows, type AuditRule } from '../core/audit.js'
import type { FullAuditRule } from '../core/full-audit.js'
import { outrunAfter, outrunSince, type EntryLife } from '../core/outrun.js'
import { plan, startAt, type Cadence, type Progress } from '../core/progress.js'
import type { Run } from '../core/run.js'
import { micros, versionAt, type Micros, type Unit, type Version } from '../core/version.js'
import type { Window } from '../core/window.js'
import type { CheckpointStore } from '../ports/checkpoint.js'
import type { Clock } from '../ports/clock.js'
import type { PauseReader } from '../ports/pause.js'
import type { RunStore } from '../ports/run-store.js'
import type { WindowQueue } from '../ports/window-queue.js'
import { startRun } from './start-run.js'

export interface PlannedPair {
  readonly name: string
  readonly unit: Unit
  /** How long a write may need to become readable; windows end that much before now. */
  readonly settle: Micros
  readonly entries: Omit<EntryLife, 'unit'>
  readonly cadence: Cadence
  /** Absent for a pair that is not audited. */
  readonly audit?: AuditRule
  /** Absent for a pair of which not everything is audited. */
  readonly fullAudit?: FullAuditRule
}

export interface PlanningDeps {
  readonly checkpoints: CheckpointStore
  readonly pauses: PauseReader
  readonly queue: WindowQueue
  readonly clock: Clock
  readonly runs: RunStore
}

/** What was found and done for one pair; `error` when it could not be planned this time. */
export type PairPlan =
  | (PairProgress & {
      /** Handed out now; `open` is what was open before. */
      readonly planned: readonly Window[]
      /** Windows end at or before this version. */
      readonly until: Version
      /** Whether this is the pair's first start, before which nothing is synced. */
      readonly begins: boolean
      /** Nothing of it is handed out. */
      readonly paused: boolean
      /** Started now, because windows come too late. */
      readonly reconciliation: Run | undefined
    })
  | { readonly pair: PlannedPair; readonly error: unknown }

/** Where a pair stands; reading it changes nothing. */
export interface PairProgress {
  readonly pair: PlannedPair
  readonly progress: Progress
  readonly open: readonly Window[]
}

/** Pairs that never ran are left out. Errors: whatever the queue or the store throws. */
export const readProgress = async (
  pairs: readonly PlannedPair[],
  { queue, checkpoints }: Pick<PlanningDeps, 'queue' | 'checkpoints'>,
): Promise<PairProgress[]> => {
  const open = await queue.open()
  const found: PairProgress[] = []
  for (const pair of pairs) {
    const checkpoint = await checkpoints.read(pair.name)
    if (checkpoint !== undefined) found.push({ pair, progress: checkpoint.progress, open: open.get(pair.name) ?? [] })
  }
  return found
}

/**
 * Plans every pair; one that fails does not hold up the others.
 * Errors: throws only when the queue itself cannot be read.
 */
export const planWindows = async (pairs: readonly PlannedPair[], deps: PlanningDeps): Promise<PairPlan[]> => {
  // The queue is read before the progress. A window that is not open here was acknowledged before it was completed,
  // so the progress read afterwards knows it; the other way round, one that finishes in between would look lost.
  const open = await deps.queue.open()
  const plans: PairPlan[] = []
  for (const pair of pairs) {
    try {
      const found = await planPair(pair, open.get(pair.name) ?? [], deps)
      if (found !== undefined) plans.push(found)
    } catch (error) {
      plans.push({ pair, error })
    }
  }
  return plans
}

/** Undefined for a pair that was paused before its first start: it begins when it is resumed. */
const planPair = async (
  pair: PlannedPair,
  open: readonly Window[],
  deps: PlanningDeps,
): Promise<PairPlan | undefined> => {
  const { checkpoints, pauses, queue, clock } = deps
  const now = versionAt(clock.now(), pair.unit)
  const [pause, seen] = await Promise.all([pauses.read(pair.name), checkpoints.read(pair.name)])
  const paused = pause !== undefined
  if (paused && seen === undefined) return undefined
  const { progress } = seen ?? (await checkpoints.create(pair.name, startAt(now)))
  // Before the windows: once they are acknowledged, nobody sees any more that they came too late.
  const reconciliation = paused ? undefined : await reconcile(pair, progress, deps)
  const until = versionAt(clock.now() - pair.settle, pair.unit)
  const planned = paused ? [] : plan(progress, open, until, pair.cadence)
  if (planned.length > 0) await queue.enqueue(pair.name, planned)
  return { pair, progress, open, planned, until, begins: seen === undefined, paused, reconciliation }
}

/** The run that was announced now, if one has to be: workers do the rest, after one that they may be at. */
const reconcile = async (pair: PlannedPair, progress: Progress, deps: PlanningDeps): Promise<Run | undefined> => {
  const { runs, clock } = deps
  const life = { ...pair.entries, unit: pair.unit }
  const now = clock.now()
  if (now - micros(progress.watermark, pair.unit) <= outrunAfter(life)) return undefined
  const since = outrunSince(life, progress, await runs.list(pair.name), now)
  if (since === undefined) return undefined
  const { run, resumed } = await startRun(pair.name, { purpose: 'reconciliation', source: 'both', since }, deps)
  return resumed ? undefined : run
}

/**
 * Hands out the audit that is due, if none is under way. Returns its windows, or none where nothing was handed out.
 * @param last the audit that was handed out by this process before, by pair; added to
 */
export const planAudit = async (
  { pair, progress, paused }: Extract<PairPlan, { readonly paused: boolean }>,
  last: Map<string, number>,
  { queue, clock }: Pick<PlanningDeps, 'queue' | 'clock'>,
): Promise<readonly Window[]> => {
  const rule = pair.audit
  if (rule === undefined || paused) return []
  const audit = auditAt(rule, versionAt(clock.now(), pair.unit))
  if (last.get(pair.name) === audit) return []
  last.set(pair.name, audit)
  const windows = auditWindows(rule, audit, progress.watermark)
  return (await queue.enqueueAudit(pair.name, audit, windows)) ? windows : []
}
