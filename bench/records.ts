/** Records of about 300 bytes with columns of several types, the same for a given number. */
import { createHash } from 'node:crypto'
import type { types } from 'cassandra-driver'

export interface BenchRecord {
  readonly id: string
  /** Seconds since 1970. */
  readonly version: number
  readonly title: string
  readonly author: string
  readonly body: string
  readonly visits: number
  readonly rating: number
  readonly published: boolean
  readonly created: string
}

export const columns =
  'title text, author text, body text, visits int, rating double, published boolean, created timestamp'
export const columnNames = ['title', 'author', 'body', 'visits', 'rating', 'published', 'created'] as const

export const mappings = {
  properties: {
    timestamp: { type: 'long' },
    title: { type: 'keyword' },
    author: { type: 'keyword' },
    body: { type: 'text' },
    visits: { type: 'integer' },
    rating: { type: 'double' },
    published: { type: 'boolean' },
    created: { type: 'date' },
  },
} as const

export const documentOf = (record: BenchRecord): object =>
  Object.fromEntries([...columnNames.map((name) => [name, record[name]] as const), ['timestamp', record.version]])

/** What documentOf makes, as it comes back. */
export type Source = Omit<BenchRecord, 'id' | 'version'> & { readonly timestamp: number }

export const recordOf = (id: string, { timestamp, ...fields }: Source): BenchRecord => ({
  ...fields,
  id,
  version: timestamp,
})

/** The mirrored columns of a row of the driver. */
export const fieldsOf = (row: types.Row): Record<string, unknown> =>
  Object.fromEntries(columnNames.map((name) => [name, row[name] as unknown]))

/** As the driver takes them, in the order of the columns. */
export const valuesOf = (record: BenchRecord): readonly unknown[] =>
  columnNames.map((name) => (name === 'created' ? new Date(record.created) : record[name]))

/** @param seed different seeds share no id. @param versions the records are spread over them, in order */
export const makeRecords = (
  seed: string,
  count: number,
  versions: { readonly from: number; readonly to: number },
): BenchRecord[] =>
  Array.from({ length: count }, (_, index) => {
    const hash = createHash('sha256').update(`${seed} ${index}`).digest('hex')
    const number = Number.parseInt(hash.slice(0, 8), 16)
    return {
      id: uuidOf(hash),
      version: versions.from + Math.floor((index * (versions.to - versions.from)) / count),
      title: `Record ${index} of ${seed}`,
      author: `author-${number % 500}`,
      body: `${hash} ${hash.slice(0, 40)} ${index}`,
      visits: number % 100_000,
      rating: (number % 1_000) / 100,
      published: number % 2 === 0,
      created: new Date(1_700_000_000_000 + number).toISOString(),
    }
  })

/** Version 4, variant 1. */
const uuidOf = (hash: string): string =>
  `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`
