/** BullMQ's `worker.close()` waits for the current jobs without limit; this one does not. */
import type { Worker } from 'bullmq'
import { settledWithin } from '../../runtime/within.js'

/** After their signals were aborted, jobs get this long to be given back. */
const returnGraceMs = 2_000

/**
 * Stops taking jobs and waits for the current ones. At the deadline their signals are aborted, so that they return to
 * the queue; what does not even do that is left behind, and its lock runs out.
 * @returns false when a job was left behind
 */
export const closeWorker = async (
  worker: Pick<Worker, 'close' | 'cancelAllJobs'>,
  deadlineMs: number,
  graceMs = returnGraceMs,
): Promise<boolean> => {
  const closed = worker.close()
  if (await settledWithin(closed, deadlineMs)) return true
  worker.cancelAllJobs(shutdownReason)
  return settledWithin(closed, graceMs)
}

/** Reasons with which a job's signal is aborted. */
export const shutdownReason = 'shutdown'
export const lockLostReason = 'lock lost'
