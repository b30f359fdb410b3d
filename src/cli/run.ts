/** `caes-sync run`: one role of the service, or all of them in one process, in the foreground. */
import { checkpointStores, connections, pauseStores } from '../compose.js'
import type { Config } from '../config/config.js'
import { parseListen } from '../config/listen.js'
import { loadConfig } from '../config/load.js'
import { errorText } from '../core/error-text.js'
import { CaesError, exitCode } from '../core/errors.js'
import { impatient, serveMonitor, type Running } from '../daemon/running.js'
import { createWaiting } from '../daemon/waiting.js'
import { createHealth } from '../http/health.js'
import { createMetrics } from '../http/metrics.js'
import { privateAddress, type ListenOptions } from '../http/server.js'
import { systemClock } from '../runtime/clock.js'
import { watchLoop } from '../runtime/loop-watch.js'
import { patiently } from '../runtime/patiently.js'
import { createReleases } from '../runtime/releases.js'
import { onShutdown } from '../runtime/signals.js'
import { startWatchdog } from '../runtime/watchdog.js'
import { configSource } from './config-source.js'
import type { GlobalOptions } from './global-options.js'
import { openDashboard, startSchedulerRole, startWorkerRole, type RoleContext } from './roles.js'
import { openServiceLogging } from './service-logging.js'
import { version } from './version.js'

type Role = 'scheduler' | 'worker' | 'dashboard'

export interface RunOptions {
  readonly role: 'all' | Role
  /** host:port of this process's own HTTP, over the configuration. */
  readonly listen?: string
  /** Ends with the exit code of what is wrong when something is away at the start, instead of waiting for it. */
  readonly failFast?: boolean
}

/** After the windows have ended: for closing connections. */
const releaseLimitMs = 10_000
/** A process that does not move for so many times the life of a lock has lost its windows anyway. */
const stuckLocks = 2
const usualAddress = '127.0.0.1:9464'

/** Starts the role and returns; the process ends by a signal. */
export const run = async (options: RunOptions, global: GlobalOptions): Promise<number> => {
  const config = await loadConfig(configSource(global))
  const logging = openServiceLogging(config, global)
  const logger = logging.named('caes')
  for (const warning of config.warnings) logger.warn({}, warning)
  const releases = createReleases(logger)
  const stopping = new AbortController()
  const running: Running[] = []
  const stop = async (): Promise<void> => {
    stopping.abort(new CaesError('CAES_CANCELLED', 'the start was cancelled: shutdown'))
    await Promise.all(running.map((role) => role.stop(config.worker.shutdownTimeoutMs)))
    await releases.run()
  }
  // Log files that were moved away are begun anew, as logrotate asks for it.
  process.on('SIGHUP', () => logging.reopen())
  // Before anything is opened: a signal during a slow start ends it too.
  onShutdown({ stop, limitMs: config.worker.shutdownTimeoutMs + releaseLimitMs, logger })
  const shared = connections(logging.named('caes.sync'), releases)
  const context: RoleContext = {
    config,
    shared,
    checkpoints: checkpointStores(config.pairs, shared),
    pauses: pauseStores(config.pairs, shared),
    logger,
    releases,
    health: createHealth(),
    metrics: createMetrics(systemClock, version),
    patient: impatient,
    signal: stopping.signal,
    failFast: options.failFast === true,
    onHopeless: (error) => void leave(error),
  }
  /** For what turns out to be wrong only after it was waited for. */
  const leave = async (error: unknown): Promise<void> => {
    logger.error({}, `cannot go on: ${errorText(error)}`)
    await stop()
    process.exit(error instanceof CaesError ? error.exitCode : exitCode.failed)
  }
  watchOver(context)
  try {
    await start(options, (role) => ({ ...context, logger: logging.named(`caes.${role}`) }), running)
  } catch (error) {
    // Whoever stopped the start ends the process as well.
    if (stopping.signal.aborted) return exitCode.done
    await stop()
    throw error
  }
  return exitCode.done
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
): Promise<void> => {
  const roles = options.role === 'all' ? (['dashboard', 'worker', 'scheduler'] as const) : [options.role]
  const first = contextOf(roles[0])
  const address = addressOf(options, first.config)
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
  let said = false
  /** Whoever started this process may wait for it: caes-sync-daemon, the demo, a test. */
  const saySo = (): void => {
    if (!said) process.send?.({ url })
    said = true
  }
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

/** The dashboard has the configured address; schedulers and workers a free port, unless one is asked for. */
const addressOf = ({ role, listen }: RunOptions, config: Config): ListenOptions => {
  const hasPage = role === 'all' || role === 'dashboard'
  if (listen === undefined && !hasPage) return privateAddress
  const written = listen ?? config.http.listen ?? usualAddress
  const address = parseListen(written)
  if (address === undefined) {
    throw new CaesError('CAES_USAGE', `--listen: "${written}" is not an address`, {
      hint: 'Give host:port, such as 127.0.0.1:9464.',
    })
  }
  return { ...address, key: listen === undefined ? 'http.listen' : '--listen' }
}
