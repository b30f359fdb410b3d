import type { Progress } from '../core/progress.js'

/** A reading of a pair's progress; `revision` fences the next write. */
export interface Checkpoint {
  readonly progress: Progress
  readonly revision: number
}

/** Durable progress of pairs. Implementations must be linearizable: the watermark is what an operator relies on. */
export interface CheckpointStore {
  /** The pair's checkpoint, or undefined for a pair that never ran. */
  read(pair: string): Promise<Checkpoint | undefined>
  /** Creates the first checkpoint; a pair that has one already keeps it. Returns what is stored now. */
  create(pair: string, progress: Progress): Promise<Checkpoint>
  /** Stores `progress` if the revision is still the one that was read; false when somebody was faster. */
  compareAndSet(pair: string, seen: Checkpoint, progress: Progress): Promise<boolean>
}
