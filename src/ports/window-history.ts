import type { DoneWindow } from '../core/pair-history.js'
import type { Micros } from '../core/version.js'
import type { Window } from '../core/window.js'

/** What is still known of windows that are done. */
export interface WindowHistory {
  /** By pair, as far as they are kept. Errors: those of the queue. */
  done(): Promise<DoneWindows>
}

export interface DoneWindows {
  readonly byPair: ReadonlyMap<string, readonly DoneWindow[]>
  /** Windows that ended before this time may not be kept any more; undefined where none are kept. */
  readonly completeSince: Micros | undefined
}

export interface FailedWindow {
  /** Of its job. */
  readonly id: string
  readonly window: Window
  /** Of its last attempt, in one line. */
  readonly error: string | undefined
  readonly attempts: number
  /** When its last attempt ended, in milliseconds since 1970. */
  readonly ended: number | undefined
}

export interface FailedWindows {
  /** The first of a pair, those that hold its watermark, and how many there are more. */
  failed(pair: string): Promise<{ readonly windows: readonly FailedWindow[]; readonly more: number }>
}

export interface WorkerCounter {
  /** How many processes take windows now; undefined where the queue's server does not tell. */
  workers(): Promise<number | undefined>
}
