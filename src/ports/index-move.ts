/**
 * Moving what stands behind an alias from one index to another. Errors: as for the other methods of the stores, and
 * whatever keeps the alias or the new index from being used.
 */

import type { Pace } from './pace.js'

/** How far a move has come. It is kept in the new index itself, where whoever goes on with it finds it. */
export interface MoveState {
  /** The index that is left. */
  readonly source: string
  /** Its writes with a number below this are copied. */
  readonly copiedBelow: number
  readonly finished?: boolean
}

export interface Copied {
  /** Documents that the new index did not have, or had older. */
  readonly moved: number
  /** Where the next copy goes on: all writes that were acknowledged before this copy began have numbers below it. */
  readonly next: number
}

export interface CopyOptions {
  /** Awaited before each page of documents is written. */
  readonly pace?: Pace
  readonly onProgress?: (done: number, total: number) => void
  /** Awaited each time when all writes with a number below this one are copied; a copy that dies goes on from there. */
  readonly onCopied?: (below: number) => Promise<void>
  readonly signal: AbortSignal
}

export interface IndexMove {
  readonly alias: string
  /** The new index. */
  readonly target: string
  /** The one index that the alias stands for now. Errors: CAES_SCHEMA_MISMATCH where there is no such alias. */
  current(signal: AbortSignal): Promise<string>
  /** Undefined for an index that nobody has moved anything to. */
  state(signal: AbortSignal): Promise<MoveState | undefined>
  remember(state: MoveState, signal: AbortSignal): Promise<void>
  /**
   * Copies whole documents with their versions, but for those that the new index has newer.
   * @param from the number of the first write that may be missing
   */
  copy(source: string, from: number, options: CopyOptions): Promise<Copied>
  /** Has the alias stand for the new index; in one step, and only if it still stands for `source`. */
  switch(source: string, signal: AbortSignal): Promise<void>
  /** Resolves when writes that had come in before are done and no other will be taken any more. */
  refuseWrites(source: string, signal: AbortSignal): Promise<void>
}
