/** What became of a job that somebody retried. */
import { ErrorCode, type Queue } from 'bullmq'

export type JobFate = 'failed' | 'under way' | 'done' | 'gone'

export const fateOf = async (queue: Pick<Queue, 'getJobState'>, jobId: string): Promise<JobFate> => {
  const state = await queue.getJobState(jobId)
  if (state === 'failed') return 'failed'
  if (state === 'completed') return 'done'
  return state === 'unknown' ? 'gone' : 'under way'
}

/** Whether a retry was refused because the job is not failed any more: somebody else was faster. */
export const isNotFailed = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === ErrorCode.JobNotInState || error.code === ErrorCode.JobNotExist)
