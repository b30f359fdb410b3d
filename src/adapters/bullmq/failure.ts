/** Failures in the form in which BullMQ keeps and shows them: the text for people, never a stack trace. */
import { UnrecoverableError } from 'bullmq'
import { errorText } from '../../core/error-text.js'
import { meaningOf } from '../../core/failed-attempt.js'

/** BullMQ stores `message` as the reason and `stack` as the history of attempts: both get the same line. */
export const jobFailure = (error: unknown): Error => {
  const text = errorText(error)
  const failure = meaningOf(error).kind === 'hopeless' ? new UnrecoverableError(text) : new Error(text)
  failure.stack = text
  return failure
}
