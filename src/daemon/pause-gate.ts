/** Closes the gate for windows of pairs that somebody paused. Who is paused is read all the time, not at each window. */
import { errorText } from '../core/error-text.js'
import type { Gate } from '../ports/gate.js'
import type { Logger } from '../ports/logger.js'
import type { Pause, PauseReader } from '../ports/pause.js'
import { repeat } from '../runtime/repeat.js'

/** A pause and its end are noticed within this time. */
const checkMs = 1_000

export interface PauseGate {
  readonly gate: Gate
  stop(): Promise<void>
}

/**
 * Resolves once it is known who is paused: a worker that starts must not take a window of such a pair.
 * Errors: those of the store at the start; later on, what was known last holds.
 */
export const openPauseGate = async (
  pairs: readonly string[],
  pauses: PauseReader,
  logger: Logger,
): Promise<PauseGate> => {
  const known = new Map<string, Pause>()
  const look = async (): Promise<void> => {
    for (const pair of pairs) note(pair, await pauses.read(pair))
  }
  const note = (pair: string, pause: Pause | undefined): void => {
    const before = known.has(pair)
    if (pause === undefined) known.delete(pair)
    else known.set(pair, pause)
    if (pause !== undefined && !before) logger.info({ pair, ...pause }, 'paused: no window of this pair starts')
    if (pause === undefined && before) logger.info({ pair }, 'resumed: windows of this pair start again')
  }
  await look()
  const stop = repeat(checkMs, look, (error) =>
    logger.debug({}, `could not read who is paused, the last answer holds: ${errorText(error)}`),
  )
  return {
    gate: (pair) => {
      const pause = known.get(pair)
      return pause === undefined ? undefined : { reason: `paused by ${pause.who}`, retryInMs: checkMs }
    },
    stop,
  }
}
