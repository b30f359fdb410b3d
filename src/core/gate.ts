/** Reasons for which the windows of a pair may have to wait, although they are due. */

export interface Closed {
  /** For people, and the same for as long as the reason lasts: `Cassandra at 10.0.0.1:9042 is out of reach`. */
  readonly reason: string
  /** When it is worth asking again. */
  readonly retryInMs: number
}

type Gate = (pair: string) => Closed | undefined

/**
 * One gate of several. They are asked in this order and no further than the first that is closed, so a gate that
 * counts whom it lets through comes last: whoever passes it does start.
 */
export const allOpen =
  (gates: readonly Gate[]): Gate =>
  (pair) => {
    for (const gate of gates) {
      const closed = gate(pair)
      if (closed !== undefined) return closed
    }
    return undefined
  }
