/** What a logger hands on: one event, before anybody has decided how it looks. */

export interface LogRecord {
  /** Milliseconds since 1970. */
  readonly time: number
  /** One of Python's. */
  readonly level: number
  /** Of the logger: `caes`, `caes.worker`. */
  readonly name: string
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}
