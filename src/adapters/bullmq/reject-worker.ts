/**
 * Works on the list of rejects. A job that comes for the first time fails at once with its reason: that is what being
 * listed means. One that comes again was retried by a person, so its record is synced anew, alone.
 */
import { DelayedError, Worker, type Job } from 'bullmq'
import { errorText } from '../../core/error-text.js'
import { CaesError } from '../../core/errors.js'
import { printable } from '../../core/printable.js'
import { rejectText, type Reject } from '../../core/reject.js'
import type { RecordOutcome, SetAside } from '../../core/set-aside.js'
import type { Gate } from '../../ports/gate.js'
import type { Logger } from '../../ports/logger.js'
import { batched } from '../../runtime/batched.js'
import { closeWorker } from './close-worker.js'
import type { RedisLink } from './connection.js'
import { giveBack, putOff } from './give-back.js'
import { jobNotes } from './job-notes.js'
import { isConnectionFault } from './redis-faults.js'
import { readRejectJob, rejectJobData, rejectsQueue, type RejectJobData, type RejectJobResult } from './reject-job.js'
import { workerOptions } from './worker-options.js'

export interface RejectWorkerDeps {
  /** Asked before each retry: a pair that somebody paused writes nothing, whoever asks for it. */
  readonly gate: Gate
  /** Syncs the given records of a pair; one outcome for each, in order. */
  readonly retryRecords: (
    pair: string,
    records: readonly SetAside[],
    signal: AbortSignal,
  ) => Promise<readonly RecordOutcome[]>
  readonly logger: Logger
}

export interface RejectWorker {
  /** Resolves in bounded time; what was not done returns to the queue. */
  stop(deadlineMs: number): Promise<void>
}

type RejectJob = Job<RejectJobData, RejectJobResult>

/** Retries of this many records share one reading of the timeseries table. */
const mostAtOnce = 100

export const startRejectWorker = (
  link: RedisLink,
  { gate, retryRecords, logger }: RejectWorkerDeps,
  { prefix, lockMs = 30_000 }: { readonly prefix: string; readonly lockMs?: number },
): RejectWorker => {
  const stopping = new AbortController()
  let underWay = 0
  const batches = new Map<string, (record: SetAside) => Promise<RecordOutcome>>()
  const retryOne = (pair: string, record: SetAside): Promise<RecordOutcome> => {
    const known = batches.get(pair)
    const batch =
      known ?? batched(mostAtOnce, (records: readonly SetAside[]) => retryRecords(pair, records, stopping.signal))
    if (known === undefined) batches.set(pair, batch)
    return batch(record)
  }

  const process = async (job: RejectJob, token: string | undefined): Promise<RejectJobResult> => {
    underWay += 1
    try {
      const { pair, reject } = readRejectJob(job.data)
      if (isListing(job)) throw new StillRejected(rejectText(reject))
      const closed = gate(pair)
      if (closed !== undefined) {
        jobNotes(job, logger).waits(closed.reason)
        await putOff(job, token, closed.retryInMs)
      }
      return await retryReject(job, pair, reject, retryOne)
    } catch (error) {
      if (error instanceof DelayedError) throw error
      if (stopping.signal.aborted && !(error instanceof StillRejected)) return giveBack(job, token)
      const failure = error instanceof StillRejected ? error : new StillRejected(errorText(error))
      if (!isListing(job)) await job.log(failure.message)
      throw failure
    } finally {
      underWay -= 1
    }
  }

  const worker = new Worker<RejectJobData, RejectJobResult>(rejectsQueue, process, {
    ...workerOptions(link, { prefix, concurrency: mostAtOnce, lockMs }),
  })
  worker.on('error', (error) => {
    if (isConnectionFault(error) || stopping.signal.aborted) logger.debug({ err: error }, 'reject worker connection')
    else logger.warn({ reason: error.message }, 'reject worker')
  })
  worker.on('completed', (job, { outcome }) =>
    logger.info({ job: job.id, record: printable(job.data.id), outcome }, 'reject retried'),
  )

  return {
    stop: async (deadlineMs) => {
      const abort = setTimeout(() => stopping.abort(cancelled()), deadlineMs)
      // A retry notices the end of the deadline by itself, and gets the usual grace to return its job.
      const inTime = await closeWorker(worker, deadlineMs, { isPointless: () => underWay === 0 && !link.isReady() })
      clearTimeout(abort)
      if (!inTime) logger.warn({ deadlineMs }, 'a retried reject did not stop in time; it is run again')
    },
  }
}

const cancelled = (): CaesError => new CaesError('CAES_CANCELLED', 'the retry was cancelled: shutdown')

/** Attempts are counted when they start, so that one that died with its worker counts: syncing once more is harmless. */
const isListing = (job: RejectJob): boolean => job.attemptsStarted <= 1

/** The state of the list, as a failure with which BullMQ keeps a job: one line, no stack. */
class StillRejected extends Error {
  override readonly name = 'Rejected'
  constructor(text: string) {
    super(text)
    this.stack = text
  }
}

const retryReject = async (
  job: RejectJob,
  pair: string,
  reject: Reject,
  retryOne: (pair: string, record: SetAside) => Promise<RecordOutcome>,
): Promise<RejectJobResult> => {
  const outcome = await retryOne(pair, { ...reject, notedAt: job.timestamp * 1_000 })
  if (outcome.kind === 'rejected') {
    // The list shows why it is in it now; the job's id goes on meaning what a window met first.
    if (rejectText(outcome.reject) !== rejectText(reject)) await job.updateData(rejectJobData(pair, outcome.reject))
    throw new StillRejected(rejectText(outcome.reject))
  }
  if (outcome.kind === 'unlabelled') throw new StillRejected(unlabelledText)
  const text = outcomeTexts[outcome.kind]
  await job.log(text)
  return { outcome: text }
}

const unlabelledText =
  'UNLABELLED: the row was written after it was set aside, and no entry tells its version any more. ' +
  'Try: write the record again with a new version'

const outcomeTexts: Record<Exclude<RecordOutcome['kind'], 'rejected' | 'unlabelled'>, string> = {
  written: 'copied to the other side, which keeps what is newer',
  unchanged: 'nothing to do: both sides are equal, or the record is gone',
  ignored: 'nothing to do: sync.direction does not copy from that side',
  orphaned: 'nothing to do: its row never came',
  later: 'left to a window: the record is newer than what windows read by now',
  held: 'left to a window: the record may still be landing',
}
