/** What runs under one configuration: its log, its connections, its roles. */
import { checkpointStores, connections, pauseStores, runStores } from '../compose.js'
import type { Config } from '../config/config.js'
import { parseListen } from '../config/listen.js'
import { CaesError, exitCode } from '../core/errors.js'
import type { Generation } from '../daemon/reloading.js'
import { impatient, serveMonitor, type Running } from '../daemon/running.js'
import { createWaiting } from '../daemon/waiting.js'
import type { Health } from '../http/health.js'
import type { Metrics } from '../http/metrics.js'
import { privateAddress, type ListenOptions } from '../http/server.js'
import type { Tracing } from '../ports/tracing.js'
import { watchLoop } from '../runtime/loop-watch.js'
import { patiently } from '../runtime/patiently.js'
import { createReleases } from '../runtime/releases.js'
import { startWatchdog } from '../runtime/watchdog.js'
import { accessOf } from './access.js'
import type { GlobalOptions } from './global-options.js'
import { openDashboard, startSchedulerRole, startWorkerRole, type RoleContext } from './roles.js'
import { openServiceLogging } from './service-logging.js'

export type Role = 'scheduler' | 'worker' | 'dashboard'

export interface RunOptions {
  readonly role: 'all' | Role
  /** host:port of this process's own HTTP, over the configuration. */
  readonly listen?: string
  /** Lets everybody in who can reach a dashboard that has no users. */
  readonly insecure?: boolean
  /** Ends with the exit code of what is wrong when something is away at the start, instead of waiting for it. */
  readonly failFast?: boolean
}

/** What outlives a configuration: counters go on counting. */
export interface Lasting {
  readonly health: Health
  readonly metrics: Metrics
  readonly tracing?: Tracing
  /** Called once it runs, or waits for what is away. */
  readonly onRunning: (url: string | undefined) => void
  /** For what turns out to be wrong only after it was waited for. */
  readonly onHopeless: (error: unknown) => void
}

/** A process that does not move for so many times the life of a lock has lost its windows anyway. */
const stuckLocks = 2
const usualAddress = '127.0.0.1:9464'

/** Begins to start. Errors: CAES_CONFIG_INVALID where a log file cannot be opened. */
export const startGeneration = (
  config: Config,
  options: RunOptions,
  global: GlobalOptions,
  lasting: Lasting,
): Generation => {
  const { health, metrics, tracing, onRunning, onHopeless } = lasting
  const logging = openServiceLogging(config, global)
  const logger = logging.named('caes')
  for (const warning of config.warnings) logger.warn({}, warning)
  const releases = createReleases(logger)
  const stopping = new AbortController()
  const running: Running[] = []
  const shared = connections(logging.named('caes.sync'), releases)
  const context: RoleContext = {
    config,
    shared,
    checkpoints: checkpointStores(config.pairs, shared),
    pauses: pauseStores(config.pairs, shared),
    runs: runStores(config.pairs, shared),
    logger,
    releases,
    health,
    metrics,
    ...(tracing === undefined ? {} : { tracing }),
    patient: impatient,
    signal: stopping.signal,
    failFast: options.failFast === true,
    onHopeless,
  }
  watchOver(context)
  const contextOf = (role: Role): RoleContext => ({ ...context, logger: logging.named(`caes.${role}`) })
  return {
    logger,
    started: start(options, contextOf, running, onRunning).catch((error: unknown) => {
      // Whoever stopped the start knows.
      if (!stopping.signal.aborted) throw error
    }),
    reopenLogs: () => logging.reopen(),
    stop: async () => {
      stopping.abort(new CaesError('CAES_CANCELLED', 'the start was cancelled: shutdown'))
      await Promise.all(running.map((role) => role.stop(config.worker.shutdownTimeoutMs)))
      await releases.run()
    },
    stopLimitMs: config.worker.shutdownTimeoutMs,
    closeLogs: () => logging.close(),
  }
}

/** Ends the process where it does not move any more. */
const watchOver = ({ config, health, logger, releases }: RoleContext): void => {
  const limitMs = stuckLocks * config.worker.lockMs
  releases.add('watch over the event loop', watchLoop(limitMs))
  const faults = () => health.alive()
  releases.add('watchdog', startWatchdog({ faults, limitMs, logger, leave: () => process.exit(exitCode.failed) }))
}

const start = async (
  options: RunOptions,
  contextOf: (role: Role) => RoleContext,
  running: Running[],
  onRunning: Lasting['onRunning'],
): Promise<void> => {
  const roles = options.role === 'all' ? (['dashboard', 'worker', 'scheduler'] as const) : [options.role]
  const context = contextOf(roles[0])
  const address = addressOf(options, context.config)
  const choice = { hasPage: hasPage(options), insecure: options.insecure === true }
  const access = await accessOf(context.config, address, choice, context.logger)
  const first = { ...context, access }
  // The page first: an address that is taken is said before any work has begun, and /readyz says what is waited for.
  const dashboard = roles[0] === 'dashboard' ? await openDashboard(first, address) : undefined
  if (dashboard !== undefined) running.push(dashboard)
  const url = dashboard?.url ?? (await serveMonitor(roles[0], address, first, first.releases))

  const keep = async (role: Running): Promise<void> => {
    running.push(role)
    if (first.signal.aborted) await role.stop(0)
  }
  const starters: Record<Role, (context: RoleContext) => Promise<void>> = {
    dashboard: async ({ patient }) => patient(async () => dashboard?.untilReady()),
    worker: async (context) => keep(await startWorkerRole(context)),
    scheduler: async (context) => keep(await startSchedulerRole(context)),
  }
  const saySo = (): void => onRunning(url)
  await Promise.all(roles.map((role) => starting(role, contextOf(role), starters[role], saySo)))
  saySo()
}

/** Not ready until it has started, and what is away meanwhile is waited for. */
const starting = async (
  role: Role,
  context: RoleContext,
  start: (context: RoleContext) => Promise<void>,
  onWait: () => void,
): Promise<void> => {
  const { health, logger, signal, failFast } = context
  const waiting = createWaiting(`the ${role}`, logger)
  const started = health.add(role, { ready: () => waiting.fault() ?? 'starting' })
  const onFailure = (error: unknown): void => {
    if (failFast) throw error
    waiting.failed(error)
    onWait()
  }
  try {
    await start({ ...context, patient: (attempt) => patiently(attempt, { signal, onFailure }) })
    waiting.over()
  } finally {
    started()
  }
}

const hasPage = ({ role }: RunOptions): boolean => role === 'all' || role === 'dashboard'

/** The dashboard has the configured address; schedulers and workers a free port, unless one is asked for. */
const addressOf = (options: RunOptions, config: Config): ListenOptions => {
  const { listen } = options
  if (listen === undefined && !hasPage(options)) return privateAddress
  const written = listen ?? config.http.listen ?? usualAddress
  const address = parseListen(written)
  if (address === undefined) {
    throw new CaesError('CAES_USAGE', `--listen: "${written}" is not an address`, {
      hint: 'Give host:port, such as 127.0.0.1:9464.',
    })
  }
  return { ...address, key: listen === undefined ? 'http.listen' : '--listen' }
}
