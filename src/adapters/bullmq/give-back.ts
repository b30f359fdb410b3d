/** Ways of returning a job to its queue that cost it no attempt. Both throw what tells BullMQ that the job has moved. */
import { DelayedError, WaitingError, type Job } from 'bullmq'

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
