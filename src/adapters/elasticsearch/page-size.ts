/** How many documents to ask for at once, so that an answer stays near a number of bytes whatever documents weigh. */
import type { Json } from '../../core/json.js'
import { sampledMean } from '../../core/sampled-mean.js'
import { roughBytes } from './json-size.js'

export interface PageLimits {
  readonly maxDocuments: number
  /** What an answer should weigh. */
  readonly targetBytes: number
  /** Where reading an answer stops. */
  readonly maxBytes: number
}

export const defaultPageLimits: PageLimits = { maxDocuments: 2_000, targetBytes: 8e6, maxBytes: 64e6 }

export class PageSize {
  readonly limits: PageLimits
  #average: number | undefined
  #last = 10

  constructor(limits: PageLimits = defaultPageLimits) {
    this.limits = limits
  }

  /**
   * Grows tenfold at most: before the first answer nothing is known, and a thousand documents of a megabyte would not
   * only be too much for us but for the server as well.
   */
  next(maxDocuments = this.limits.maxDocuments): number {
    const { targetBytes, maxDocuments: most } = this.limits
    const fitting = this.#average === undefined ? most : Math.floor(targetBytes / this.#average)
    return Math.max(1, Math.min(most, maxDocuments, fitting, this.#last * 10))
  }

  /** The limit to pass with a request for `documents`; one alone is read whatever it weighs. */
  bytesFor(documents: number): { readonly maxResponseSize?: number } {
    return documents > 1 ? { maxResponseSize: this.limits.maxBytes } : {}
  }

  /** Learns from an answer. Its own length is not at hand: it comes in chunks, or compressed. */
  saw(documents: readonly Json[]): void {
    if (documents.length === 0) return
    this.#average = Math.max(1, sampledMean(documents, roughBytes))
    this.#last = Math.max(this.#last, documents.length)
  }

  /** An answer to a request for so many documents went beyond the limit. */
  tooLarge(documents: number): void {
    this.#average = Math.max(this.#average ?? 0, (2 * this.limits.maxBytes) / documents)
    this.#last = Math.max(1, Math.floor(documents / 20))
  }
}
