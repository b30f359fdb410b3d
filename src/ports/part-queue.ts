import type { Run } from '../core/run.js'

/** What one job of a run does: cut the stores into parts, or work on the part of a number. */
export type RunStep = 'cut' | number

/** Jobs of runs over everything that were handed out and not completed. What they are for is kept by the RunStore. */
export interface PartQueue {
  /**
   * The steps of a pair's runs that wait, are worked on, or have failed for good a short while ago; by the run's number.
   * What failed longer ago is not among them: handed out anew, it gets another chance.
   */
  open(pair: string): Promise<ReadonlyMap<number, ReadonlySet<RunStep>>>
  /** Adds steps; one that is there already, and has not failed, is left as it is. */
  enqueue(run: Run, steps: readonly RunStep[]): Promise<void>
}
