/** What the role runners have in common. */
import type { RedisEndpoint } from '../adapters/bullmq/redis-client.js'
import type { Health } from '../http/health.js'
import type { Metrics } from '../http/metrics.js'
import { monitorRoutes } from '../http/monitor.js'
import { listen, type ListenOptions } from '../http/server.js'
import type { Logger } from '../ports/logger.js'
import type { Releases } from '../runtime/releases.js'

export interface RoleDeps {
  readonly logger: Logger
  /** Shared by the roles that run in one process. */
  readonly health: Health
  readonly metrics: Metrics
}

export interface RoleOptions {
  readonly redis: RedisEndpoint
  /** Where this role serves its own health and metrics; absent when another role of the process does. */
  readonly http?: ListenOptions
  /** How long Redis may take to answer at the start. */
  readonly connectLimitMs?: number
}

export const defaultConnectLimitMs = 10_000

export interface Running {
  /** Where health and metrics are served, if this role serves them. */
  readonly url: string | undefined
  /**
   * Stops taking work, lets current work finish until the deadline, then releases everything in reverse order.
   * Resolves in bounded time; calling it again changes nothing.
   */
  stop(deadlineMs: number): Promise<void>
}

/** Serves health and metrics of a role that has no page of its own. */
export const serveMonitor = async (
  role: string,
  { http }: RoleOptions,
  { health, metrics, logger }: RoleDeps,
  releases: Releases,
): Promise<string | undefined> => {
  if (http === undefined) return undefined
  const server = await listen(monitorRoutes(health, metrics), http)
  releases.add('http', () => server.close())
  logger.info({ url: server.url }, `${role} serves /metrics, /healthz and /readyz`)
  return server.url
}

/** Runs a start; whatever it had opened is released when it fails. */
export const startOrRelease = async <T>(releases: Releases, start: () => Promise<T>): Promise<T> => {
  try {
    return await start()
  } catch (error) {
    await releases.run()
    throw error
  }
}
