/**
 * Retrying what a person asks for. BullMQ retries a job as it is, with its attempts used up: it would get one more try
 * and no backoff, and after enough of them never start again. A person who retries a window means to begin anew.
 */
import type { Job } from 'bullmq'

/** Errors: BullMQ's, for a job that is gone or in another state. */
export const beginAnew = (job: Pick<Job, 'retry'>, state: Parameters<Job['retry']>[0] = 'failed'): Promise<void> =>
  job.retry(state, { resetAttemptsMade: true, resetAttemptsStarted: true })
