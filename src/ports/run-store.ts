import type { PartResult, Run, RunPlan } from '../core/run.js'

/** Which run: its pair and its number. */
export type RunKey = Pick<Run, 'pair' | 'number'>

/** For those who only look. */
export interface RunReader {
  /** The pair's runs, oldest first. */
  list(pair: string): Promise<readonly Run[]>
  /** By the number of the part. */
  finishedParts(run: RunKey): Promise<ReadonlyMap<number, PartResult>>
}

/** Runs and their finished parts. What is done of a run outlives every process, and the loss of Redis. */
export interface RunStore extends RunReader {
  /**
   * Stores a run; where one has its number already, that one stays. Returns what is stored now, and whether it is this
   * call that stored it, as far as it can tell. Linearizable.
   */
  create(run: Run): Promise<{ readonly run: Run; readonly isNew: boolean }>
  /** Stores another plan, if that of the run is still the one it has here. Returns what is stored now. Linearizable. */
  replan(run: Run, plan: RunPlan): Promise<Run>
  /** Notes that a part is done. Doing it again is harmless: the later result stands. */
  finishPart(run: RunKey, part: number, result: PartResult): Promise<void>
  /** Notes that all of it is done; the first time stands. True for the one whose time that is, as far as it can tell. */
  finish(run: RunKey, at: number, result: PartResult): Promise<boolean>
  /** Forgets a run and its parts. Doing it again is harmless. */
  forget(run: RunKey): Promise<void>
}
