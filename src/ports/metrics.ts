import type { Side } from '../core/failed-attempt.js'
import type { PairState } from '../core/pair-status.js'
import type { PartResult, RunProgress, RunPurpose } from '../core/run.js'
import type { WindowReport } from '../core/report.js'
import type { Micros } from '../core/version.js'

/** How an attempt at a window ended. Retried and returned attempts come again; failed ones wait for a hand. */
export type WindowStatus = 'completed' | 'retried' | 'failed' | 'returned' | 'cancelled'

export interface WorkerMetrics {
  /** What a job did; one window may take several. */
  recordsSynced(report: WindowReport): void
  /** What an audit wrote: nothing, unless writes landed later than the overlap. */
  lateWritesCaught(pair: string, written: WindowReport['written']): void
  windowCompleted(report: WindowReport): void
  windowNotCompleted(pair: string, status: Exclude<WindowStatus, 'completed'>): void
}

export interface StoreMetrics {
  /** Whether windows are started on a store, or wait for it. */
  storeObserved(store: { readonly side: Side; readonly name: string }, up: boolean): void
}

export interface RejectMetrics {
  /** How many records of a pair are kept in the list of rejects. */
  rejectsObserved(pair: string, kept: number): void
}

export interface StatusMetrics {
  /** How a pair is; what is undefined is not known, and not exposed. */
  statusObserved(
    pair: string,
    status: {
      readonly state: PairState | undefined
      readonly paused: boolean | undefined
      readonly failedWindows: number | undefined
    },
  ): void
}

export interface ProgressMetrics {
  /** What a planner just read: where the watermark stands (as a time) and how many windows are open. */
  observed(pair: string, watermark: Micros, openWindows: number): void
}

export interface RunMetrics {
  /** An attempt at a part of a run over everything. */
  partEnded(pair: string, status: WindowStatus): void
  /** What a part did that is done. */
  partWorked(pair: string, purpose: RunPurpose, result: PartResult): void
  /**
   * The unfinished runs of a pair.
   * @param verifiedAt as of when both sides are known to have held the same, in milliseconds since 1970
   */
  runsObserved(pair: string, runs: readonly RunProgress[], verifiedAt: number | undefined): void
  reconciliationStarted(pair: string): void
}
