/** The queue of runs over everything: one job for each part. Redis holds only what can be handed out again. */
import { Queue, type JobType } from 'bullmq'
import { chunked } from '../../core/concurrency.js'
import type { PartQueue, RunStep } from '../../ports/part-queue.js'
import type { RedisLink } from './connection.js'
import { countWorkers } from './count-workers.js'
import {
  partJobData,
  partJobId,
  partJobName,
  partsQueue,
  stepOfId,
  type PartJobData,
  type PartJobResult,
} from './part-job.js'
import { onRedis } from './redis-faults.js'

export interface PartQueueOptions {
  readonly prefix: string
  /** How often a part is tried before it counts as failed. */
  readonly attempts: number
  /** Wait before the first retry; doubles with each, half of it random. */
  readonly backoffMs: number
}

export interface PartUnderWay {
  readonly run: number
  /** Records read of it so far. */
  readonly read: number
}

export interface BullPartQueue extends PartQueue {
  readonly queue: Queue<PartJobData, PartJobResult>
  /** The parts that are worked on now, of one pair. */
  underWay(pair: string): Promise<readonly PartUnderWay[]>
  /** Why parts of a run have failed for good, one for each part. */
  failures(pair: string, run: number): Promise<readonly string[]>
  /** What failed for good may be handed out at once. */
  forgetFailed(pair: string, run: number): Promise<void>
  /** How many processes take parts now; undefined where the server does not tell. */
  workers(): Promise<number | undefined>
  /** Whether nothing is waiting or delayed, of any run: whoever has ended the last job hands out more. */
  isDrained(): Promise<boolean>
  close(): Promise<void>
}

/** After so long a part that failed for good gets another chance: a run has to come to its end without a hand. */
export const failedRestMs = 10 * 60_000

const openStates: readonly JobType[] = ['waiting', 'active', 'delayed', 'prioritized']
const atOnce = 500

export const createPartQueue = (link: RedisLink, options: PartQueueOptions): BullPartQueue => {
  const queue = new Queue<PartJobData, PartJobResult>(partsQueue, {
    connection: link.client,
    prefix: options.prefix,
    defaultJobOptions: {
      attempts: options.attempts,
      backoff: { type: 'exponential', delay: options.backoffMs, jitter: 0.5 },
      removeOnComplete: { count: 200, age: 24 * 60 * 60 },
      removeOnFail: { count: 10_000 },
      keepLogs: 50,
      stackTraceLimit: 10,
    },
  })
  queue.on('error', () => undefined) // see window-queue.ts
  const run = <T>(operation: () => Promise<T>): Promise<T> => onRedis(link.where, operation)

  const failedJobs = async (pair: string) => {
    const ids = (await queue.getRanges(['failed'], 0, -1)).filter((id) => stepOfId(id)?.pair === pair)
    const jobs = await Promise.all(ids.map((id) => queue.getJob(id)))
    return jobs.filter((job) => job !== undefined)
  }

  /** See window-queue.ts: a job of this id that is done or failed, or in no list, would keep it from being added. */
  const forgetEnded = async (id: string): Promise<void> => {
    const state = await queue.getJobState(id)
    if (state === 'completed' || state === 'failed' || state === 'unknown') await queue.remove(id)
  }

  return {
    queue,
    open: (pair) =>
      run(async () => {
        const ids = await queue.getRanges([...openStates], 0, -1)
        const rested = Date.now() - failedRestMs
        const failed = (await failedJobs(pair)).filter(({ finishedOn = 0 }) => finishedOn > rested).map(({ id }) => id!)
        const open = new Map<number, Set<RunStep>>()
        for (const found of [...ids, ...failed].map(stepOfId)) {
          if (found?.pair !== pair) continue
          const steps = open.get(found.run) ?? new Set()
          open.set(found.run, steps.add(found.step))
        }
        return open
      }),
    enqueue: (of, steps) =>
      run(async () => {
        for (const chunk of chunked(steps, atOnce)) {
          await Promise.all(chunk.map((step) => forgetEnded(partJobId(of, step))))
          await queue.addBulk(
            chunk.map((step) => {
              const data = partJobData(of, step)
              return {
                name: partJobName(data, partsQueue),
                data,
                opts: { jobId: partJobId(of, step), priority: priorities[of.plan.purpose] },
              }
            }),
          )
        }
      }),
    underWay: (pair) =>
      run(async () => {
        const jobs = await queue.getJobs(['active'])
        return jobs.flatMap(({ data, progress }) =>
          data?.pair === pair ? [{ run: data.run, read: readOf(progress) }] : [],
        )
      }),
    failures: (pair, number) =>
      run(async () => {
        const jobs = await failedJobs(pair)
        return jobs.filter(({ data }) => data.run === number).map(({ failedReason }) => failedReason)
      }),
    forgetFailed: (pair, number) =>
      run(async () => {
        const jobs = await failedJobs(pair)
        for (const job of jobs) if (job.data.run === number) await queue.remove(job.id!)
      }),
    workers: () => run(() => countWorkers(queue)),
    isDrained: () => run(async () => (await queue.getJobCountByTypes('waiting', 'delayed', 'prioritized')) === 0),
    close: () => queue.close(),
  }
}

/** What mends comes before what was asked for, and that before what nobody waits for. */
const priorities = { reconciliation: 1, copy: 2, audit: 3 } as const

const readOf = (progress: unknown): number =>
  typeof progress === 'object' && progress !== null && 'read' in progress && typeof progress.read === 'number'
    ? progress.read
    : 0
