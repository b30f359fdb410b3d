/** Every way in which one record can be set aside, and what is told about it. */
import type { Pair } from '../../../src/sync/pair.js'
import { idsOf } from '../../support/ids.js'
import { v0 } from '../../support/observations.js'
import type { MemoryPair, MemoryPairOptions } from './memory-pair.js'

/** The record that is spoiled, unless the case names another. */
export const [id] = idsOf(1, 'reject') as [string]

/** What the server claims to hold, beside what is in memory. */
const withEntry = (pair: Pair, version: number): Pair => ({
  ...pair,
  rows: {
    ...pair.rows,
    entries: async function* (start, signal) {
      yield [{ id, version }]
      yield* pair.rows.entries(start, signal)
    },
  },
})

const withDocument = (pair: Pair, version: number): Pair => ({
  ...pair,
  documents: {
    ...pair.documents,
    openView: async (range, signal) => {
      const view = await pair.documents.openView(range, signal)
      return {
        ...view,
        pages: async function* (pageSignal) {
          yield [{ id, version, stamp: version, source: { a: 1, timestamp: version } }]
          yield* view.pages(pageSignal)
        },
      }
    },
  },
})

export interface RejectCase extends MemoryPairOptions {
  /** What is spoiled, as the beginning of a sentence. */
  readonly record: string
  readonly reason: string
  readonly side: 'elasticsearch' | 'cassandra'
  readonly detail: RegExp
  readonly spoil?: (store: MemoryPair) => void
  readonly change?: (pair: Pair) => Pair
  readonly at?: string
}

const double = [{ name: 'a', type: { kind: 'double' } }] as const

export const rejectCases: readonly RejectCase[] = [
  {
    record: 'a document whose id is no UUID',
    reason: 'ID_NOT_UUID',
    side: 'elasticsearch',
    detail: /_id of 7 characters/,
    at: 'movie 1',
    spoil: (store) => store.index('movie 1', v0 + 1, { a: 1 }),
  },
  {
    record: 'a document whose id is a UUID in upper case',
    reason: 'ID_NOT_UUID',
    side: 'elasticsearch',
    detail: /_id of 36 characters/,
    at: id.toUpperCase(),
    spoil: (store) => store.index(id.toUpperCase(), v0 + 1, { a: 1 }),
  },
  {
    record: 'a document whose version and timestamp field disagree',
    reason: 'VERSION_CONTRACT',
    side: 'elasticsearch',
    detail: /_version is 1700000003, the timestamp field is 1700000001/,
    spoil: (store) => store.documents.put(id, v0 + 3, { a: 1, timestamp: v0 + 1 }),
  },
  {
    record: 'an entry with half a unit',
    reason: 'VERSION_NOT_INTEGER',
    side: 'cassandra',
    detail: /entry 1700000001\.5/,
    spoil: (store) => store.rows.putEntry(id, v0 + 1.5),
  },
  {
    record: 'an entry below zero',
    reason: 'VERSION_NEGATIVE',
    side: 'cassandra',
    detail: /entry -5/,
    change: (pair) => withEntry(pair, -5),
  },
  {
    record: 'an entry beyond 2^53 − 1',
    reason: 'VERSION_UNSAFE',
    side: 'cassandra',
    detail: /entry 9007199254740992/,
    spoil: (store) => store.rows.putEntry(id, 2 ** 53),
  },
  {
    record: 'a document version beyond 2^53 − 1',
    reason: 'VERSION_UNSAFE',
    side: 'elasticsearch',
    detail: /_version 9223372036854776000/,
    change: (pair) => withDocument(pair, 2 ** 63),
  },
  {
    record: 'an entry far in the future',
    reason: 'VERSION_FUTURE',
    side: 'cassandra',
    detail: /entry 1700003661/,
    spoil: (store) => store.rows.putEntry(id, v0 + 3661),
  },
  {
    record: 'a document version far in the future',
    reason: 'VERSION_FUTURE',
    side: 'elasticsearch',
    detail: /_version 1700003661/,
    change: (pair) => withDocument(pair, v0 + 3661),
  },
  {
    record: 'a document version that the timeseries column cannot hold',
    reason: 'VERSION_OVERFLOW',
    side: 'elasticsearch',
    detail: /version 1700000006 is beyond 1700000005/,
    maxVersion: v0 + 5,
    spoil: (store) => store.index(id, v0 + 6, { a: 1 }),
  },
  {
    record: 'a document that does not fit its column',
    reason: 'TYPE_MISMATCH',
    side: 'elasticsearch',
    detail: /"a".*string.*int/,
    spoil: (store) => store.index(id, v0 + 1, { a: 'seven' }),
  },
  {
    record: 'a row with a value that JSON has no form for',
    reason: 'NOT_REPRESENTABLE',
    side: 'cassandra',
    detail: /"a".*not finite/,
    columns: double,
    spoil: (store) => store.batch(id, v0 + 1, { a: Number.NaN }),
  },
  {
    record: 'a row that the mapping refuses',
    reason: 'MAPPING',
    side: 'cassandra',
    detail: /strict/,
    refusesDocument: ({ a }) => (a === 13 ? 'mapping is strict' : undefined),
    spoil: (store) => store.batch(id, v0 + 1, { a: 13 }),
  },
  {
    record: 'a document that Cassandra refuses',
    reason: 'STATEMENT',
    side: 'elasticsearch',
    detail: /mutation too large/,
    refusesRow: ({ fields }) => (fields.get('a') === 13 ? 'mutation too large' : undefined),
    spoil: (store) => store.index(id, v0 + 1, { a: 13 }),
  },
]
