/** What the workers of all queues have in common. */
import type { WorkerOptions } from 'bullmq'
import type { RedisLink } from './connection.js'

export interface LockedWorker {
  readonly prefix: string
  /** Jobs at a time. */
  readonly concurrency: number
  /** A worker that does not renew its lock for so long is taken for dead; milliseconds. */
  readonly lockMs: number
}

export const workerOptions = ({ client }: RedisLink, { prefix, concurrency, lockMs }: LockedWorker): WorkerOptions => ({
  connection: client,
  prefix,
  concurrency,
  lockDuration: lockMs,
  // A job of a worker that died waits for its lock and for the next look: at most one and a half times the lock. BullMQ
  // lets one worker look for all of them.
  stalledInterval: Math.ceil(lockMs / 2),
  // A worker that is killed now and then is normal operation; a job is suspect only after many of them. Starts are not
  // counted beside it: a job that waits for a store is started over and over.
  maxStalledCount: 10,
})
