import type { Reject } from '../core/reject.js'

/** Where an operator finds the records that were set aside. */
export interface RejectList {
  /**
   * Lists them. One that is listed already stays as it is, however often windows meet it.
   * Errors: CAES_REDIS_DOWN; some of them may be listed then.
   */
  add(pair: string, rejects: readonly Reject[]): Promise<void>
}

/** For those who only look. */
export interface RejectCounter {
  /** How many are listed, by pair; pairs without any are left out. */
  count(): Promise<ReadonlyMap<string, number>>
}
