import type { WindowReport } from '../core/report.js'
import type { WindowPart } from '../core/window-part.js'
import type { Window } from '../core/window.js'

/** One attempt at a window, or at a part of it. */
export interface Attempt {
  readonly pair: string
  readonly window: Window
  readonly part?: WindowPart
  readonly audit: boolean
  /** Counts from 1. */
  readonly attempt: number
}

/** The trace of each window, from when it is planned to when it is done, where somebody collects traces. */
export interface Tracing {
  /** Runs the handing out of windows; each of their jobs has to carry what `work` is given, so that its spans belong to this one. */
  planned<T>(pair: string, windows: readonly Window[], work: (carried: string) => Promise<T>): Promise<T>
  /** Runs one attempt, under what its job carries; undefined where nobody traced the planning. */
  attempted(attempt: Attempt, carried: string | undefined, work: () => Promise<WindowReport>): Promise<WindowReport>
  /** Says of the attempt that is running now that it fails, and why. */
  failed(reason: string): void
}
