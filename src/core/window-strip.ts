/** The last windows of a pair side by side, each with what became of it. */
import type { OpenWindows } from './pair-status.js'
import type { DoneWindow } from './pair-history.js'
import type { WindowReport } from './report.js'
import type { Window } from './window.js'

export type WindowOutcome = 'equal' | 'written' | 'set aside' | keyof OpenWindows

export interface StripWindow {
  readonly window: Window
  readonly outcome: WindowOutcome
  /** Of a window that is done. */
  readonly report: WindowReport | undefined
}

/** The newest windows, oldest first. One that is done and handed out again is open. */
export const lastWindows = (done: readonly DoneWindow[], open: OpenWindows, most: number): StripWindow[] => {
  const found = new Map<string, StripWindow>()
  const put = (each: StripWindow): void => void found.set(`${each.window.from}-${each.window.to}`, each)
  for (const { from, to, report } of done) put({ window: { from, to }, outcome: outcomeOf(report), report })
  for (const state of ['waiting', 'active', 'delayed', 'failed'] as const) {
    for (const window of open[state]) put({ window, outcome: state, report: undefined })
  }
  return [...found.values()].sort((a, b) => a.window.from - b.window.from).slice(-most)
}

const outcomeOf = ({ rejected, written }: WindowReport): WindowOutcome => {
  if (rejected > 0) return 'set aside'
  return written.elasticsearch + written.cassandra > 0 ? 'written' : 'equal'
}
