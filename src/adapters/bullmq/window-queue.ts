/** The window queue on BullMQ: one queue for all pairs. Redis holds only what can be planned again. */
import { Queue, type JobsOptions } from 'bullmq'
import { chunked } from '../../core/concurrency.js'
import type { Window } from '../../core/window.js'
import type { Tracing } from '../../ports/tracing.js'
import type { WindowQueue } from '../../ports/window-queue.js'
import type { RedisLink } from './connection.js'
import { onRedis } from './redis-faults.js'
import { auditId, auditStart, windowId, windowOfId } from './window-id.js'
import { windowsQueue, type WindowJobData, type WindowJobResult } from './window-job.js'

export interface WindowQueueOptions {
  readonly prefix: string
  /** How often a window is tried before it stays failed. */
  readonly attempts: number
  /** Wait before the first retry; doubles with each, half of it random. */
  readonly backoffMs: number
  /** The job's name on a board; by default pair and range. */
  readonly label?: (pair: string, window: Window) => string
  readonly tracing?: Pick<Tracing, 'planned'>
}

export interface BullWindowQueue extends WindowQueue {
  readonly queue: Queue<WindowJobData, WindowJobResult>
  close(): Promise<void>
}

type Jobs = Parameters<Queue<WindowJobData, WindowJobResult>['addBulk']>[0]

/** How many windows that are done stay to be looked at, of all pairs. */
export const completedKept = 1_000

/** Everything that is not completed is open. A failed window stays open until somebody retries or removes it. */
const openStates = ['waiting', 'active', 'delayed', 'prioritized', 'waiting-children', 'failed'] as const

export const createWindowQueue = (link: RedisLink, options: WindowQueueOptions): BullWindowQueue => {
  const queue = new Queue<WindowJobData, WindowJobResult>(windowsQueue, {
    connection: link.client,
    prefix: options.prefix,
    defaultJobOptions: {
      attempts: options.attempts,
      backoff: { type: 'exponential', delay: options.backoffMs, jitter: 0.5 },
      removeOnComplete: { count: completedKept, age: 24 * 60 * 60 },
      removeOnFail: false,
      keepLogs: 200,
      // One line for each attempt, see failure.ts.
      stackTraceLimit: 10,
    },
  })
  // The link reports outages, and every operation reports its own failure; this listener only keeps EventEmitter from
  // throwing the same error once more.
  queue.on('error', () => undefined)
  const { label = (pair: string, { from, to }: Window) => `${pair} ${from}-${to}`, tracing } = options

  /** Adds the jobs that are made with what they have to carry. */
  const add = async (pair: string, windows: readonly Window[], make: (carried: JobsOptions) => Jobs): Promise<void> => {
    if (tracing === undefined) await queue.addBulk(make({}))
    else await tracing.planned(pair, windows, (metadata) => queue.addBulk(make({ telemetry: { metadata } })))
  }

  /**
   * Adding a job whose id exists does nothing, silently. A window that is planned is not open, so a job that has its
   * id is completed (progress was set back) or a remnant in no list (lost by Redis): either would block it for ever.
   */
  const forgetFinished = async (id: string): Promise<void> => {
    const job = await queue.getJob(id)
    if (job === undefined) return
    const state = await job.getState()
    if (state === 'completed' || state === 'unknown') await queue.remove(id)
  }

  return {
    queue,
    open: () =>
      onRedis(link.where, async () => {
        // One script call for all states: a job that moves between two of them is seen exactly once.
        const ids = await queue.getRanges([...openStates], 0, -1)
        const open = new Map<string, Window[]>()
        for (const { pair, window } of ids.map(windowOfId).filter((each) => each !== undefined)) {
          const windows = open.get(pair)
          if (windows === undefined) open.set(pair, [window])
          else windows.push(window)
        }
        return open
      }),
    enqueue: (pair, windows) =>
      onRedis(link.where, async () => {
        for (const chunk of chunked(windows, 500)) {
          await Promise.all(chunk.map((window) => forgetFinished(windowId(pair, window))))
          await add(pair, chunk, (carried) =>
            chunk.map((window) => ({
              name: label(pair, window),
              data: { pair, from: window.from, to: window.to },
              opts: { jobId: windowId(pair, window), ...carried },
            })),
          )
        }
      }),
    enqueueAudit: (pair, audit, windows) =>
      onRedis(link.where, async () => {
        const start = auditStart(pair)
        const open = await queue.getRanges(
          [...openStates].filter((state) => state !== 'failed'),
          0,
          -1,
        )
        if (open.some((id) => id.startsWith(start))) return false
        const jobs = await Promise.all(windows.map((window) => queue.getJob(auditId(pair, window))))
        if (jobs.some((job) => job?.data.audit === audit)) return false
        await Promise.all(jobs.filter((job) => job !== undefined).map((job) => job.remove()))
        await add(pair, windows, (carried) =>
          windows.map((window) => ({
            name: `audit ${label(pair, window)}`,
            data: { pair, from: window.from, to: window.to, audit },
            opts: { jobId: auditId(pair, window), priority: behindOthers, ...carried },
          })),
        )
        return windows.length > 0
      }),
    close: () => queue.close(),
  }
}

/** BullMQ takes jobs without a priority first. */
const behindOthers = 10
