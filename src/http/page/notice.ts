/**
 * What came of an action, carried to the page in its address. Anybody can write an address, so it holds no text: only
 * which of these sentences is meant, and a number.
 */
import { errorCodes, type ErrorCode } from '../../core/errors.js'
import { counted } from './words.js'

export interface Notice {
  readonly text: string
  readonly good: boolean
}

export type Outcome = 'retried' | 'paused' | 'resumed'

const sentences: Record<Outcome, (count: number) => string> = {
  retried: (count) => `${counted(count, 'window')} handed to the workers.`,
  paused: () => 'Paused. Windows that are under way end; no other starts.',
  resumed: () => 'Resumed. It goes on from its watermark.',
}

export const outcomeQuery = (outcome: Outcome, count = 1): string => `?done=${outcome}&count=${count}`

export const failureQuery = (code: ErrorCode): string => `?failed=${code}`

export const noticeOf = (query: Readonly<Record<string, string>>): Notice | undefined => {
  const { done = '', count = '', failed = '' } = query
  if (Object.hasOwn(sentences, done) && /^\d{1,6}$/.test(count)) {
    return { text: sentences[done as Outcome](Number(count)), good: true }
  }
  if (!Object.hasOwn(errorCodes, failed)) return undefined
  return {
    text: `That did not work: ${errorCodes[failed as ErrorCode].meaning} (${failed}). Try it again.`,
    good: false,
  }
}
