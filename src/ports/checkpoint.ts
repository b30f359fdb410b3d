import type { Progress } from '../core/progress.js'

/** A reading of a pair's progress; `revision` fences the next write. */
export interface Checkpoint {
  readonly progress: Progress
  readonly revision: number
}

/** What became of an attempt to change a checkpoint. */
export interface Exchange {
  readonly applied: boolean
  /** What is stored now: the new one, or that of whoever was faster. Undefined where there is none any more. */
  readonly stored: Checkpoint | undefined
}

/** Durable progress of pairs. Implementations must be linearizable: the watermark is what an operator relies on. */
export interface CheckpointStore {
  /** The pair's checkpoint, or undefined for a pair that never ran. */
  read(pair: string): Promise<Checkpoint | undefined>
  /** What is stored, or was a moment ago, at less cost: good for a try of `compareAndSet`, and for nothing else. */
  glance(pair: string): Promise<Checkpoint | undefined>
  /** Creates the first checkpoint; a pair that has one already keeps it. Returns what is stored now. */
  create(pair: string, progress: Progress): Promise<Checkpoint>
  /** Stores `progress` if what is stored is still what was seen, all of it, however long ago that was. */
  compareAndSet(pair: string, seen: Checkpoint, progress: Progress): Promise<Exchange>
}
