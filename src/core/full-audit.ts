/** When all of a pair is audited: whether both sides really hold the same, over and over again, at a bounded rate. */
import { openRunOf, type Run, type RunPlan } from './run.js'
import type { Direction } from './rules.js'
import type { Micros } from './version.js'

export interface FullAuditRule {
  /** From one audit to the next. */
  readonly intervalMs: number
  /** Records a second. */
  readonly rate: number
  /** What is younger is left to windows. */
  readonly grace: Micros
  readonly direction: Direction
}

/** An audit has to be done when the next one is due, although some of its parts take their time. */
const share = 0.9

/**
 * The plan of the audit that is due, or undefined. It waits for other runs to end, and begins once everything was copied:
 * until then nobody has said that what was there before the first start is to be the same on both sides.
 */
export const dueAudit = (rule: FullAuditRule, runs: readonly Run[], now: Micros): RunPlan | undefined => {
  const nowMs = now / 1_000
  if (runs.some(({ finishedAt, plan }) => finishedAt === undefined && plan.local !== true)) return undefined
  if (openRunOf(runs, 'audit') !== undefined || !runs.some((run) => isWhole(run, rule))) return undefined
  const last = Math.max(-Infinity, ...audits(runs).map(({ startedAt }) => startedAt))
  if (nowMs - last < rule.intervalMs) return undefined
  const asOf = Math.floor(nowMs - rule.grace / 1_000)
  return { purpose: 'audit', source: 'both', rate: rule.rate, within: Math.floor(rule.intervalMs * share), asOf }
}

const audits = (runs: readonly Run[]): Run[] => runs.filter(({ plan }) => plan.purpose === 'audit')

const isWhole = ({ plan, finishedAt }: Run, { direction }: FullAuditRule): boolean =>
  plan.purpose === 'copy' && finishedAt !== undefined && (plan.source === 'both' || direction !== 'both')

const auditsKept = 5

/** Audits of long ago, but for the last that was clean: they add up, day after day. */
export const oldAudits = (runs: readonly Run[]): readonly Run[] => {
  const done = audits(runs).filter(({ finishedAt }) => finishedAt !== undefined)
  const clean = done.findLast(({ result }) => (result?.differences ?? 0) === (result?.repaired ?? 0))
  return done.slice(0, -auditsKept).filter((run) => run !== clean)
}
