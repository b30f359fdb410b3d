import { requestError, type Attempt } from './errors.js'

/** The answer to one request. Errors: what became of it, in our words; the signal's reason once that is aborted. */
export const asked = async <T>(attempt: Attempt, signal: AbortSignal, send: () => Promise<T>): Promise<T> => {
  signal.throwIfAborted()
  try {
    return await send()
  } catch (error) {
    // A failure that the signal brought about is the signal's.
    signal.throwIfAborted()
    throw requestError(error, attempt)
  }
}
