/** Ways of returning a job to its queue that cost it no attempt. Both throw what tells BullMQ that the job has moved. */
import { DelayedError, WaitingError, type Job } from 'bullmq'
import { pauseAfter } from '../../core/pause.js'

type Returnable = Pick<Job, 'moveToWait' | 'moveToDelayed'>

/** It is the next to be taken. */
export const giveBack = async (job: Returnable, token: string | undefined): Promise<never> => {
  await job.moveToWait(token)
  throw new WaitingError()
}

/** It comes again after a while. */
export const putOff = async (job: Returnable, token: string | undefined, pauseMs: number): Promise<never> => {
  await job.moveToDelayed(Date.now() + pauseMs, token)
  throw new DelayedError()
}

/** Before a job comes again that failed for something that passes; doubles with each time. */
const firstPauseMs = 1_000

/**
 * It failed for something that passes, and comes again after a while, half of it random. Starts are counted also where
 * a gate was closed, so after a long wait the pauses are long at once.
 */
export const putOffFailed = (
  job: Returnable & Pick<Job, 'attemptsStarted'>,
  token: string | undefined,
  longestMs: number,
): Promise<never> =>
  putOff(job, token, pauseAfter(job.attemptsStarted, { firstMs: firstPauseMs, longestMs }, Math.random()))
