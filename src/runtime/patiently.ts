/** Trying again until what is needed is there. */
import { setTimeout as sleep } from 'node:timers/promises'
import { meaningOf } from '../core/failed-attempt.js'
import { pauseAfter, type Pauses } from '../core/pause.js'

export interface PatienceOptions {
  /** Ends the waiting; its reason is thrown. */
  readonly signal: AbortSignal
  readonly pauses?: Pauses
  /** Told of each failure that is waited out. */
  readonly onFailure: (error: unknown) => void
}

/** A store that has come up is noticed soon, and one that is down is not asked much. */
const usualPauses: Pauses = { firstMs: 500, longestMs: 5_000 }

/** Whether waiting may help, because something is away or overloaded. */
export const passes = (error: unknown): boolean => ['store', 'passes'].includes(meaningOf(error).kind)

/** Runs `attempt` until it succeeds. Errors: those that do not pass by themselves, at once. */
export const patiently = async <T>(attempt: () => Promise<T>, options: PatienceOptions): Promise<T> => {
  const { signal, pauses = usualPauses, onFailure } = options
  for (let failures = 1; ; failures += 1) {
    signal.throwIfAborted()
    try {
      return await attempt()
    } catch (error) {
      signal.throwIfAborted()
      if (!passes(error)) throw error
      onFailure(error)
    }
    try {
      await sleep(pauseAfter(failures, pauses, Math.random()), undefined, { signal })
    } catch (error) {
      // Node throws an AbortError of its own; whoever aborted said why.
      signal.throwIfAborted()
      throw error
    }
  }
}
