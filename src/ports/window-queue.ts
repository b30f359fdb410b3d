import type { OpenWindows } from '../core/pair-status.js'
import type { Window } from '../core/window.js'

/** Windows that were handed out and not completed: waiting, running, delayed for a retry, or failed. */
export interface WindowQueue {
  /** Open windows by pair. */
  open(): Promise<ReadonlyMap<string, readonly Window[]>>
  /** Adds windows; one that is open already is left as it is. */
  enqueue(pair: string, windows: readonly Window[]): Promise<void>
  /**
   * Adds the windows of an audit, behind all others. Nothing is added where this audit was added before, nor while
   * another one of the pair is still under way: audits do not pile up. True where they were added.
   */
  enqueueAudit(pair: string, audit: number, windows: readonly Window[]): Promise<boolean>
}

/** For those who only look. */
export interface OpenWindowReader {
  /** Open windows by pair; each is seen exactly once, in the state it is in. Pairs without any are left out. */
  openByState(): Promise<ReadonlyMap<string, OpenWindows>>
}
