/**
 * Takes parts of runs from the queue, beside windows and behind them. A job counts as done only once the run store knows
 * its part as done; everything before that may be repeated, by this worker or by another one at the same time.
 */
import { Worker, type Job } from 'bullmq'
import { errorText } from '../../core/error-text.js'
import { CaesError } from '../../core/errors.js'
import { meaningOf } from '../../core/failed-attempt.js'
import type { Closed } from '../../core/gate.js'
import type { PartResult } from '../../core/run.js'
import type { Gate } from '../../ports/gate.js'
import type { Logger } from '../../ports/logger.js'
import type { RunMetrics } from '../../ports/metrics.js'
import type { AttemptEnd } from '../../ports/store-watch.js'
import { closeWorker, shutdownReason } from './close-worker.js'
import type { RedisLink } from './connection.js'
import { jobFailure } from './failure.js'
import { giveBack, putOff, putOffFailed } from './give-back.js'
import { jobSignal } from './job-signal.js'
import { pairOfJob } from './pair-of-job.js'
import { partsQueue, readPartJob, type PartJobData, type PartJobResult } from './part-job.js'
import { isConnectionFault } from './redis-faults.js'
import { signsOfLife } from './signs-of-life.js'
import { watchLocks } from './worker-locks.js'
import { workerOptions } from './worker-options.js'

export interface PartWorkerDeps {
  /** Whether work on a pair may start now; see StoreWatch. */
  readonly gate: Gate
  /** Whether a part that is under way may go on: closed where its pair was paused meanwhile. */
  readonly mayGoOn: Gate
  readonly ended: (pair: string, end: AttemptEnd) => void
  /**
   * Works on a step of a run, and notes in the run store that it is done. Asks `beforeReading` before each chunk.
   * Null where the step had nothing to read.
   */
  readonly runStep: (job: PartJobData, reading: Reading, signal: AbortSignal) => Promise<PartResult | null>
  /** Called when a job of a pair has ended and the queue has none left: hands out what is next. */
  readonly onDrained: (pair: string) => Promise<void>
  readonly isDrained: () => Promise<boolean>
  readonly logger: Logger
  readonly metrics: Pick<RunMetrics, 'partEnded'>
}

export interface Reading {
  /** Throws where the part is to stop and come again later. */
  readonly goOn: () => void
  readonly onRead: (records: number) => void
}

export interface PartWorkerOptions {
  readonly prefix: string
  /** Parts at a time. */
  readonly concurrency: number
  readonly longestPauseMs: number
  readonly lockMs?: number
}

export interface PartWorker {
  /** See WindowWorker. */
  hang(): string | undefined
  stop(deadlineMs: number): Promise<void>
}

const silentLocks = 2

type PartJob = Job<PartJobData, PartJobResult>

/** The part stops here, and comes again when the gate may be open. */
class Interrupted extends Error {
  override readonly name = 'Interrupted'
  readonly closed: Closed
  constructor(closed: Closed) {
    super(closed.reason)
    this.closed = closed
  }
}

export const startPartWorker = (link: RedisLink, deps: PartWorkerDeps, options: PartWorkerOptions): PartWorker => {
  const { logger } = deps
  const { lockMs = 30_000, longestPauseMs } = options
  const signs = signsOfLife()
  let closing = false

  const process = async (job: PartJob, token: string | undefined, signal: AbortSignal | undefined) => {
    if (closing) await giveBack(job, token)
    const closed = deps.gate(pairOfJob(job))
    if (closed !== undefined) {
      say(job, logger, `waits: ${closed.reason}`)
      await putOff(job, token, closed.retryInMs)
    }
    signs.started(job.id)
    try {
      return await processPart(job, token, signal ?? new AbortController().signal, deps, longestPauseMs)
    } finally {
      signs.ended(job.id)
    }
  }

  const worker = new Worker<PartJobData, PartJobResult>(partsQueue, process, {
    ...workerOptions(link, { ...options, lockMs }),
  })
  worker.on('error', (error) => {
    if (isConnectionFault(error) || closing) logger.debug({ err: error }, 'part worker connection')
    else logger.warn({ reason: error.message }, 'part worker')
  })
  watchLocks(worker, signs, logger, 'a worker went silent; its part is read again')
  // Once the job is completed in the queue, so that it is not among those that are still there.
  worker.on('completed', (job) => {
    const { pair } = job.data
    deps
      .isDrained()
      .then((drained) => (drained && !closing ? deps.onDrained(pair) : undefined))
      .catch((error: unknown) => logger.debug({ pair }, `could not hand out more: ${errorText(error)}`))
  })

  return {
    hang: () => {
      if (closing || !link.isReady()) return undefined
      return signs.oldest() > silentLocks * lockMs ? 'a part neither ends nor keeps its lock' : undefined
    },
    stop: async (deadlineMs) => {
      closing = true
      if (!(await closeWorker(worker, deadlineMs, { isPointless: () => signs.count() === 0 && !link.isReady() }))) {
        logger.warn({ deadlineMs }, 'a part did not stop in time; another worker takes it over when its lock expires')
      }
    },
  }
}

/** Notes for the board are sent and forgotten. */
const say = (job: PartJob, logger: Logger, step: string, read?: number): void => {
  job
    .updateProgress({ step, ...(read === undefined ? {} : { read }) })
    .catch((error: unknown) => logger.debug({ err: error, job: job.id }, 'could not note progress'))
}

const processPart = async (
  job: PartJob,
  token: string | undefined,
  bullSignal: AbortSignal,
  deps: PartWorkerDeps,
  longestPauseMs: number,
): Promise<PartJobResult> => {
  const { ended, runStep, mayGoOn, logger, metrics } = deps
  const { signal, unlink } = jobSignal(bullSignal, 'the part')
  const pair = pairOfJob(job)
  try {
    const data = readPartJob(job.data)
    let read = 0
    say(job, logger, 'reading and writing', read)
    const reading: Reading = {
      goOn: () => {
        const closed = mayGoOn(pair)
        if (closed !== undefined) throw new Interrupted(closed)
      },
      onRead: (records) => {
        read += records
        say(job, logger, 'reading and writing', read)
      },
    }
    const result = await runStep(data, reading, signal)
    ended(pair, { kind: 'done' })
    metrics.partEnded(pair, 'completed')
    logger.debug({ pair, run: data.run, step: data.step, ...result }, 'part done')
    return result
  } catch (error) {
    const fields = { job: job.id, attempt: job.attemptsMade + 1 }
    if (error instanceof Interrupted) {
      ended(pair, { kind: 'stopped' })
      say(job, logger, `waits: ${error.closed.reason}`)
      metrics.partEnded(pair, 'returned')
      return putOff(job, token, error.closed.retryInMs)
    }
    if (signal.aborted) {
      ended(pair, { kind: 'stopped' })
      const returned = bullSignal.reason === shutdownReason
      metrics.partEnded(pair, returned ? 'returned' : 'cancelled')
      if (returned) return giveBack(job, token)
      logger.warn(fields, 'lock lost; the part is left to another worker')
      throw jobFailure(error)
    }
    ended(pair, { kind: 'failed', error })
    const meaning = meaningOf(error)
    const text = errorText(error)
    if (meaning.kind === 'store' || meaning.kind === 'passes') {
      metrics.partEnded(pair, 'retried')
      if (meaning.kind === 'passes') logger.warn(fields, `part failed and comes again: ${text}`)
      return putOffFailed(job, token, longestPauseMs)
    }
    const last = meaning.kind === 'hopeless' || job.attemptsMade + 1 >= (job.opts.attempts ?? 1)
    metrics.partEnded(pair, last ? 'failed' : 'retried')
    logger[last ? 'error' : 'warn'](
      { ...fields, ...(error instanceof CaesError ? {} : { err: error }) },
      last ? `part failed, and is tried again later: ${text}` : `part failed, will be retried: ${text}`,
    )
    throw jobFailure(error)
  } finally {
    unlink()
  }
}
