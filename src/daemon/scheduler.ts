/**
 * The scheduler: ticks, and a planner that each tick wakes. Any number may run; none is special, because what to hand
 * out follows from the checkpoint and the queue alone.
 */
import { openRedis } from '../adapters/bullmq/connection.js'
import { createPartQueue } from '../adapters/bullmq/part-queue.js'
import { createRejectQueue } from '../adapters/bullmq/reject-queue.js'
import { createTicker } from '../adapters/bullmq/ticker.js'
import { createWindowQueue } from '../adapters/bullmq/window-queue.js'
import { errorText } from '../core/error-text.js'
import { tickOffset } from '../core/tick-offset.js'
import { windowLabel } from '../core/window-label.js'
import type { CheckpointStore } from '../ports/checkpoint.js'
import type { Clock } from '../ports/clock.js'
import type { PauseReader } from '../ports/pause.js'
import type { RunStore } from '../ports/run-store.js'
import { createReleases } from '../runtime/releases.js'
import { repeat } from '../runtime/repeat.js'
import type { PlannedPair } from '../sync/plan-windows.js'
import { createPlanner } from './planner.js'
import {
  defaultConnectLimitMs,
  impatient,
  startOrRelease,
  type RoleDeps,
  type RoleOptions,
  type Running,
} from './running.js'

export interface SchedulerDeps extends RoleDeps {
  readonly checkpoints: CheckpointStore
  readonly pauses: PauseReader
  readonly runs: RunStore
  readonly clock: Clock
}

export interface SchedulerOptions extends RoleOptions {
  readonly pairs: readonly PlannedPair[]
  readonly intervalMs: number
  /** See WindowQueueOptions. */
  readonly attempts: number
  readonly backoffMs: number
  /** Whether it is a failure when nothing can be planned at the start because a store is away. */
  readonly failFast?: boolean
  /** How often this process looks after the ticks and the watermark; at most every 5 s by default. */
  readonly checkMs?: number
}

/** A scheduler whose checks did not come to an end for so long is not alive. */
const aliveLimitMs = 60_000

/**
 * Resolves once ticks come and windows were planned, or planning failed for a reason that may pass.
 * Errors: CAES_REDIS_DOWN, CAES_REDIS_DENIED, and whatever makes planning pointless until the configuration changes.
 */
export const startScheduler = async (deps: SchedulerDeps, options: SchedulerOptions): Promise<Running> => {
  const { logger, metrics, health, patient = impatient } = deps
  const { redis, pairs, intervalMs } = options
  const checkMs = options.checkMs ?? Math.min(Math.max(intervalMs, 500), 5_000)
  const releases = createReleases(logger)
  let drainMs = 0

  return startOrRelease(releases, async () => {
    const producer = openRedis(redis, 'producer', 'caes-sync scheduler', logger)
    releases.add('redis', () => producer.close())
    const listener = openRedis(redis, 'worker', 'caes-sync ticks', logger)
    releases.add('redis ticks', () => listener.close())
    await patient(() => producer.untilReady(options.connectLimitMs ?? defaultConnectLimitMs))

    const units = new Map(pairs.map(({ name, unit }) => [name, unit]))
    const queue = createWindowQueue(producer, {
      prefix: redis.prefix,
      attempts: options.attempts,
      backoffMs: options.backoffMs,
      ...(deps.tracing === undefined ? {} : { tracing: deps.tracing }),
      label: (pair, window) => `${pair} ${windowLabel(window, units.get(pair) ?? 's')}`,
    })
    releases.add('window queue', () => queue.close())

    const parts = createPartQueue(producer, { ...options, prefix: redis.prefix })
    releases.add('part queue', () => parts.close())

    const rejects = createRejectQueue(producer, logger, { prefix: redis.prefix })
    releases.add('reject queue', () => rejects.close())

    const planner = createPlanner(pairs, { ...deps, queue, parts })
    let checked = performance.now()
    // Health and metrics come first and so go last.
    const removeChecks = health.add('scheduler', {
      alive: () => (performance.now() - checked < aliveLimitMs + checkMs ? undefined : 'the scheduler hangs'),
      ready: () => (producer.isReady() ? planner.fault() : `Redis at ${producer.where} is out of reach`),
    })
    releases.add('health', removeChecks)

    await (options.failFast === true ? planner.plan() : planner.planQuietly())

    const links = { producer, worker: listener }
    const settles = pairs.map(({ settle }) => settle)
    const offsetMs = tickOffset(settles, intervalMs * 1_000) / 1_000
    const ticker = createTicker(links, () => planner.plan(), logger, { prefix: redis.prefix, intervalMs, offsetMs })
    releases.add('ticker', () => ticker.stop(drainMs))
    await patient(() => ticker.start())

    const observeRejects = async (): Promise<void> => {
      const kept = await rejects.count()
      for (const { name } of pairs) metrics.rejectsObserved(name, kept.get(name) ?? 0)
    }
    const lookAfterTicks = async (): Promise<void> => {
      const mended = await ticker.mend()
      if (mended) logger.warn({}, 'ticks had stopped; started them anew')
      if (mended || planner.fault() !== undefined) await planner.planQuietly()
      else await planner.observe()
    }
    const round = (): Promise<void> =>
      Promise.all([lookAfterTicks(), observeRejects()])
        .then(() => undefined)
        .finally(() => {
          checked = performance.now()
        })
    const stopChecks = repeat(checkMs, round, (error) =>
      logger.debug({}, `could not look after ticks and rejects: ${errorText(error)}`),
    )
    releases.add('checks', stopChecks)
    return {
      stop: (deadlineMs) => {
        drainMs = deadlineMs
        return releases.run()
      },
    }
  })
}
