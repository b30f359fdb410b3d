/**
 * Records that a window is done on both sides. This happens inside the job, before it completes: a window that left
 * the queue without being acknowledged would only be planned again, never skipped.
 */
import { acknowledge, type Progress } from '../core/progress.js'
import { CaesError } from '../core/errors.js'
import { uncovered, type Window } from '../core/window.js'
import type { Checkpoint, CheckpointStore } from '../ports/checkpoint.js'
import type { Clock } from '../ports/clock.js'

export interface AcknowledgingDeps {
  readonly checkpoints: CheckpointStore
  readonly clock: Pick<Clock, 'sleep'>
  /** What this process saw last of each pair; added to. */
  readonly lastSeen: Map<string, LastSeen>
  /** In [0, 1); spreads workers that lost the same race. */
  readonly random?: () => number
}

export interface LastSeen {
  readonly checkpoint: Checkpoint
  /** Nobody else had changed it since the time before. Whoever works alone saves the reading. */
  readonly isQuiet: boolean
}

/** Longest wait before another try, in microseconds; tries double up to it. */
const firstWait = 2_000
const longestWait = 250_000
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
  { checkpoints, clock, lastSeen, random = Math.random }: AcknowledgingDeps,
): Promise<Progress> => {
  const last = lastSeen.get(pair)
  let wait = firstWait
  let seen = last?.isQuiet === true ? last.checkpoint : await checkpoints.glance(pair)
  for (let tries = 1; tries <= mostTries; tries += 1) {
    signal.throwIfAborted()
    // Progress may have been set back: what says that nothing is left to record has to be of this moment.
    if (seen === undefined || isCovered(window, seen.progress)) {
      seen = await checkpoints.read(pair)
      if (seen === undefined) throw missing(pair)
      if (isCovered(window, seen.progress)) return seen.progress
    }
    const next = acknowledge(seen.progress, window)
    const { applied, stored } = await checkpoints.compareAndSet(pair, seen, next)
    const isQuiet = applied && seen.revision === last?.checkpoint.revision
    if (stored !== undefined) lastSeen.set(pair, { checkpoint: stored, isQuiet })
    if (applied) return next
    // Whoever was faster is told by the answer.
    seen = stored
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
