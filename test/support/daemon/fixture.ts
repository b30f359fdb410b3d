/** Schedulers, workers and dashboards on a real Redis, with a prefix of their own that is removed afterwards. */
import { randomBytes } from 'node:crypto'
import { Queue } from 'bullmq'
import { Cluster } from 'ioredis'
import type { Job } from 'bullmq'
import { MemoryPauseStore } from '../../../src/adapters/memory/memory-pause-store.js'
import { MemoryRunStore } from '../../../src/adapters/memory/memory-run-store.js'
import { redisClient, type RedisPlace } from '../../../src/adapters/bullmq/redis-client.js'
import { windowsQueue, type WindowJobData, type WindowJobResult } from '../../../src/adapters/bullmq/window-job.js'
import { emptyReport, type WindowResult } from '../../../src/core/report.js'
import type { Window } from '../../../src/core/window.js'
import { startDashboard, type DashboardOptions } from '../../../src/daemon/dashboard.js'
import { serveMonitor, type RoleDeps, type Running } from '../../../src/daemon/running.js'
import { startScheduler, type SchedulerOptions } from '../../../src/daemon/scheduler.js'
import type { SharedStore } from '../../../src/daemon/store-watch.js'
import { startWorker, type WorkerDeps, type WorkerOptions } from '../../../src/daemon/worker.js'
import { openAccess } from '../open-access.js'
import { createHealth } from '../../../src/http/health.js'
import { createMetrics } from '../../../src/http/metrics.js'
import { privateAddress } from '../../../src/http/server.js'
import { createReleases } from '../../../src/runtime/releases.js'
import { systemClock } from '../../../src/runtime/clock.js'
import { acknowledgeWindow, type LastSeen } from '../../../src/sync/acknowledge-window.js'
import type { PlannedPair } from '../../../src/sync/plan-windows.js'
import { testCheckpoints, testLogger } from './memory-ports.js'

export const redisUrl = process.env['CAES_TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379'

export const pairName = 'default'

export type DaemonFixture = Awaited<ReturnType<typeof daemonFixture>>

/** A window that read and wrote nothing. */
export const quietResult = (pair: string, window: Window): WindowResult => ({
  report: emptyReport(pair, window),
  rejects: [],
})

const notAsked = (): never => {
  throw new Error('this test has no runs')
}

const noRetries: WorkerDeps['retryRecords'] = async (_pair, records) => records.map(() => ({ kind: 'unchanged' }))

/** What the pair's windows run against, as far as a test says that they do. */
export const testStores: readonly SharedStore[] = [
  { side: 'elasticsearch', name: 'http://es.test:9200' },
  { side: 'cassandra', name: 'cassandra.test:9042' },
]

export const daemonFixture = async (place: RedisPlace = { url: redisUrl }) => {
  const name = `test-${randomBytes(6).toString('hex')}`
  const prefix = place.cluster === undefined ? name : `{${name}}`
  const redis = { ...place, prefix }
  const client = redisClient(place, { behaviour: { maxRetriesPerRequest: 2 }, offlineQueue: true })
  const queue = new Queue<WindowJobData, WindowJobResult>(windowsQueue, { connection: client, prefix: redis.prefix })
  const checkpoints = testCheckpoints()
  const pauses = new MemoryPauseStore()
  const runs = new MemoryRunStore()
  const logger = testLogger()
  const running: Running[] = []
  const pair: PlannedPair = {
    name: pairName,
    unit: 'ms',
    settle: 0,
    entries: { ttl: 3_600_000_000, overlap: 1_000_000, interval: 200_000, usualLag: 600_000 },
    cadence: { step: 200, maxOpen: 50 },
  }
  const acknowledged: Window[] = []
  const lastSeen = new Map<string, LastSeen>()

  const roleDeps = () => ({
    logger,
    health: createHealth(),
    metrics: createMetrics(systemClock, 'test'),
    access: openAccess,
  })
  const acknowledge: WorkerDeps['acknowledge'] = async (name, window, signal) => {
    await acknowledgeWindow(name, window, signal, { checkpoints, lastSeen, clock: systemClock })
    acknowledged.push(window)
  }
  const track = <T extends Running>(started: T): T => {
    running.push(started)
    return started
  }
  /** With an address of its own for health and metrics, as each process has. */
  const monitored = async (deps: RoleDeps, role: Running): Promise<Running & { readonly url: string }> => {
    const releases = createReleases(logger)
    const url = await serveMonitor('test', privateAddress, { ...deps, access: openAccess }, releases)
    const stop = async (deadlineMs: number): Promise<void> => {
      await role.stop(deadlineMs)
      await releases.run()
    }
    return track({ url, stop })
  }
  /** Like FLUSHALL, for what belongs to this test only. */
  const loseRedis = async (): Promise<void> => {
    const keys: string[] = []
    for (const node of client instanceof Cluster ? client.nodes('master') : [client]) {
      for await (const batch of node.scanStream({ match: `${redis.prefix}:*`, count: 1_000 })) {
        keys.push(...(batch as string[]))
      }
    }
    if (keys.length > 0) await client.del(...keys)
  }

  return {
    redis,
    client,
    queue,
    checkpoints,
    pauses,
    runs,
    logger,
    pair,
    /** Windows in the order in which they were acknowledged. */
    acknowledged,
    watermark: (): number => checkpoints.current(pairName)?.watermark ?? 0,
    loseRedis,
    jobIn: async (state: 'failed' | 'delayed' | 'active' | 'waiting' | 'completed'): Promise<Job | undefined> =>
      (await queue.getJobs([state]))[0],
    scheduler: async (options: Partial<SchedulerOptions> = {}) => {
      const deps = { ...roleDeps(), checkpoints, pauses, runs, clock: systemClock }
      const settings = { redis, pairs: [pair], intervalMs: 200, attempts: 2, backoffMs: 50, checkMs: 100 }
      return monitored(deps, await startScheduler(deps, { ...settings, ...options }))
    },
    worker: async (
      runWindow: WorkerDeps['runWindow'],
      {
        retryRecords = noRetries,
        gate = () => undefined,
        stores = new Map([[pairName, testStores]]),
        pauseGate = () => undefined,
        cutRun = notAsked,
        workOnPart = notAsked,
        ...options
      }: Partial<
        WorkerOptions & Pick<WorkerDeps, 'retryRecords' | 'gate' | 'stores' | 'pauseGate' | 'cutRun' | 'workOnPart'>
      > = {},
    ) => {
      const ofRuns = { runs, pauseGate, cutRun, workOnPart, clock: systemClock }
      const deps = { ...roleDeps(), ...ofRuns, gate, stores, runWindow, acknowledge, retryRecords }
      const settings = { redis, intervalMs: 200, concurrency: 2, parts: 1, attempts: 2, backoffMs: 50 }
      return monitored(deps, await startWorker(deps, { ...settings, ...options }))
    },
    dashboard: async (options: Partial<DashboardOptions> = {}, access = openAccess) => {
      const deps = { ...roleDeps(), access, checkpoints, pauses, runs, clock: systemClock }
      const pairs = [{ name: pairName, unit: 'ms', settle: 0, interval: 200_000 } as const]
      const settings = { redis, http: privateAddress, pairs, version: '1.2.3' }
      const dashboard = track(await startDashboard(deps, { ...settings, ...options }))
      await dashboard.untilReady()
      return dashboard
    },
    close: async (): Promise<void> => {
      for (const each of running.splice(0).toReversed()) await each.stop(0)
      await queue.close()
      await loseRedis()
      client.disconnect()
    },
  }
}
