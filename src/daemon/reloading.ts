/**
 * A service that can take another configuration while it runs, in the same process. What runs under one configuration
 * is a generation; a reload drains it and starts the next, or keeps it when the new configuration is not good.
 *
 * Nothing is lost in between: a window that was handed out stays in the queue, and one that is under way is finished or
 * given back, as when a process ends.
 */
import { errorText } from '../core/error-text.js'
import type { Logger } from '../ports/logger.js'

/** What runs under one configuration. */
export interface Generation {
  readonly logger: Logger
  /** Resolves once it runs; rejects when it cannot. */
  readonly started: Promise<void>
  /** Goes on in new log files where the old ones were moved away. */
  reopenLogs(): void
  /** Drains and releases everything, also in the middle of a start. Calling it again changes nothing. */
  stop(): Promise<void>
  /** How long draining may take. */
  readonly stopLimitMs: number
  /** The very last: what is logged after it is lost. */
  closeLogs(): void
}

/** How a reload ended. */
export type ReloadOutcome =
  | { readonly kind: 'unchanged' | 'reloaded' }
  /** The old configuration stays. */
  | { readonly kind: 'refused'; readonly error: unknown }
  /** Neither the new one nor the old one starts. */
  | { readonly kind: 'lost'; readonly error: unknown }

export interface Reloadable<C> {
  /** Reads the configuration anew. Errors: what is wrong with it. */
  readonly load: () => Promise<C>
  readonly same: (a: C, b: C) => boolean
  /** Tries everything that it names, while the old one still runs. Errors: why it cannot be used. */
  readonly tryOut: (config: C) => Promise<void>
  /** Opens the log and begins to start. Errors: a log that cannot be opened. */
  readonly start: (config: C) => Generation
}

export interface Service {
  /** Log of whatever runs now. */
  readonly logger: Logger
  /** Resolves once the first generation runs; rejects when it cannot, or with what was read of its configuration. */
  readonly started: Promise<void>
  /** One at a time: those who ask during a reload share the next. Never throws. */
  reload(): Promise<ReloadOutcome>
  /** How long draining what runs now may take. */
  stopLimitMs(): number
  /** Ends whatever runs or is about to. */
  stop(): Promise<void>
}

export const runReloadable = <C>(first: C, parts: Reloadable<C>): Service => {
  let config = first
  let current = parts.start(first)
  let ended = false
  let running: Promise<ReloadOutcome> | undefined
  let next: Promise<ReloadOutcome> | undefined

  const refuse = (error: unknown): ReloadOutcome => {
    current.logger.error({}, `the configuration stays as it was: ${errorText(error)}`)
    current.reopenLogs()
    return { kind: 'refused', error }
  }

  const replace = async (wanted: C): Promise<ReloadOutcome> => {
    const [before, old] = [config, current]
    await old.stop()
    if (ended) return { kind: 'unchanged' }
    try {
      config = wanted
      current = parts.start(wanted)
      await current.started
      if (ended) return { kind: 'unchanged' }
      current.logger.info({}, 'runs with the new configuration')
      old.closeLogs()
      return { kind: 'reloaded' }
    } catch (error) {
      // What starts the old one again has to be able to say so.
      if (current !== old) {
        await current.stop()
        current.closeLogs()
      }
      return ended ? { kind: 'refused', error } : goBack(before, old, error)
    }
  }

  /** It could be tried out, and still does not start: a port was taken, or a store went away just now. */
  const goBack = async (before: C, old: Generation, error: unknown): Promise<ReloadOutcome> => {
    try {
      config = before
      current = parts.start(before)
      old.closeLogs()
      await current.started
      return refuse(error)
    } catch (worse) {
      current.logger.error({}, `neither the new configuration nor the old one starts: ${errorText(worse)}`)
      return { kind: 'lost', error: worse }
    }
  }

  const reloadOnce = async (): Promise<ReloadOutcome> => {
    let wanted: C
    try {
      wanted = await parts.load()
      if (parts.same(config, wanted)) {
        current.reopenLogs()
        current.logger.info({}, 'the configuration has not changed')
        return { kind: 'unchanged' }
      }
      current.logger.info({}, 'the configuration has changed; draining to go on with it')
      await parts.tryOut(wanted)
    } catch (error) {
      return refuse(error)
    }
    return ended ? { kind: 'unchanged' } : replace(wanted)
  }

  const begin = (): Promise<ReloadOutcome> => {
    next = undefined
    running = reloadOnce().finally(() => {
      running = undefined
    })
    return running
  }
  return {
    logger: {
      debug: (fields, message) => current.logger.debug(fields, message),
      info: (fields, message) => current.logger.info(fields, message),
      warn: (fields, message) => current.logger.warn(fields, message),
      error: (fields, message) => current.logger.error(fields, message),
    },
    started: current.started,
    stopLimitMs: () => current.stopLimitMs,
    reload: () => {
      if (running === undefined) return begin()
      next ??= running.then(begin)
      return next
    },
    stop: async () => {
      ended = true
      await current.stop()
    },
  }
}
