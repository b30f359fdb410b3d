/** `caes-sync run`: one role of the service, or all of them in one process, in the foreground. */
import { checkpointStores, connectPair, connections, pairRules, pauseStores, sharedStores } from '../compose.js'
import type { Config } from '../config/config.js'
import { parseListen } from '../config/listen.js'
import { loadConfig } from '../config/load.js'
import { redisEndpoint } from '../connection-options.js'
import { CaesError, exitCode } from '../core/errors.js'
import { allOpen } from '../core/gate.js'
import { unitsCovering, type Unit } from '../core/version.js'
import { startDashboard } from '../daemon/dashboard.js'
import { openPauseGate } from '../daemon/pause-gate.js'
import type { Running } from '../daemon/running.js'
import { startScheduler } from '../daemon/scheduler.js'
import { startWorker } from '../daemon/worker.js'
import { createHealth } from '../http/health.js'
import { createMetrics } from '../http/metrics.js'
import { privateAddress, type ListenOptions } from '../http/server.js'
import type { CheckpointStore } from '../ports/checkpoint.js'
import type { PauseStore } from '../ports/pause.js'
import { systemClock } from '../runtime/clock.js'
import type { Logging } from '../runtime/logging/logging.js'
import { createReleases } from '../runtime/releases.js'
import { onShutdown } from '../runtime/signals.js'
import { acknowledgeWindow } from '../sync/acknowledge-window.js'
import type { PlannedPair } from '../sync/plan-windows.js'
import { syncRecords } from '../sync/sync-records.js'
import { syncOrDivide, syncWindow } from '../sync/sync-window.js'
import { configSource } from './config-source.js'
import type { GlobalOptions } from './global-options.js'
import { openServiceLogging } from './service-logging.js'
import { version } from './version.js'

export interface RunOptions {
  readonly role: 'all' | 'scheduler' | 'worker' | 'dashboard'
  /** host:port of this process's own HTTP, over the configuration. */
  readonly listen?: string
}

const usualAddress = '127.0.0.1:9464'
/** More windows than these are never open at once: beyond it they get larger. */
const maxOpenWindows = 200

/** Starts the role and returns; the process ends by a signal. */
export const run = async (options: RunOptions, global: GlobalOptions): Promise<number> => {
  const config = await loadConfig(configSource(global))
  const logging = openServiceLogging(config, global)
  const logger = logging.named('caes')
  for (const warning of config.warnings) logger.warn({}, warning)
  const releases = createReleases(logger)
  const running: Running[] = []
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((role) => role.stop(config.worker.shutdownTimeoutMs)))
    await releases.run()
  }
  // Log files that were moved away are begun anew, as logrotate asks for it.
  process.on('SIGHUP', () => logging.reopen())
  // Before anything is opened: a signal during a slow start ends it too.
  onShutdown({ stop, logger })
  try {
    const start = starter(options, config, { logging, releases })
    // The page first: an address that is taken is said before any work has begun.
    const roles = options.role === 'all' ? (['dashboard', 'worker', 'scheduler'] as const) : [options.role]
    for (const role of roles) running.push(await start(role))
  } catch (error) {
    await stop()
    throw error
  }
  // Whoever started this process may wait for it: caes-sync-daemon, the demo, a test.
  process.send?.({ url: running.findLast(({ url }) => url !== undefined)?.url })
  return exitCode.done
}

type Role = Exclude<RunOptions['role'], 'all'>
type Tools = { readonly logging: Logging; readonly releases: ReturnType<typeof createReleases> }

const starter = (options: RunOptions, config: Config, { logging, releases }: Tools) => {
  const health = createHealth()
  const metrics = createMetrics(systemClock, version)
  const depsOf = (role: Role) => ({ logger: logging.named(`caes.${role}`), health, metrics })
  const shared = connections(logging.named('caes.sync'), releases)
  const address = addressOf(options, config)
  const redis = redisEndpoint(config.redis)
  const intervalMs = config.intervalSeconds * 1_000
  let opened: Promise<CheckpointStore> | undefined
  const openCheckpoints = (): Promise<CheckpointStore> => (opened ??= checkpointStores(config.pairs, shared))
  let openedPauses: Promise<PauseStore> | undefined
  const openPauses = (): Promise<PauseStore> => (openedPauses ??= pauseStores(config.pairs, shared))
  // In one process the dashboard serves health and metrics of all.
  const monitor = options.role === 'all' ? {} : { http: address }

  const start: Record<Role, () => Promise<Running>> = {
    scheduler: async () => {
      const checkpoints = await openCheckpoints()
      const pauses = await openPauses()
      const { attempts, backoffMs } = config.worker
      return startScheduler(
        { ...depsOf('scheduler'), checkpoints, pauses, clock: systemClock },
        {
          redis,
          pairs: config.pairs.map((pair) => plannedPair(pair, config)),
          intervalMs,
          attempts,
          backoffMs,
          ...monitor,
        },
      )
    },
    worker: async () => {
      const { concurrency, lockMs } = config.worker
      const checkpoints = await openCheckpoints()
      const pairs = new Map<string, Awaited<ReturnType<typeof connectPair>>>()
      for (const pair of config.pairs) pairs.set(pair.name, await connectPair(pair, shared))
      const maxRecords = new Map(config.pairs.map(({ name, sync }) => [name, sync.maxRecordsPerJob]))
      const pairNamed = (name: string) => {
        const pair = pairs.get(name)
        if (pair !== undefined) return pair
        throw new CaesError(
          'CAES_CONFIG_INVALID',
          `work on pair "${name}" waits, which this configuration does not have`,
          {
            hint: 'Run all processes with the same configuration, or remove the windows and rejects of that pair on the dashboard.',
          },
        )
      }
      const paused = await openPauseGate([...pairs.keys()], await openPauses(), depsOf('worker').logger)
      releases.add('pauses', () => paused.stop())
      return startWorker(
        {
          ...depsOf('worker'),
          gate: allOpen([paused.gate]),
          stores: sharedStores(config.pairs),
          runWindow: async (name, window, signal, part) => {
            const options = { signal, lateLooksEnd: true }
            const pair = pairNamed(name)
            return part === undefined
              ? syncOrDivide(pair, window, maxRecords.get(name)!, options)
              : syncWindow(pair, window, { ...options, part })
          },
          retryRecords: async (name, records, signal) => syncRecords(pairNamed(name), records, { signal }),
          acknowledge: (name, window, signal) =>
            acknowledgeWindow(name, window, signal, { checkpoints, clock: systemClock }),
        },
        { redis, intervalMs, concurrency, lockMs, ...monitor },
      )
    },
    dashboard: () => startDashboard(depsOf('dashboard'), { redis, http: address, units: unitsOf(config) }),
  }
  return (role: Role) => start[role]()
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

const plannedPair = (pair: Config['pairs'][number], { intervalSeconds }: Config): PlannedPair => {
  const { unit, settle } = pairRules(pair)
  return {
    name: pair.name,
    unit,
    settle,
    entryTtl: pair.cassandra.ttlSeconds * 1_000_000,
    cadence: { step: Math.max(1, unitsCovering(intervalSeconds * 1_000_000, unit)), maxOpen: maxOpenWindows },
  }
}

const unitsOf = ({ pairs }: Config): ReadonlyMap<string, Unit> =>
  new Map(pairs.map(({ name, sync }) => [name, sync.unit]))
