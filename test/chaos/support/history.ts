/** What clients did to the stores, as far as they themselves can know. */
import type { Written } from '../../support/winners.js'

/** Column names and values; a name that is missing is a missing field of a document, and a null of a row. */
export type Content = Readonly<Record<string, string>>

export const columns = ['a', 'b', 'c'] as const

/**
 * `acknowledged`: the store said so. `refused`: the store said that it did not. `unknown`: no answer, or none that tells;
 * it may take effect, now or a little later, or never.
 */
export type Outcome = 'acknowledged' | 'refused' | 'unknown'

/** One request of a client. A retry is another attempt. */
export interface Attempt extends Written {
  readonly id: string
  readonly content: Content
  outcome: Outcome
}

/** The version of one side of a record at some moment. */
export interface Sighting {
  readonly id: string
  readonly where: 'document' | 'row'
  readonly version: number
  /** Counts the starts of the store: what was not acknowledged may be gone after a crash. */
  readonly era: number
}

export const sameContent = (a: Content, b: Content): boolean => columns.every((name) => a[name] === b[name])
