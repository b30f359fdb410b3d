/** Failures in the form in which BullMQ keeps and shows them: the text for people, never a stack trace. */
import { UnrecoverableError } from 'bullmq'
import { errorText } from '../../core/error-text.js'
import { CaesError, exitCode } from '../../core/errors.js'

/** Only what stays wrong until somebody changes configuration or schema is not worth another try. */
export const isHopeless = (error: unknown): boolean =>
  error instanceof CaesError && error.exitCode === exitCode.badConfig

/** BullMQ stores `message` as the reason and `stack` as the history of attempts: both get the same line. */
export const jobFailure = (error: unknown): Error => {
  const text = errorText(error)
  const failure = isHopeless(error) ? new UnrecoverableError(text) : new Error(text)
  failure.stack = text
  return failure
}
