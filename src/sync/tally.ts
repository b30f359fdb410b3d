import type { Reject } from '../core/reject.js'
import { emptyReport, maxRejectsKept, type WindowReport, type WindowResult } from '../core/report.js'
import type { Window } from '../core/window.js'

/** Counts what a run of a window did. A record that is read again within the run is rejected once. */
export class Tally {
  readonly report: WindowReport
  readonly #rejects = new Map<string, Reject>()
  readonly #rejectedIds = new Set<string>()

  constructor(pair: string, window: Window) {
    this.report = emptyReport(pair, window)
  }

  /** Returns whether this reject is news. */
  reject(reject: Reject): boolean {
    const key = `${reject.side} ${reject.reason} ${reject.id}`
    if (this.#rejectedIds.has(key)) return false
    this.#rejectedIds.add(key)
    this.report.rejected += 1
    if (this.#rejects.size < maxRejectsKept) this.#rejects.set(key, reject)
    return true
  }

  result(durationMs: number): WindowResult {
    this.report.durationMs = durationMs
    return { report: this.report, rejects: [...this.#rejects.values()] }
  }
}
