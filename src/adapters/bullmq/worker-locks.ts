/** What a worker does about the locks of its jobs. */
import type { Worker } from 'bullmq'
import type { Logger } from '../../ports/logger.js'
import { lockLostReason } from './close-worker.js'
import type { SignsOfLife } from './signs-of-life.js'

/** @param silent what is said of a job whose worker went silent */
export const watchLocks = (
  worker: Pick<Worker, 'on' | 'cancelJob'>,
  locks: Pick<SignsOfLife, 'renewed'>,
  logger: Logger,
  silent: string,
): void => {
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) worker.cancelJob(id, lockLostReason)
  })
  worker.on('locksRenewed', ({ jobIds }) => locks.renewed(jobIds))
  worker.on('stalled', (id) => logger.warn({ job: id }, silent))
}
