/** What the role runners have in common. */
import type { RedisEndpoint } from '../adapters/bullmq/redis-client.js'
import type { Access } from '../http/access.js'
import type { Health } from '../http/health.js'
import type { Metrics } from '../http/metrics.js'
import { monitorRoutes } from '../http/monitor.js'
import { listen, type ListenOptions } from '../http/server.js'
import type { Logger } from '../ports/logger.js'
import type { Tracing } from '../ports/tracing.js'
import type { Releases } from '../runtime/releases.js'

/** Runs an attempt until it succeeds, where waiting may help. Errors: those that it cannot help with. */
export type Patience = <T>(attempt: () => Promise<T>) => Promise<T>

export const impatient: Patience = (attempt) => attempt()

export interface RoleDeps {
  readonly logger: Logger
  /** Shared by the roles that run in one process. */
  readonly health: Health
  readonly metrics: Metrics
  /** Where somebody collects traces. */
  readonly tracing?: Tracing
  /** For what is away at the start; by default nothing is waited for. */
  readonly patient?: Patience
}

export interface RoleOptions {
  readonly redis: RedisEndpoint
  /** How long Redis may take to answer each attempt at the start. */
  readonly connectLimitMs?: number
}

export const defaultConnectLimitMs = 5_000

export interface Running {
  /**
   * Stops taking work, lets current work finish until the deadline, then releases everything in reverse order.
   * Resolves in bounded time; calling it again changes nothing.
   */
  stop(deadlineMs: number): Promise<void>
}

/** Serves health and metrics of a process that has no page. Returns the address. */
export const serveMonitor = async (
  name: string,
  http: ListenOptions,
  { health, metrics, access, logger }: RoleDeps & { readonly access: Access },
  releases: Releases,
): Promise<string> => {
  const server = await listen(monitorRoutes(health, metrics, access), http)
  releases.add('http', () => server.close())
  logger.info({ url: server.url }, `${name} serves /metrics, /healthz and /readyz`)
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
