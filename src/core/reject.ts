/** One record that cannot be applied. It is set aside with its reason and never blocks its window. */
import { printable } from './printable.js'

/**
 * The one table of faults of a single record: what each means, and what an operator can try.
 * docs/rejects.md has a section for each.
 */
export const rejectReasons = {
  ID_NOT_UUID: {
    meaning: 'the document id is not a UUID in lower case',
    advice: 'index it again under a UUID in lower case and delete this one',
  },
  VERSION_CONTRACT: {
    meaning: 'the document version and its timestamp field disagree',
    advice: 'index it again with version_type=external and a timestamp field that equals the version',
  },
  VERSION_NOT_INTEGER: {
    meaning: 'the version is not a whole number of units',
    advice: 'write it again with a whole number, and compare sync.unit with what the application writes',
  },
  VERSION_NEGATIVE: {
    meaning: 'the version is negative',
    advice: 'write it again with a version from 0 on, and delete what has the negative one',
  },
  VERSION_UNSAFE: {
    meaning: 'the version is beyond 2^53 − 1',
    advice: 'delete the document or entry with that version, and write the record again with a smaller one',
  },
  VERSION_FUTURE: {
    meaning: 'the version lies further in the future than sync.maxFuture',
    advice:
      'check the clock and the unit of who wrote it; delete what has this version, or wait until its time has come',
  },
  VERSION_OVERFLOW: {
    meaning: 'the version does not fit the int column of the timeseries table',
    advice: 'use a timeseries table whose timestamp column is bigint',
  },
  TYPE_MISMATCH: {
    meaning: 'a value does not fit its column',
    advice: 'write the record again with a value that fits, change the column, or exclude the field',
  },
  NOT_REPRESENTABLE: {
    meaning: 'a column holds a value that JSON cannot carry',
    advice: 'write the record again with another value, or exclude the column',
  },
  MAPPING: {
    meaning: 'Elasticsearch refused the document',
    advice: 'change the mapping of the index so that it takes the value, or write the record again with one that fits',
  },
  STATEMENT: {
    meaning: 'Cassandra refused the row',
    advice: 'write a smaller or fitting record, or mend the table or insertQuery that refuses it',
  },
} as const satisfies Record<string, { meaning: string; advice: string }>

export type RejectReason = keyof typeof rejectReasons

export const isRejectReason = (text: unknown): text is RejectReason =>
  typeof text === 'string' && Object.hasOwn(rejectReasons, text)

export interface Reject {
  readonly id: string
  /** The side that holds the record at fault. */
  readonly side: 'elasticsearch' | 'cassandra'
  readonly reason: RejectReason
  /** The particulars: field, kind of value, column type. Never the value itself. */
  readonly detail: string
  readonly version?: number
}

/** One line for people: code, meaning, particulars, what to try. Safe to print whatever the record's id is. */
export const rejectText = ({ reason, detail }: Pick<Reject, 'reason' | 'detail'>): string => {
  const { meaning, advice } = rejectReasons[reason]
  return `${reason}: ${meaning} (${printable(detail)}). Try: ${advice}`
}
