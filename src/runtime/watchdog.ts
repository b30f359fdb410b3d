/** Ends a process that is not alive any more by its own checks, so that its supervisor starts it anew. */
import type { Logger } from '../ports/logger.js'
import { isStuck, looked, unwatched } from '../core/stuck.js'

export interface WatchdogOptions {
  /** Why the process is not alive; nothing when it is. */
  readonly faults: () => readonly { readonly part: string; readonly reason: string }[]
  /** How long a fault has to last. */
  readonly limitMs: number
  readonly logger: Logger
  readonly leave: () => void
}

const looks = 10

/** @returns stops watching */
export const startWatchdog = ({ faults, limitMs, logger, leave }: WatchdogOptions): (() => void) => {
  let watched = unwatched
  let healthy = 0
  const timer = setInterval(() => {
    const found = faults()
    // Being well is a new sign of life each time; being unwell is none.
    if (found.length === 0) healthy += 1
    watched = looked(watched, healthy)
    if (!isStuck(watched, looks)) return
    clearInterval(timer)
    const reason = found.map(({ part, reason }) => `${part}: ${reason}`).join('; ')
    logger.error({ reason, seconds: limitMs / 1_000 }, 'CAES_STUCK: work does not move; ending to be started anew')
    leave()
  }, limitMs / looks)
  timer.unref()
  return () => clearInterval(timer)
}
