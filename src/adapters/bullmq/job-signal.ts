/** The signal of a job. BullMQ aborts with a bare string; what the stores throw on must be an error. */
import { CaesError } from '../../core/errors.js'

export interface JobSignal {
  readonly signal: AbortSignal
  /** To be called when the job has ended. */
  readonly unlink: () => void
}

/** @param what was cancelled, for people: `the window` */
export const jobSignal = (given: AbortSignal, what: string): JobSignal => {
  const controller = new AbortController()
  const abort = (): void =>
    controller.abort(new CaesError('CAES_CANCELLED', `${what} was cancelled: ${String(given.reason)}`))
  given.addEventListener('abort', abort, { once: true })
  if (given.aborted) abort()
  return { signal: controller.signal, unlink: () => given.removeEventListener('abort', abort) }
}
