/**
 * Wakes the planner at an interval, one of any number of schedulers at a time. BullMQ's job scheduler may skip or
 * overlap ticks, or stop making them; none of that matters, because a tick carries nothing and a missing one is noticed.
 */
import { Queue, Worker } from 'bullmq'
import type { Logger } from '../../ports/logger.js'
import { closeWorker } from './close-worker.js'
import type { RedisLink } from './connection.js'
import { jobFailure } from './failure.js'
import { isConnectionFault, onRedis } from './redis-faults.js'
import { ticksQueue } from './window-job.js'

export interface TickerOptions {
  readonly prefix: string
  readonly intervalMs: number
  /** Ticks come at multiples of the interval and so much; more than 0, which BullMQ would take for any. */
  readonly offsetMs: number
}

export interface Ticker {
  readonly queue: Queue
  /** Sets the schedule, whatever it was before. Errors: CAES_REDIS_DOWN. */
  start(): Promise<void>
  /** Starts the ticks anew if they have stopped. True when that was necessary. */
  mend(): Promise<boolean>
  stop(deadlineMs: number): Promise<void>
}

/** The same for every scheduler process, so that all of them keep one and the same schedule alive. */
const scheduleId = 'tick'
/** Ticks run a little late on a busy machine; only after this much is one missing. */
const leastSlackMs = 2_000

/** Listens from now on, and ticks once it is started. `links.producer` and `links.worker` stay the caller's to close. */
export const createTicker = (
  links: { readonly producer: RedisLink; readonly worker: RedisLink },
  onTick: () => Promise<unknown>,
  logger: Logger,
  { prefix, intervalMs, offsetMs }: TickerOptions,
): Ticker => {
  const { where, client } = links.producer
  const queue = new Queue(ticksQueue, { connection: client, prefix })
  queue.on('error', () => undefined) // see window-queue.ts

  const schedule = async (): Promise<void> => {
    await queue.upsertJobScheduler(
      scheduleId,
      { every: intervalMs, offset: offsetMs },
      { name: scheduleId, opts: { removeOnComplete: { count: 20 }, removeOnFail: { count: 20 }, stackTraceLimit: 1 } },
    )
  }

  let isTicking = false
  const worker = new Worker(
    ticksQueue,
    async () => {
      isTicking = true
      try {
        await onTick()
      } catch (error) {
        throw jobFailure(error)
      } finally {
        isTicking = false
      }
    },
    // maxStalledCount does not apply to jobs made by a schedule; without a bound a tick that kills its process returns.
    { connection: links.worker.client, prefix, concurrency: 1, maxStartedAttempts: 3 },
  )
  worker.on('error', (error) => {
    if (isConnectionFault(error)) logger.debug({ err: error }, 'ticker connection')
    else logger.warn({ reason: error.message }, 'ticker')
  })

  /** Set anew, a schedule that is there would keep the time of its next tick, and with it that of all further ones. */
  const scheduleAnew = async (): Promise<void> => {
    await queue.removeJobScheduler(scheduleId)
    await schedule()
  }

  return {
    queue,
    start: () =>
      onRedis(where, async () => {
        const next = (await queue.getJobScheduler(scheduleId))?.next
        const isInPhase = next === undefined || next % intervalMs === offsetMs
        await (isInPhase ? schedule() : scheduleAnew())
      }),
    mend: () =>
      onRedis(where, async () => {
        const found = await queue.getJobScheduler(scheduleId)
        const slack = Math.max(leastSlackMs, intervalMs)
        // Far ahead it lies after a clock was set, or a process with another interval has ended.
        if (typeof found?.next === 'number' && Math.abs(found.next - Date.now()) < intervalMs + slack) return false
        await scheduleAnew()
        return true
      }),
    stop: async (deadlineMs) => {
      await closeWorker(worker, deadlineMs, { isPointless: () => !isTicking && !links.worker.isReady() })
      await queue.close()
    },
  }
}
