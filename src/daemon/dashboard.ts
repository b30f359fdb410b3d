/** The dashboard process: status page, Bull Board, health and metrics on one address. It holds no state. */
import { Queue } from 'bullmq'
import { openRedis } from '../adapters/bullmq/connection.js'
import { partsQueue } from '../adapters/bullmq/part-job.js'
import { createRejectQueue } from '../adapters/bullmq/reject-queue.js'
import { createWindowHistory } from '../adapters/bullmq/window-history.js'
import { ticksQueue } from '../adapters/bullmq/window-job.js'
import { createWindowList } from '../adapters/bullmq/window-list.js'
import type { Access } from '../http/access.js'
import { dashboardApp } from '../http/dashboard.js'
import { listen, type ListenOptions } from '../http/server.js'
import type { CheckpointStore } from '../ports/checkpoint.js'
import type { Clock } from '../ports/clock.js'
import type { PauseStore } from '../ports/pause.js'
import type { RunReader } from '../ports/run-store.js'
import { createReleases } from '../runtime/releases.js'
import { remembered } from '../runtime/remembered.js'
import { readSnapshot } from '../sync/read-overview.js'
import type { WatchedPair } from '../sync/read-status.js'
import { boundedReaders } from './bounded-readers.js'
import { statusMetrics } from './status-metrics.js'
import { defaultConnectLimitMs, startOrRelease, type RoleDeps, type RoleOptions, type Running } from './running.js'

export interface DashboardDeps extends RoleDeps {
  /** Asked when somebody looks; may be down then, and at the start. */
  readonly checkpoints: Pick<CheckpointStore, 'read'>
  readonly pauses: PauseStore
  readonly runs: RunReader
  readonly clock: Clock
  readonly access: Access
}

export interface DashboardOptions extends RoleOptions {
  readonly http: ListenOptions
  readonly pairs: readonly WatchedPair[]
  readonly version: string
}

export interface RunningDashboard extends Running {
  readonly url: string
  /** Resolves once it can show what is in the queues. Errors: CAES_REDIS_DOWN, CAES_REDIS_DENIED. */
  untilReady(): Promise<void>
}

/** A page view costs the stores nothing while the last reading is this young. */
const freshMs = 1_000
/** Failed windows of a pair that are shown with their reasons; more are counted. */
const failuresShown = 5

/** Resolves once the page can be opened at `url`, whether Redis is there or not. Errors: CAES_PORT_TAKEN. */
export const startDashboard = async (deps: DashboardDeps, options: DashboardOptions): Promise<RunningDashboard> => {
  const { logger, health, metrics, access, pauses } = deps
  const { redis, http, pairs, version, connectLimitMs = defaultConnectLimitMs } = options
  const releases = createReleases(logger)

  return startOrRelease(releases, async () => {
    const link = openRedis(redis, 'producer', 'caes-sync dashboard', logger)
    releases.add('redis', () => link.close())

    const windows = createWindowList(link, redis.prefix)
    releases.add('windows', () => windows.close())
    const rejects = createRejectQueue(link, logger, { prefix: redis.prefix, watchesOnly: true })
    releases.add('reject queue', () => rejects.close())
    // Watching must change nothing: the processes that own the queues keep their metadata.
    const watched = (name: string): Queue => {
      const queue = new Queue(name, { connection: link.client, prefix: redis.prefix, skipMetasUpdate: true })
      queue.on('error', () => undefined) // the link reports outages, each request its own failure
      releases.add(name, () => queue.close())
      return queue
    }
    const ticks = watched(ticksQueue)
    const parts = watched(partsQueue)
    const units = new Map(pairs.map(({ name, unit }) => [name, unit]))
    const board = { windows: windows.queue, parts, rejects: rejects.queue, ticks, units }

    const removeChecks = health.add('dashboard', {
      ready: () => (link.isReady() ? undefined : `Redis at ${link.where} is out of reach`),
    })
    releases.add('health', removeChecks)

    const readers = boundedReaders(link.where, {
      ...deps,
      windows,
      rejects,
      history: createWindowHistory(windows.queue, link.where),
      failures: { failed: (pair) => windows.list({ states: ['failed'], pair, limit: failuresShown, order: 'oldest' }) },
      workers: windows,
    })
    const snapshot = remembered(freshMs, () => readSnapshot(pairs, readers))
    const status = {
      pairs,
      snapshot,
      version,
      windows,
      pauses,
      may: access.auth.may,
      visitor: access.auth.visitor,
      logger,
    }
    const server = await listen(
      dashboardApp({
        host: http.host,
        health,
        metrics: statusMetrics(metrics, snapshot, [windows.queue, parts, rejects.queue], () => link.isReady()),
        access,
        board,
        status,
      }),
      http,
    )
    releases.add('http', () => server.close())
    logger.info({ url: server.url }, 'dashboard is open')
    return {
      url: server.url,
      untilReady: () => link.untilReady(connectLimitMs),
      stop: () => releases.run(),
    }
  })
}
