/** One record that cannot be applied. It is set aside with its reason and never blocks its window. */

export const rejectReasons = {
  ID_NOT_UUID: 'the document id is not a UUID in lower case',
  VERSION_CONTRACT: 'the document version and its timestamp field disagree',
  VERSION_NOT_INTEGER: 'the version is not a whole number of units',
  VERSION_NEGATIVE: 'the version is negative',
  VERSION_UNSAFE: 'the version is beyond 2^53 − 1',
  VERSION_FUTURE: 'the version lies further in the future than sync.maxFuture',
  VERSION_OVERFLOW: 'the version does not fit the int column of the timeseries table',
  TYPE_MISMATCH: 'a value does not fit its column',
  NOT_REPRESENTABLE: 'a column holds a value that JSON cannot carry',
  MAPPING: 'Elasticsearch refused the document',
  STATEMENT: 'Cassandra refused the row',
} as const

export type RejectReason = keyof typeof rejectReasons

export interface Reject {
  readonly id: string
  /** The side that holds the record at fault. */
  readonly side: 'elasticsearch' | 'cassandra'
  readonly reason: RejectReason
  /** The particulars: field, kind of value, column type. Never the value itself. */
  readonly detail: string
  readonly version?: number
}
