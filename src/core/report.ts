/** What one run of a window did. Counts are of records. */
import type { WindowPart } from './window-part.js'
import type { Reject } from './reject.js'
import type { Window } from './window.js'

export interface PerSide {
  elasticsearch: number
  cassandra: number
}

export interface WindowReport {
  readonly pair: string
  readonly from: number
  readonly to: number
  /** Documents, and ids with entries, in the window and its overlap. */
  readonly read: PerSide
  /** Records written to that side; in a dry run, that would have been. */
  readonly written: PerSide
  unchanged: number
  /** Writes refused because the target holds a newer version. */
  superseded: number
  ties: number
  held: number
  unlabelled: number
  orphaned: number
  rejected: number
  durationMs: number
}

/** The report and the particulars that do not belong into it. */
export interface WindowResult {
  readonly report: WindowReport
  /** At most `maxRejectsKept` of them; `report.rejected` counts all. */
  readonly rejects: readonly Reject[]
}

/** The window holds too many records for one job. Nothing was written; its parts together do what it would have done. */
export interface Divided {
  readonly parts: readonly WindowPart[]
}

export const maxRejectsKept = 1_000

export const emptyReport = (pair: string, { from, to }: Window): WindowReport => ({
  pair,
  from,
  to,
  read: { elasticsearch: 0, cassandra: 0 },
  written: { elasticsearch: 0, cassandra: 0 },
  unchanged: 0,
  superseded: 0,
  ties: 0,
  held: 0,
  unlabelled: 0,
  orphaned: 0,
  rejected: 0,
  durationMs: 0,
})

const counts = [
  'unchanged',
  'superseded',
  'ties',
  'held',
  'unlabelled',
  'orphaned',
  'rejected',
  'durationMs',
] as const satisfies readonly (keyof WindowReport)[]

/** What the parts of a window did together. */
export const mergedReport = (pair: string, window: Window, reports: readonly WindowReport[]): WindowReport => {
  const whole = emptyReport(pair, window)
  for (const report of reports) {
    for (const side of ['elasticsearch', 'cassandra'] as const) {
      whole.read[side] += report.read[side]
      whole.written[side] += report.written[side]
    }
    for (const count of counts) whole[count] += report[count]
  }
  return whole
}

/** Whether anything happened beyond finding both sides equal. */
export const isEventful = (report: WindowReport): boolean =>
  report.written.elasticsearch + report.written.cassandra > 0 ||
  report.superseded + report.held + report.unlabelled + report.orphaned + report.rejected > 0
