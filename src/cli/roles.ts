/** The roles of the service, built from the configuration. */
import { connectPair, operatorStores, pairRules, sharedStores, watchedPair, type Connections } from '../compose.js'
import type { Config } from '../config/config.js'
import { redisEndpoint } from '../connection-options.js'
import { CaesError } from '../core/errors.js'
import { allOpen } from '../core/gate.js'
import { graceOf } from '../core/grace.js'
import { usualLag } from '../core/pair-status.js'
import { windowStep } from '../core/progress.js'
import { unitsCovering, type Micros } from '../core/version.js'
import { startDashboard, type RunningDashboard } from '../daemon/dashboard.js'
import { connectPairs } from '../daemon/pair-connections.js'
import { openPauseGate } from '../daemon/pause-gate.js'
import type { Patience, RoleDeps, Running } from '../daemon/running.js'
import { startScheduler } from '../daemon/scheduler.js'
import { startWorker } from '../daemon/worker.js'
import type { Access } from '../http/access.js'
import type { ListenOptions } from '../http/server.js'
import type { CheckpointStore } from '../ports/checkpoint.js'
import type { Gate } from '../ports/gate.js'
import type { PauseStore } from '../ports/pause.js'
import type { RunStore } from '../ports/run-store.js'
import { systemClock } from '../runtime/clock.js'
import type { Releases } from '../runtime/releases.js'
import { acknowledgeWindow, type LastSeen } from '../sync/acknowledge-window.js'
import { heardPair } from '../sync/heard-pair.js'
import type { ScannablePair } from '../sync/pair.js'
import type { PlannedPair } from '../sync/plan-windows.js'
import { sharedLabels } from '../sync/shared-labels.js'
import { cutRun } from '../sync/start-run.js'
import { syncRecords } from '../sync/sync-records.js'
import { syncOrDivide, syncWindow } from '../sync/sync-window.js'
import { workOnPart } from '../sync/work-on-part.js'
import { version } from './version.js'

export interface RoleContext extends RoleDeps {
  readonly patient: Patience
  readonly config: Config
  readonly shared: Connections
  readonly checkpoints: CheckpointStore
  readonly pauses: PauseStore
  readonly runs: RunStore
  readonly releases: Releases
  /** Aborted when the process is to end. */
  readonly signal: AbortSignal
  readonly failFast: boolean
  /** For what turns out to be wrong only after it was waited for. */
  readonly onHopeless: (error: unknown) => void
}

/** More windows than these are never open at once: beyond it they get larger. */
const maxOpenWindows = 200
/** The next part of a run mostly follows at once. */
const labelsIdleMs = 60_000
/** While it is waited for Redis, how often to say what it was that failed. */
const patientConnectMs = 2_000

const redisOptions = ({ config, failFast }: RoleContext) => ({
  redis: redisEndpoint(config.redis),
  ...(failFast ? {} : { connectLimitMs: patientConnectMs }),
})

/** Resolves once the page can be opened. */
export const openDashboard = (
  context: RoleContext & { readonly access: Access },
  http: ListenOptions,
): Promise<RunningDashboard> =>
  startDashboard(
    { ...context, ...operatorStores(context.config.pairs, context.shared), clock: systemClock },
    {
      ...redisOptions(context),
      http,
      pairs: context.config.pairs.map((pair) => watchedPair(pair, context.config)),
      version,
    },
  )

export const startSchedulerRole = (context: RoleContext): Promise<Running> => {
  const { config, failFast } = context
  const { attempts, backoffMs } = config.worker
  return startScheduler(
    { ...context, clock: systemClock },
    {
      ...redisOptions(context),
      pairs: config.pairs.map((pair) => plannedPair(pair, config)),
      intervalMs: config.intervalSeconds * 1_000,
      attempts,
      backoffMs,
      failFast,
    },
  )
}

interface ConnectedPair {
  readonly pair: ScannablePair
  /** See syncOrDivide. */
  readonly maxRecords: number
  /** See graceOf. */
  readonly grace: Micros
  /** Closed while somebody has paused the pair. */
  readonly gate: Gate
}

export const startWorkerRole = async (context: RoleContext): Promise<Running> => {
  const { config, checkpoints, health, releases, runs } = context
  const connect = async (name: string): Promise<ConnectedPair> => connectOne(context, name)
  const pairs = await connectPairs(
    config.pairs.map(({ name }) => name),
    { ...context, connect },
  )
  const removeChecks = health.add('pairs', { ready: () => pairs.fault() })
  releases.add('health of pairs', removeChecks)
  const labels = sharedLabels(labelsIdleMs)
  releases.add('entries', () =>
    labels.close(new CaesError('CAES_CANCELLED', 'reading entries was cancelled: shutdown')),
  )
  const lastSeen = new Map<string, LastSeen>()
  const pauseGate: Gate = (name) => pairs.of(name).gate(name)
  return startWorker(
    {
      ...context,
      clock: systemClock,
      gate: allOpen([pairs.gate, pauseGate]),
      pauseGate,
      stores: sharedStores(config.pairs),
      runWindow: async (name, window, signal, { part, audit, onAnswer }) => {
        const { pair: silent, maxRecords } = pairs.of(name)
        const pair = heardPair(silent, onAnswer)
        const options = { signal, tilesTime: true, audit }
        return part === undefined
          ? syncOrDivide(pair, window, maxRecords, options)
          : syncWindow(pair, window, { ...options, part })
      },
      retryRecords: async (name, records, signal) => syncRecords(pairs.of(name).pair, records, { signal }),
      cutRun: (run, signal) => cutRun(pairs.of(run.pair).pair, run, runs, signal),
      workOnPart: (run, part, options) => {
        const { pair, grace } = pairs.of(run.pair)
        return labels.use(pair, (shared) => workOnPart(pair, run, part, shared, { ...options, grace, dryRun: false }))
      },
      acknowledge: (name, window, signal) =>
        acknowledgeWindow(name, window, signal, { checkpoints, lastSeen, clock: systemClock }),
    },
    {
      ...redisOptions(context),
      intervalMs: config.intervalSeconds * 1_000,
      concurrency: config.worker.concurrency,
      parts: config.worker.parts,
      attempts: config.worker.attempts,
      backoffMs: config.worker.backoffMs,
      lockMs: config.worker.lockMs,
    },
  )
}

/** Everything that windows of the pair need, so that what is missing or not permitted is said at the start. */
const connectOne = async (context: RoleContext, name: string): Promise<ConnectedPair> => {
  const { config, shared, checkpoints, pauses, logger, metrics, releases } = context
  // A counter has to be seen before it grows, or nobody sees that it grew.
  metrics.lateWritesCaught(name, { elasticsearch: 0, cassandra: 0 })
  const found = config.pairs.find((each) => each.name === name)!
  await checkpoints.read(name)
  const pair = await connectPair(found, shared)
  const paused = await openPauseGate([name], pauses, logger)
  releases.add(`pauses of pair ${name}`, () => paused.stop())
  const grace = graceOf(pairRules(found), config.intervalSeconds * 1_000_000)
  return { pair, maxRecords: found.sync.maxRecordsPerJob, grace, gate: paused.gate }
}

const plannedPair = (pair: Config['pairs'][number], { intervalSeconds }: Config): PlannedPair => {
  const { unit, settle, overlap } = pairRules(pair)
  const interval = intervalSeconds * 1_000_000
  const entryTtl = pair.cassandra.ttlSeconds * 1_000_000
  // Where our own entries have expired, an audit could not tell what it reads.
  const auditSpan = Math.max(0, Math.min(pair.sync.auditSpanMs * 1_000, entryTtl - 2 * overlap))
  return {
    name: pair.name,
    unit,
    settle,
    entries: { ttl: entryTtl, overlap, interval, usualLag: usualLag({ unit, settle, interval }) },
    audit: {
      interval: Math.max(1, unitsCovering(pair.sync.auditIntervalMs * 1_000, unit)),
      span: unitsCovering(auditSpan, unit),
      overlap: unitsCovering(overlap, unit),
    },
    ...(pair.sync.fullAuditIntervalMs === 0
      ? {}
      : {
          fullAudit: {
            intervalMs: pair.sync.fullAuditIntervalMs,
            rate: pair.sync.fullAuditRate,
            grace: graceOf(pairRules(pair), interval),
            direction: pair.sync.direction,
          },
        }),
    cadence: { step: windowStep(interval, unit), maxOpen: maxOpenWindows },
  }
}
