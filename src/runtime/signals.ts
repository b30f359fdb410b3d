/**
 * Two-stage shutdown. The first SIGINT or SIGTERM drains: nothing new is started, what is under way finishes or is
 * given back, everything is released, exit 0. A second one exits at once with the shell's code for that signal.
 */
import { errorText } from '../core/error-text.js'
import { exitCode } from '../core/errors.js'
import type { Logger } from '../ports/logger.js'
import { settledWithin } from './within.js'

const shutdownSignals = { SIGINT: 130, SIGTERM: 143 } as const
type ShutdownSignal = keyof typeof shutdownSignals

/** The part of `process` that is used, so that a test can stand in for it. */
export interface SignalSource {
  on(signal: ShutdownSignal, listener: () => void): unknown
  off(signal: ShutdownSignal, listener: () => void): unknown
}

export interface ShutdownOptions {
  /** Drains and releases. */
  readonly stop: (signal: ShutdownSignal) => Promise<void>
  /** Whatever is not released by then is left behind. */
  readonly limitMs?: number | (() => number)
  readonly logger: Logger
  readonly source?: SignalSource
  readonly exit?: (code: number) => void
}

/** Starts listening; the result stops it. */
export const onShutdown = (options: ShutdownOptions): (() => void) => {
  const {
    stop,
    limitMs: limit = 60_000,
    logger,
    source = process,
    exit = (code: number) => process.exit(code),
  } = options
  let draining = false
  const drain = async (signal: ShutdownSignal): Promise<void> => {
    const limitMs = typeof limit === 'number' ? limit : limit()
    try {
      if (await settledWithin(stop(signal), limitMs)) {
        logger.info({ signal }, 'stopped')
        exit(exitCode.done)
      } else {
        logger.error({ signal, limitMs }, 'could not stop in time; leaving as it is')
        exit(exitCode.failed)
      }
    } catch (error) {
      logger.error({ err: error, signal }, `could not stop cleanly: ${errorText(error)}`)
      exit(exitCode.failed)
    }
  }
  const listenerOf = (signal: ShutdownSignal) => (): void => {
    if (draining) {
      logger.warn({ signal }, 'second signal: leaving at once')
      exit(shutdownSignals[signal])
      return
    }
    draining = true
    logger.info({ signal }, 'stopping; a second signal leaves at once')
    void drain(signal)
  }
  const listeners = { SIGINT: listenerOf('SIGINT'), SIGTERM: listenerOf('SIGTERM') }
  source.on('SIGINT', listeners.SIGINT)
  source.on('SIGTERM', listeners.SIGTERM)
  return () => {
    source.off('SIGINT', listeners.SIGINT)
    source.off('SIGTERM', listeners.SIGTERM)
  }
}
