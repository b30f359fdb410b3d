/** A worker: takes windows, several at a time, parts of runs, and retried rejects. Any number may run, on any hosts. */
import { openRedis } from '../adapters/bullmq/connection.js'
import { createPartQueue } from '../adapters/bullmq/part-queue.js'
import { startPartWorker, type PartWorker } from '../adapters/bullmq/part-worker.js'
import { createRejectQueue } from '../adapters/bullmq/reject-queue.js'
import { startRejectWorker, type RejectWorkerDeps } from '../adapters/bullmq/reject-worker.js'
import { createSharedPaces } from '../adapters/bullmq/shared-pace.js'
import { createWindowParts } from '../adapters/bullmq/window-parts.js'
import { startWindowWorker, type WindowWorker, type WindowWorkerDeps } from '../adapters/bullmq/window-worker.js'
import { allOpen } from '../core/gate.js'
import type { Gate } from '../ports/gate.js'
import { createReleases } from '../runtime/releases.js'
import { createRunKeeper } from './run-keeper.js'
import { createRunSteps, type RunStepDeps } from './run-steps.js'
import {
  defaultConnectLimitMs,
  impatient,
  startOrRelease,
  type RoleDeps,
  type RoleOptions,
  type Running,
} from './running.js'
import { breakerRules, createStoreWatch, type SharedStore } from './store-watch.js'

export interface WorkerDeps
  extends
    RoleDeps,
    Pick<WindowWorkerDeps, 'gate' | 'runWindow' | 'acknowledge'>,
    Pick<RejectWorkerDeps, 'retryRecords'>,
    Pick<RunStepDeps, 'runs' | 'cutRun' | 'workOnPart' | 'clock'> {
  /** Asked while a part is under way: closed where its pair was paused. */
  readonly pauseGate: Gate
  /** The stores of each pair, which windows wait for while they are away. */
  readonly stores: ReadonlyMap<string, readonly SharedStore[]>
}

export interface WorkerOptions extends RoleOptions {
  /** How often windows are planned: what waits for a store looks again about as often, at most every 15 s. */
  readonly intervalMs: number
  /** Windows at a time. */
  readonly concurrency: number
  /** Parts of runs at a time, beside them; 0 for none. */
  readonly parts: number
  /** Attempts at a part, and the wait before the second; see PartQueueOptions. */
  readonly attempts: number
  readonly backoffMs: number
  /** Shown on the board beside what it processes. */
  readonly name?: string
  /** See WindowWorkerOptions. */
  readonly lockMs?: number
  /** See WindowWorkerOptions. */
  readonly answerLimitMs?: number
}

/** Resolves once windows are being taken. Errors: CAES_REDIS_DOWN, CAES_REDIS_DENIED. */
export const startWorker = async (deps: WorkerDeps, options: WorkerOptions): Promise<Running> => {
  const { logger, health, patient = impatient } = deps
  const releases = createReleases(logger)
  let drainMs = 0

  return startOrRelease(releases, async () => {
    const link = openRedis(options.redis, 'worker', 'caes-sync worker', logger)
    releases.add('redis', () => link.close())
    // A worker's connection waits through any outage, but a window must not wait for its rejects or parts to be listed.
    const producer = openRedis(options.redis, 'producer', 'caes-sync worker lists', logger)
    releases.add('redis lists', () => producer.close())
    const limitMs = options.connectLimitMs ?? defaultConnectLimitMs
    await patient(() => Promise.all([link.untilReady(limitMs), producer.untilReady(limitMs)]))
    const { prefix } = options.redis
    const rejects = createRejectQueue(producer, logger, { prefix })
    releases.add('reject queue', () => rejects.close())
    const parts = createWindowParts(producer, prefix)
    releases.add('parts of windows', () => parts.close())

    // Health and metrics come first and so go last: while it drains, a worker is seen to be stopping.
    const rules = breakerRules(options.intervalMs)
    const watch = createStoreWatch(deps.stores, rules, deps)
    let worker: WindowWorker | undefined
    let partWorker: PartWorker | undefined
    const removeChecks = health.add('worker', {
      alive: () => worker?.hang() ?? partWorker?.hang(),
      ready: () => (worker === undefined ? 'starting' : (worker.fault() ?? watch.fault())),
    })
    releases.add('health', removeChecks)

    const lock = options.lockMs === undefined ? {} : { lockMs: options.lockMs }
    const gate = allOpen([deps.gate, watch.gate])
    const started = startWindowWorker(
      link,
      { ...deps, rejects, parts, gate, ended: watch.ended },
      {
        prefix,
        concurrency: options.concurrency,
        longestPauseMs: rules.longestMs,
        ...(options.name === undefined ? {} : { name: options.name }),
        ...lock,
        ...(options.answerLimitMs === undefined ? {} : { answerLimitMs: options.answerLimitMs }),
      },
    )
    const retrying = startRejectWorker(link, deps, { prefix, ...lock })
    const startParts = (): PartWorker => {
      const queue = createPartQueue(producer, { ...options, prefix })
      releases.add('part queue', () => queue.close())
      const steps = createRunSteps({
        ...deps,
        rejects,
        paces: createSharedPaces(producer, prefix, deps.clock),
        isBusy: () => started.isFull(),
      })
      const keeper = createRunKeeper({ ...deps, parts: queue })
      return startPartWorker(
        link,
        {
          ...deps,
          gate,
          mayGoOn: deps.pauseGate,
          ended: watch.ended,
          runStep: steps,
          isDrained: () => queue.isDrained(),
          onDrained: (pair) => keeper.plan(pair),
        },
        { prefix, concurrency: options.parts, longestPauseMs: rules.longestMs, ...lock },
      )
    }
    if (options.parts > 0) partWorker = startParts()
    releases.add('workers', () =>
      Promise.all([started.stop(drainMs), retrying.stop(drainMs), partWorker?.stop(drainMs)]),
    )
    worker = started
    logger.info({ concurrency: options.concurrency, redis: link.where }, 'worker takes windows')
    return {
      stop: (deadlineMs) => {
        drainMs = deadlineMs
        return releases.run()
      },
    }
  })
}
