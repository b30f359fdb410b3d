/** Something that cannot go on: said once in the log, and shown in /readyz for as long as it lasts. */
import { errorText } from '../core/error-text.js'
import { CaesError } from '../core/errors.js'
import type { Logger } from '../ports/logger.js'
import { passes } from '../runtime/patiently.js'

export interface Waiting {
  /** Why the last attempt failed; undefined when none did. */
  readonly fault: () => string | undefined
  /** An attempt failed, and another one will follow. */
  readonly failed: (error: unknown) => void
  /** An attempt succeeded. */
  readonly over: () => void
}

/** @param what `pair "default"`: goes before "waits" and "goes on" */
export const createWaiting = (what: string, logger: Logger): Waiting => {
  let last: { readonly code: string; readonly text: string } | undefined
  return {
    fault: () => last?.text,
    failed: (error) => {
      const code = error instanceof CaesError ? error.code : ''
      const text = errorText(error)
      // The words may differ from one attempt to the next; only another kind of failure is news.
      const news = passes(error) ? 'warn' : 'error'
      logger[code === last?.code ? 'debug' : news]({}, `${what} waits: ${text}`)
      last = { code, text }
    },
    over: () => {
      if (last !== undefined) logger.info({}, `${what} goes on`)
      last = undefined
    },
  }
}
