/** Sending to Cassandra while it may be overloaded: fewer requests at a time, and again those that it gave up. */
import { setTimeout as sleep } from 'node:timers/promises'
import { pauseAfter } from '../../core/pause.js'
import type { Pacer } from '../../runtime/pacer.js'
import { isBriefOverload, isOverload } from './errors.js'

/** Reading, deciding and writing have to fit into the freshness; what takes longer is for the window to try again. */
const mostTries = 4
const pauses = { firstMs: 50, longestMs: 500 }

/** More than workers have under way by themselves: without overload nothing is held back. */
export const mostUnderWay = 512

/**
 * Runs `attempt` when its turn has come, and again while Cassandra gives it up.
 * @param attempt gets the failure of the try before, undefined at first; it may throw that to end the trying
 * Errors: the driver's, as they are.
 */
export const whileOverloaded = async <T>(
  pacer: Pacer,
  attempt: (failure: unknown) => Promise<T>,
  signal: AbortSignal,
): Promise<T> => {
  let failure: unknown
  for (let tries = 1; ; tries += 1) {
    try {
      return await pacer.run(() => attempt(failure), { inError: isOverload })
    } catch (error) {
      if (error === failure || tries >= mostTries || !isBriefOverload(error)) throw error
      failure = error
    }
    await pause(pauseAfter(tries, pauses, Math.random()), signal)
  }
}

const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  try {
    await sleep(ms, undefined, { signal })
  } catch (error) {
    // Node throws an AbortError of its own; whoever aborted said why.
    signal.throwIfAborted()
    throw error
  }
}
