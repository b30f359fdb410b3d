/** The dashboard process: Bull Board, health and metrics on one address. It holds no state. */
import { Queue } from 'bullmq'
import { openRedis } from '../adapters/bullmq/connection.js'
import { rejectsQueue } from '../adapters/bullmq/reject-job.js'
import { ticksQueue, windowsQueue } from '../adapters/bullmq/window-job.js'
import type { Unit } from '../core/version.js'
import { dashboardApp } from '../http/dashboard.js'
import { isLoopback } from '../http/guard.js'
import { listen, type ListenOptions } from '../http/server.js'
import { createReleases } from '../runtime/releases.js'
import { defaultConnectLimitMs, startOrRelease, type RoleDeps, type RoleOptions, type Running } from './running.js'

export interface DashboardOptions extends RoleOptions {
  readonly http: ListenOptions
  /** Units by pair, to show windows as times. */
  readonly units: ReadonlyMap<string, Unit>
}

export interface RunningDashboard extends Running {
  readonly url: string
  /** Resolves once it can show what is in the queues. Errors: CAES_REDIS_DOWN, CAES_REDIS_DENIED. */
  untilReady(): Promise<void>
}

/** Resolves once the page can be opened at `url`, whether Redis is there or not. Errors: CAES_PORT_TAKEN. */
export const startDashboard = async (deps: RoleDeps, options: DashboardOptions): Promise<RunningDashboard> => {
  const { logger, health, metrics } = deps
  const { redis, http, units, connectLimitMs = defaultConnectLimitMs } = options
  const releases = createReleases(logger)

  return startOrRelease(releases, async () => {
    const link = openRedis(redis, 'producer', 'caes-sync dashboard', logger)
    releases.add('redis', () => link.close())

    const openQueue = (name: string): Queue => {
      // Watching must change nothing: the processes that own the queues keep their metadata.
      const queue = new Queue(name, { connection: link.client, prefix: redis.prefix, skipMetasUpdate: true })
      queue.on('error', () => undefined) // the link reports outages, each request its own failure
      releases.add(`queue ${name}`, () => queue.close())
      return queue
    }
    const windows = openQueue(windowsQueue)
    const rejects = openQueue(rejectsQueue)
    const ticks = openQueue(ticksQueue)

    const removeChecks = health.add('dashboard', {
      ready: () => (link.isReady() ? undefined : `Redis at ${link.where} is out of reach`),
    })
    releases.add('health', removeChecks)
    const server = await listen(
      dashboardApp({ windows, rejects, ticks, units, host: http.host, health, metrics }),
      http,
    )
    releases.add('http', () => server.close())
    if (!isLoopback(http.host)) {
      logger.warn(
        { url: server.url },
        'the dashboard has no login and can be reached from outside; protect its address',
      )
    }
    logger.info({ url: server.url }, 'dashboard is open')
    return {
      url: server.url,
      untilReady: () => link.untilReady(connectLimitMs),
      stop: () => releases.run(),
    }
  })
}
