/**
 * The records that were set aside, one failed job each, so that a board lists and retries them like any other.
 * The list is a convenience: losing it loses no data, since windows report again what their overlap covers.
 */
import { Queue, type JobType } from 'bullmq'
import { chunked } from '../../core/concurrency.js'
import type { Reject } from '../../core/reject.js'
import type { Logger } from '../../ports/logger.js'
import type { RejectCounter, RejectList } from '../../ports/reject-list.js'
import type { RedisLink } from './connection.js'
import { fateOf, isNotFailed, type JobFate } from './job-fate.js'
import { onRedis } from './redis-faults.js'
import {
  pairOfRejectJob,
  readRejectJob,
  rejectJobData,
  rejectJobId,
  rejectJobName,
  rejectsQueue,
  type RejectJobData,
  type RejectJobResult,
} from './reject-job.js'

export interface RejectQueueOptions {
  readonly prefix: string
  /** How many are kept, of all pairs; beyond it the oldest give way. */
  readonly most?: number
  /** Whoever only looks leaves the queue's own settings alone. */
  readonly watchesOnly?: boolean
}

/** A record that was set aside, as the list has it. */
export interface KeptReject {
  readonly jobId: string
  readonly pair: string
  readonly reject: Reject
  /** When it was listed, in milliseconds since 1970. */
  readonly since: number
  /** Why the last attempt failed, in one line; undefined while an attempt is to come. */
  readonly failure: string | undefined
}

export interface BullRejectQueue extends RejectList, RejectCounter {
  readonly queue: Queue<RejectJobData, RejectJobResult>
  /** Ids of the jobs that are kept, of one pair or of all. */
  ids(pair?: string): Promise<string[]>
  /** Those that are kept, oldest first. Jobs that no window made are left out. */
  list(pair?: string): Promise<KeptReject[]>
  state(jobId: string): Promise<JobFate>
  failureOf(jobId: string): Promise<string | undefined>
  /** Hands it to a worker. One that is under way already stays so. */
  retry(jobId: string): Promise<void>
  /** False when a worker is at it. */
  drop(jobId: string): Promise<boolean>
  close(): Promise<void>
}

export const mostRejects = 10_000

const keptStates: readonly JobType[] = ['failed', 'waiting', 'active', 'delayed', 'prioritized']
const atOnce = 500

export const createRejectQueue = (
  link: RedisLink,
  logger: Logger,
  { prefix, most = mostRejects, watchesOnly = false }: RejectQueueOptions,
): BullRejectQueue => {
  const queue = new Queue<RejectJobData, RejectJobResult>(rejectsQueue, {
    connection: link.client,
    prefix,
    skipMetasUpdate: watchesOnly,
    defaultJobOptions: {
      attempts: 1,
      removeOnComplete: { count: 1_000, age: 24 * 60 * 60 },
      removeOnFail: { count: most },
      keepLogs: 20,
      stackTraceLimit: 3,
    },
  })
  queue.on('error', () => undefined) // see window-queue.ts
  const run = <T>(operation: () => Promise<T>): Promise<T> => onRedis(link.where, operation)

  const stateOf = (jobId: string): Promise<JobFate> => fateOf(queue, jobId)

  const kept = async (pair?: string): Promise<string[]> => {
    const ids = await queue.getRanges([...keptStates], 0, -1)
    return pair === undefined ? ids : ids.filter((id) => pairOfRejectJob(id) === pair)
  }

  /** Those that are not listed. A job of theirs that is completed, or a remnant in no list, would block them for ever. */
  const news = async (listed: ReadonlyMap<string, Reject>): Promise<(readonly [string, Reject])[]> => {
    const found = await Promise.all([...listed].map(async (each) => ({ each, state: await stateOf(each[0]) })))
    const fresh = found.filter(({ state }) => state === 'done' || state === 'gone').map(({ each }) => each)
    await Promise.all(fresh.map(([jobId]) => queue.remove(jobId)))
    return fresh
  }

  return {
    queue,
    add: (pair, rejects) =>
      run(async () => {
        for (const chunk of chunked(rejects, atOnce)) {
          const fresh = await news(new Map(chunk.map((reject) => [rejectJobId(pair, reject), reject])))
          if (fresh.length === 0) continue
          const before = await queue.getJobCountByTypes(...keptStates)
          // They fail at once. BullMQ drops the oldest failed ones beyond `most` by itself, and does not say so.
          const dropped = Math.max(0, before + fresh.length - most)
          if (dropped > 0) logger.warn({ pair, dropped, most }, 'the list of rejects is full; the oldest are dropped')
          await queue.addBulk(
            fresh.map(([jobId, reject]) => {
              const data = rejectJobData(pair, reject)
              return { name: rejectJobName(data, rejectsQueue), data, opts: { jobId } }
            }),
          )
        }
      }),
    ids: (pair) => run(() => kept(pair)),
    count: () =>
      run(async () => {
        const counts = new Map<string, number>()
        for (const pair of (await kept()).map(pairOfRejectJob)) {
          if (pair !== undefined) counts.set(pair, (counts.get(pair) ?? 0) + 1)
        }
        return counts
      }),
    list: (pair) =>
      run(async () => {
        const found: KeptReject[] = []
        for (const ids of chunked(await kept(pair), atOnce)) {
          const jobs = await Promise.all(ids.map((id) => queue.getJob(id)))
          for (const job of jobs) {
            if (job?.id === undefined || pairOfRejectJob(job.id) === undefined) continue
            const { id: jobId, timestamp: since, failedReason } = job
            found.push({ jobId, ...readRejectJob(job.data), since, failure: failedReason || undefined })
          }
        }
        return found.sort((a, b) => a.since - b.since)
      }),
    state: (jobId) => run(() => stateOf(jobId)),
    failureOf: (jobId) => run(async () => (await queue.getJob(jobId))?.failedReason || undefined),
    retry: (jobId) =>
      run(async () => {
        try {
          await (await queue.getJob(jobId))?.retry('failed')
        } catch (error) {
          // Somebody else was faster.
          if (!isNotFailed(error)) throw error
        }
      }),
    drop: (jobId) => run(async () => (await queue.remove(jobId)) === 1 || (await stateOf(jobId)) === 'gone'),
    close: () => queue.close(),
  }
}
