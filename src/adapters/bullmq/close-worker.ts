/** BullMQ's `worker.close()` waits for the current jobs without limit; this one does not. */
import type { Worker } from 'bullmq'
import { settledWithin } from '../../runtime/within.js'

/** After their signals were aborted, jobs get this long to be given back. */
const returnGraceMs = 2_000
const lookMs = 100

export interface CloseOptions {
  /**
   * Asked again and again: true once no job is worked on and the queue cannot be told what became of them. Nothing
   * is gained by waiting for Redis then; the locks run out.
   */
  readonly isPointless?: () => boolean
  readonly graceMs?: number
}

/**
 * Stops taking jobs and waits for the current ones. At the deadline their signals are aborted, so that they return to
 * the queue; what does not even do that is left behind, and its lock runs out.
 * @returns false when a job was left behind that was still worked on
 */
export const closeWorker = async (
  worker: Pick<Worker, 'close' | 'cancelAllJobs'>,
  deadlineMs: number,
  { isPointless = () => false, graceMs = returnGraceMs }: CloseOptions = {},
): Promise<boolean> => {
  const closed = worker.close()
  const isOver = async (limitMs: number): Promise<boolean> => {
    const end = performance.now() + limitMs
    for (;;) {
      const leftMs = end - performance.now()
      if (await settledWithin(closed, Math.min(lookMs, leftMs))) return true
      if (isPointless()) return true
      if (leftMs <= lookMs) return false
    }
  }
  if (await isOver(deadlineMs)) return true
  worker.cancelAllJobs(shutdownReason)
  return isOver(graceMs)
}

/** Reasons with which a job's signal is aborted. */
export const shutdownReason = 'shutdown'
export const lockLostReason = 'lock lost'
