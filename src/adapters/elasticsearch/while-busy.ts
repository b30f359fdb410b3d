/** Reading from a server that is too busy for it: again, a little later, as long as that makes sense. */
import type { Clock } from '../../ports/clock.js'
import { isOverloaded } from './errors.js'

export interface Patience {
  readonly clock: Pick<Clock, 'sleep'>
  /** In [0, 1): spreads readers that were refused together. */
  readonly random: () => number
}

/** The waits add up to less than a second: a reading gets old while it waits. */
const mostTries = 4
const firstWait = 100_000

/** Errors: those of `send`, as they are. */
export const whileBusy = async <T>(
  { clock, random }: Patience,
  send: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await send()
    } catch (error) {
      if (tries >= mostTries || !isOverloaded(error)) throw error
    }
    await clock.sleep(firstWait * 2 ** (tries - 1) * (0.5 + random() / 2), signal)
  }
}
