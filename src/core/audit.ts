/**
 * Audits: windows of the recent past, run again for writes that landed later than any overlap looks for. They tile the
 * span on a grid of their own, are not acknowledged, and hold nothing up.
 */
import type { Version } from './version.js'
import type { Window } from './window.js'

/** All in units. */
export interface AuditRule {
  /** From one audit to the next, and the length of its windows. */
  readonly interval: number
  /** How far back an audit goes; 0 for none. */
  readonly span: number
  readonly overlap: number
}

/** Audits are counted by the time at which they are due, the same for every planner. */
export const auditAt = ({ interval }: AuditRule, now: Version): number => Math.floor(now / interval)

/**
 * The windows of one audit, in order: from `span` before it up to `overlap` before it, where ordinary windows still
 * look, and never beyond the watermark, where they are yet to come.
 */
export const auditWindows = ({ interval, span, overlap }: AuditRule, audit: number, watermark: Version): Window[] => {
  const due = audit * interval
  const end = Math.min(due - overlap, watermark)
  const windows: Window[] = []
  if (span === 0) return windows
  for (let from = Math.max(0, Math.floor((due - span) / interval) * interval); from < end; from += interval) {
    windows.push({ from, to: Math.min(from + interval, end) })
  }
  return windows
}
