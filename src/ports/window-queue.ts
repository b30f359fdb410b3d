import type { Window } from '../core/window.js'

/** Windows that were handed out and not completed: waiting, running, delayed for a retry, or failed. */
export interface WindowQueue {
  /** Open windows by pair. */
  open(): Promise<ReadonlyMap<string, readonly Window[]>>
  /** Adds windows; one that is open already is left as it is. */
  enqueue(pair: string, windows: readonly Window[]): Promise<void>
}
