import type { PartResult, Run } from '../core/run.js'

/** Runs and their finished parts. What is done of a run outlives every process, and the loss of Redis. */
export interface RunStore {
  /** The pair's runs, oldest first. */
  list(pair: string): Promise<readonly Run[]>
  /** Stores a run; where one has its number already, that one stays. Returns what is stored now. Linearizable. */
  create(run: Run): Promise<Run>
  /** Notes that a part is done. Doing it again is harmless: the later result stands. */
  finishPart(run: Pick<Run, 'pair' | 'number'>, part: number, result: PartResult): Promise<void>
  /** By the number of the part. */
  finishedParts(run: Pick<Run, 'pair' | 'number'>): Promise<ReadonlyMap<number, PartResult>>
  /** Notes that all of it is done. Doing it again is harmless: the first time stands. */
  finish(run: Pick<Run, 'pair' | 'number'>, at: number): Promise<void>
}
