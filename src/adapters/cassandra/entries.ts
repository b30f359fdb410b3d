/** Reading and writing the timeseries table. */
import { chunked, forEachConcurrently } from '../../core/concurrency.js'
import type { Version } from '../../core/version.js'
import type { Entry, MaySend } from '../../ports/store.js'
import type { Pacer } from '../../runtime/pacer.js'
import { bucketOf } from './bucket.js'
import type { Session } from './client.js'
import { attempt, type Attempt } from './errors.js'
import { idBytes, idOf } from './ids.js'
import { whileOverloaded } from './overload.js'
import type { TableNames } from './schema.js'
import { insertEntry, selectEntries } from './statements.js'

export interface EntryTable {
  readonly session: Session
  readonly names: TableNames
  /** For messages. */
  readonly where: string
  readonly pacer: Pacer
  readonly buckets: number
  /** Of entries that we write, in seconds. */
  readonly ttl: number
  readonly maxVersion: number
  /** Whether the version column is an int; the driver wants another kind of number for a bigint. */
  readonly intVersions: boolean
}

const pageSize = 5_000
/** Pages that are fetched at a time, each of another bucket; also how many wait in memory. */
const bucketsAtOnce = 4
/**
 * All entries of one batch are in one partition, so one mutation: the limits on batches do not apply. Smaller ones cost
 * more for each entry, since each changes the whole partition in the memory of the server, and they wait for each other.
 */
const entriesPerBatch = 500
const batchesUnderWay = 4

interface Page {
  readonly entries: readonly Entry[]
  /** Where the next page of the bucket starts; undefined after its last. */
  readonly state: string | undefined
}

/** Never rejects: a consumer that stops early leaves pages behind that nobody awaits. */
type Fetched = { readonly bucket: number } & ({ readonly page: Page } | { readonly error: unknown })

/** While the consumer works on a page the following ones are under way. */
export async function* readEntries(
  table: EntryTable,
  from: Version,
  signal: AbortSignal,
  before?: Version,
): AsyncGenerator<readonly Entry[]> {
  if (from > table.maxVersion) return
  const last = before === undefined ? highest(table) : version(table, Math.min(before - 1, table.maxVersion))
  const start = Math.max(from, lowest(table))
  const underWay = new Map<number, Promise<Fetched>>()
  const fetch = (bucket: number, state: string | undefined): void => {
    const fetched = readPage(table, bucket, [version(table, start), last], state, signal).then(
      (page) => ({ bucket, page }),
      (error: unknown) => ({ bucket, error }),
    )
    underWay.set(bucket, fetched)
  }
  let next = 0
  do {
    signal.throwIfAborted()
    while (next < table.buckets && underWay.size < bucketsAtOnce) fetch(next++, undefined)
    const fetched = await Promise.race(underWay.values())
    if ('error' in fetched) throw fetched.error
    signal.throwIfAborted()
    const { bucket, page } = fetched
    underWay.delete(bucket)
    if (page.state !== undefined) fetch(bucket, page.state)
    if (page.entries.length > 0) yield page.entries
  } while (underWay.size > 0 || next < table.buckets)
}

const readPage = async (
  table: EntryTable,
  bucket: number,
  range: readonly [BoundVersion, BoundVersion],
  pageState: string | undefined,
  signal: AbortSignal,
): Promise<Page> => {
  const send = () =>
    table.session.execute(selectEntries(table.names), [bucket, ...range], {
      prepare: true,
      isIdempotent: true,
      fetchSize: pageSize,
      ...(pageState === undefined ? {} : { pageState }),
    })
  const answer = await attempt(whileDoing(table, 'reading entries'), () => whileOverloaded(table.pacer, send, signal))
  const entries = answer.rows.map((row) => ({ id: idOf(row), version: Number(row['version']) }))
  // An empty page may have a next one: what it passed over had expired.
  const state = (answer.pageState as string | null | undefined) ?? undefined
  return { entries, state }
}

export const writeEntries = async (
  table: EntryTable,
  entries: readonly Entry[],
  maySend: MaySend,
  signal: AbortSignal,
): Promise<readonly boolean[]> => {
  const sent = Array.from(entries, () => false)
  const byBucket = new Map<number, number[]>()
  for (const [index, { id }] of entries.entries()) {
    const bucket = bucketOf(id, table.buckets)
    const indexes = byBucket.get(bucket)
    if (indexes === undefined) byBucket.set(bucket, [index])
    else indexes.push(index)
  }
  const batches = [...byBucket].flatMap(([bucket, indexes]) =>
    chunked(indexes, entriesPerBatch).map((part) => ({ bucket, part })),
  )
  const query = insertEntry(table.names)
  await forEachConcurrently(batches, batchesUnderWay, async ({ bucket, part }) => {
    const queries = part.map((index) => {
      const entry = entries[index]!
      return { query, params: [bucket, version(table, entry.version), idBytes(entry.id), table.ttl] }
    })
    signal.throwIfAborted()
    const sendOnce = async (failure: unknown): Promise<boolean> => {
      signal.throwIfAborted()
      // After a try whose outcome nobody knows, being too late is that failure.
      if (!maySend()) return failure === undefined ? false : Promise.reject(failure)
      await table.session.batch(queries, { prepare: true, isIdempotent: true, logged: false })
      return true
    }
    const inTime = await attempt(whileDoing(table, 'writing entries'), () =>
      whileOverloaded(table.pacer, sendOnce, signal),
    )
    for (const index of part) sent[index] = inTime
  })
  return sent
}

/** As the driver takes it for the column. */
type BoundVersion = number | bigint

const version = ({ intVersions }: EntryTable, value: Version): BoundVersion => (intVersions ? value : BigInt(value))

const lowest = ({ intVersions }: EntryTable): number => (intVersions ? -(2 ** 31) : Number.MIN_SAFE_INTEGER)

/** Beyond what a version may be, too: such entries are found and set aside. */
const highest = ({ intVersions }: EntryTable): BoundVersion => (intVersions ? 2 ** 31 - 1 : 2n ** 63n - 1n)

const whileDoing = ({ where }: EntryTable, doing: string): Attempt => ({ doing, where })
