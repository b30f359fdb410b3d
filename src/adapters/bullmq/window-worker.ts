/**
 * Takes windows from the queue, one job each. A job counts as done only once its window is acknowledged in the
 * checkpoint; everything before that may be repeated, by this worker or by another one at the same time.
 */
import { MetricsTime, WaitingChildrenError, Worker, type Job } from 'bullmq'
import { errorText } from '../../core/error-text.js'
import { CaesError } from '../../core/errors.js'
import { meaningOf } from '../../core/failed-attempt.js'
import type { WindowPart } from '../../core/window-part.js'
import { isEventful, type Divided, type WindowReport, type WindowResult } from '../../core/report.js'
import type { Window } from '../../core/window.js'
import type { Gate } from '../../ports/gate.js'
import type { Logger } from '../../ports/logger.js'
import type { WorkerMetrics } from '../../ports/metrics.js'
import type { RejectList } from '../../ports/reject-list.js'
import type { AttemptEnd } from '../../ports/store-watch.js'
import type { Tracing } from '../../ports/tracing.js'
import { closeWorker, shutdownReason } from './close-worker.js'
import type { RedisLink } from './connection.js'
import { jobFailure } from './failure.js'
import { giveBack, putOff, putOffFailed } from './give-back.js'
import { jobNotes } from './job-notes.js'
import { jobSignal } from './job-signal.js'
import { listRejects } from './list-rejects.js'
import { pairOfJob } from './pair-of-job.js'
import { isConnectionFault } from './redis-faults.js'
import { signsOfLife } from './signs-of-life.js'
import { readJobData, windowJobOf, windowsQueue, type WindowJobData, type WindowJobResult } from './window-job.js'
import type { WindowParts } from './window-parts.js'
import { watchLocks } from './worker-locks.js'
import { workerOptions } from './worker-options.js'

export interface WindowRunOptions {
  readonly part?: WindowPart
  readonly audit: boolean
  /** To be called for every answer of a store. */
  readonly onAnswer: () => void
}

export interface WindowWorkerDeps {
  /** Whether windows of a pair may start now. */
  readonly gate: Gate
  /** Told of every window that the gate let through; see StoreWatch. */
  readonly ended: (pair: string, end: AttemptEnd) => void
  /** Syncs one window or one part of it, or divides it; stops at the next request once the signal is aborted. */
  readonly runWindow: (
    pair: string,
    window: Window,
    signal: AbortSignal,
    options: WindowRunOptions,
  ) => Promise<WindowResult | Divided>
  readonly parts: WindowParts
  /** Resolves once the window is durably recorded as done. */
  readonly acknowledge: (pair: string, window: Window, signal: AbortSignal) => Promise<unknown>
  readonly rejects: RejectList
  readonly logger: Logger
  readonly metrics: WorkerMetrics
  readonly tracing?: Pick<Tracing, 'attempted' | 'failed'>
}

export interface WindowWorkerOptions {
  readonly prefix: string
  readonly concurrency: number
  /** Shown on the board beside what it processes. */
  readonly name?: string
  /** The longest pause of a window that waits for something to pass; 15 s by default. */
  readonly longestPauseMs?: number
  /** A worker that does not renew its lock for so long is taken for dead. */
  readonly lockMs?: number
  /** A window that gets no answer for so long, of any store, will never end; 10 minutes by default. */
  readonly answerLimitMs?: number
}

export interface WindowWorker {
  /** Undefined while jobs are being taken, else why not. */
  fault(): string | undefined
  /** Why nothing will ever come of it; undefined while windows end, or keep their locks, or nothing is to be done. */
  hang(): string | undefined
  /** Whether it works on as many windows as it may, so that others may have to wait. */
  isFull(): boolean
  /** See closeWorker; resolves in bounded time. */
  stop(deadlineMs: number): Promise<void>
}

/** A lock is renewed several times before it runs out; a window without a sign for so many of them is lost. */
const silentLocks = 2

type WindowJob = Job<WindowJobData, WindowJobResult>

export const startWindowWorker = (
  link: RedisLink,
  deps: WindowWorkerDeps,
  options: WindowWorkerOptions,
): WindowWorker => {
  const { logger } = deps
  const { lockMs = 30_000, longestPauseMs = 15_000, answerLimitMs = 600_000 } = options
  const locks = signsOfLife()
  const answers = signsOfLife()
  let closing = false

  // BullMQ hands the signal only to a processor that declares three parameters.
  const process = async (job: WindowJob, token: string | undefined, signal: AbortSignal | undefined) => {
    // BullMQ may still fetch a job that arrives in the moment of closing.
    if (closing) await giveBack(job, token)
    const closed = deps.gate(pairOfJob(job))
    if (closed !== undefined) {
      jobNotes(job, logger).waits(closed.reason)
      await putOff(job, token, closed.retryInMs)
    }
    for (const signs of [locks, answers]) signs.started(job.id)
    try {
      const onAnswer = (): void => answers.renewed([job.id ?? ''])
      const given = signal ?? new AbortController().signal
      return await traced(job, deps.tracing, () =>
        processWindow(job, token, given, { ...deps, onAnswer, longestPauseMs }),
      )
    } finally {
      for (const signs of [locks, answers]) signs.ended(job.id)
    }
  }

  const worker = new Worker<WindowJobData, WindowJobResult>(windowsQueue, process, {
    ...workerOptions(link, { ...options, lockMs }),
    ...(options.name === undefined ? {} : { name: options.name }),
    metrics: { maxDataPoints: 2 * MetricsTime.ONE_WEEK },
  })
  worker.on('error', (error) => {
    // The link reports outages once; the worker would repeat them with every attempt to reconnect.
    if (isConnectionFault(error) || closing) logger.debug({ err: error }, 'worker connection')
    else logger.warn({ reason: error.message }, 'worker')
  })
  watchLocks(worker, locks, logger, 'a worker went silent; its window is run again')

  return {
    fault: () => {
      if (closing) return 'stopping'
      if (!worker.isRunning()) return 'the worker does not take jobs'
      return link.isReady() ? undefined : `Redis at ${link.where} is out of reach`
    },
    hang: () => {
      // Without Redis no lock can be renewed, and a restart would not bring it back.
      if (closing || !link.isReady()) return undefined
      if (!worker.isRunning()) return 'the worker has ceased to take jobs'
      if (locks.oldest() > silentLocks * lockMs) return 'a window neither ends nor keeps its lock'
      // Every request gives up long before: whoever waits still, waits for nothing.
      return answers.oldest() > answerLimitMs ? 'a window neither ends nor gets answers' : undefined
    },
    isFull: () => locks.count() >= options.concurrency,
    stop: async (deadlineMs) => {
      closing = true
      const stopped = await closeWorker(worker, deadlineMs, {
        isPointless: () => locks.count() === 0 && !link.isReady(),
      })
      if (!stopped) {
        logger.warn({ deadlineMs }, 'a window did not stop in time; another worker takes it over when its lock expires')
      }
    },
  }
}

/** What no planner made has nothing to trace. */
const traced = (
  job: WindowJob,
  tracing: WindowWorkerDeps['tracing'],
  work: () => Promise<WindowJobResult>,
): Promise<WindowJobResult> => {
  const found = tracing === undefined ? undefined : windowJobOf(job.data)
  if (tracing === undefined || found === undefined) return work()
  const { pair, window, part, audit } = found
  const attempt = { pair, window, ...(part === undefined ? {} : { part }), audit: audit !== undefined }
  return tracing.attempted({ ...attempt, attempt: job.attemptsMade + 1 }, job.opts.telemetry?.metadata, work)
}

const processWindow = async (
  job: WindowJob,
  token: string | undefined,
  bullSignal: AbortSignal,
  deps: WindowWorkerDeps & Pick<WindowRunOptions, 'onAnswer'> & { readonly longestPauseMs: number },
): Promise<WindowJobResult> => {
  const { ended, runWindow, acknowledge, logger, metrics, onAnswer, longestPauseMs } = deps
  const notes = jobNotes(job, logger)
  const { signal, unlink } = jobSignal(bullSignal, 'the window')
  const pairName = pairOfJob(job)
  try {
    const { pair, window, part, parts, audit } = readJobData(job.data)
    notes.started()
    const options = { ...(part === undefined ? {} : { part }), audit: audit !== undefined, onAnswer }
    const outcome = parts === undefined ? await runWindow(pair, window, signal, options) : { parts }
    const result = 'parts' in outcome ? await join(job, token, outcome.parts, deps) : outcome
    notes.synced(result)
    const { report, rejects } = result
    await listRejects(deps.rejects, logger, { pair, rejected: report.rejected, rejects, by: 'a window' })
    // Whoever lost the lock has no say any more: the window now belongs to another worker.
    signal.throwIfAborted()
    if (!('parts' in outcome)) metrics.recordsSynced(result.report)
    if (audit !== undefined && !('parts' in outcome)) tellLate(result.report, deps)
    if (part === undefined && audit === undefined) {
      await acknowledge(pair, window, signal)
      notes.acknowledged()
      metrics.windowCompleted(result.report)
    }
    ended(pairName, { kind: 'done' })
    // An idle pair completes a window every interval: nothing to read about in a log.
    const level = isEventful(result.report) ? 'info' : 'debug'
    logger[level]({ ...result.report }, part === undefined ? 'window done' : 'part of a window done')
    return result.report
  } catch (error) {
    if (error instanceof WaitingChildrenError) {
      ended(pairName, { kind: 'done' })
      throw error
    }
    const fields = { job: job.id, attempt: job.attemptsMade + 1 }
    if (signal.aborted) {
      ended(pairName, { kind: 'stopped' })
      const returned = bullSignal.reason === shutdownReason
      metrics.windowNotCompleted(pairName, returned ? 'returned' : 'cancelled')
      if (returned) {
        logger.info(fields, 'window returned to the queue')
        return giveBack(job, token)
      }
      logger.warn(fields, 'lock lost; the window is left to another worker')
      throw jobFailure(error)
    }
    ended(pairName, { kind: 'failed', error })
    const meaning = meaningOf(error)
    const text = errorText(error)
    notes.failed(text)
    deps.tracing?.failed(text)
    if (meaning.kind === 'store' || meaning.kind === 'passes') {
      metrics.windowNotCompleted(pairName, 'retried')
      if (meaning.kind === 'passes') logger.warn(fields, `window failed and comes again: ${text}`)
      return putOffFailed(job, token, longestPauseMs)
    }
    const last = meaning.kind === 'hopeless' || job.attemptsMade + 1 >= (job.opts.attempts ?? 1)
    metrics.windowNotCompleted(pairName, last ? 'failed' : 'retried')
    if (last) logger.error({ ...fields, ...stackOf(error) }, `window failed and stays failed: ${text}`)
    else logger.warn({ ...fields, ...stackOf(error) }, `window failed, will be retried: ${text}`)
    throw jobFailure(error)
  } finally {
    unlink()
  }
}

/** What an audit wrote had landed after everybody had stopped looking. */
const tellLate = (report: WindowReport, { logger, metrics }: WindowWorkerDeps): void => {
  const { pair, from, to, written } = report
  metrics.lateWritesCaught(pair, written)
  if (written.elasticsearch + written.cassandra === 0) return
  logger.warn({ pair, from, to, written }, 'an audit caught writes that landed later than sync.overlap looks for')
}

/** What the parts of a window did. Their rejects are listed by themselves. */
const join = async (
  job: WindowJob,
  token: string | undefined,
  parts: readonly WindowPart[],
  { parts: jobs, logger }: WindowWorkerDeps,
): Promise<WindowResult> => {
  if (job.data.parts === undefined) jobNotes(job, logger).divided(parts.length)
  return { report: await jobs.join(job, token, parts), rejects: [] }
}

/** A stack helps only where a bug is reported. */
const stackOf = (error: unknown): { err?: unknown } => (error instanceof CaesError ? {} : { err: error })
