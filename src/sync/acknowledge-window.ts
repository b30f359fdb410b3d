/**
 * Records that a window is done on both sides. This happens inside the job, before it completes: a window that left
 * the queue without being acknowledged would only be planned again, never skipped.
 */
import { acknowledge, type Progress } from '../core/progress.js'
import { CaesError } from '../core/errors.js'
import { uncovered, type Window } from '../core/window.js'
import type { CheckpointStore } from '../ports/checkpoint.js'
import type { Clock } from '../ports/clock.js'

export interface AcknowledgingDeps {
  readonly checkpoints: CheckpointStore
  readonly clock: Pick<Clock, 'sleep'>
  /** In [0, 1); spreads workers that lost the same race. */
  readonly random?: () => number
}

/** Longest wait before another try, in microseconds; tries double up to it. */
const firstWait = 10_000
const longestWait = 1_000_000
/** Every lost race means that somebody else got through; this many in a row mean that the store is at fault. */
const mostTries = 40

/**
 * Resolves with the progress that includes the window.
 * Errors: CAES_CHECKPOINT when there is none to add to or it keeps changing, and whatever the store throws. A failure
 * leaves it open whether the window was recorded; acknowledging it again is harmless.
 */
export const acknowledgeWindow = async (
  pair: string,
  window: Window,
  signal: AbortSignal,
  { checkpoints, clock, random = Math.random }: AcknowledgingDeps,
): Promise<Progress> => {
  let wait = firstWait
  for (let tries = 0; tries < mostTries; tries += 1) {
    signal.throwIfAborted()
    const seen = await checkpoints.read(pair)
    if (seen === undefined) throw missing(pair)
    if (isCovered(window, seen.progress)) return seen.progress
    const next = acknowledge(seen.progress, window)
    if (await checkpoints.compareAndSet(pair, seen, next)) return next
    await clock.sleep(Math.ceil(wait * random()), signal)
    wait = Math.min(wait * 2, longestWait)
  }
  throw new CaesError('CAES_CHECKPOINT', `the progress of pair "${pair}" changed under each of ${mostTries} updates`, {
    hint: 'the window is retried; if this stays, look at the load and the clocks of the Cassandra nodes',
  })
}

const isCovered = (window: Window, { watermark, acknowledged }: Progress): boolean =>
  uncovered(window, [{ from: 0, to: watermark }, ...acknowledged]).length === 0

const missing = (pair: string): CaesError =>
  new CaesError('CAES_CHECKPOINT', `the progress of pair "${pair}" is gone`, {
    hint: 'the scheduler creates it anew at the present time; run a full comparison for what lies before',
  })
