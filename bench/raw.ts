/** The raw drivers: reading and writing with the least work that a job needs. None of it checks, decides or recovers. */
import type { Client as Elasticsearch, estypes } from '@elastic/elasticsearch'
import type { Client as Cassandra, types } from 'cassandra-driver'
import { chunked, forEachConcurrently } from '../src/core/concurrency.js'
import type { Window } from '../src/core/window.js'
import { columnNames, fieldsOf, recordOf, valuesOf, type BenchRecord, type Source } from './records.js'
import { insertEntry, insertRow, type Clients, type Names } from './stores.js'

/** Pages of a point in time. */
export async function* readDocuments(
  client: Elasticsearch,
  index: string,
  { from, to }: Window,
  size = 5_000,
): AsyncGenerator<BenchRecord[]> {
  const { id } = await client.openPointInTime({ index, keep_alive: '5m' })
  try {
    let after: estypes.SortResults | undefined
    do {
      const { hits } = await client.search<Source>({
        pit: { id, keep_alive: '5m' },
        size,
        query: { range: { timestamp: { gte: from, lt: to } } },
        sort: [{ timestamp: 'asc' }, { _shard_doc: 'asc' }],
        track_total_hits: false,
        ...(after === undefined ? {} : { search_after: after }),
      })
      yield hits.hits.map((hit) => recordOf(hit._id!, hit._source!))
      after = hits.hits.length < size ? undefined : hits.hits.at(-1)?.sort
    } while (after !== undefined)
  } finally {
    await client.closePointInTime({ id })
  }
}

const unlogged = { prepare: true, isIdempotent: true, logged: false }

/** Entries by the five hundred, which is one mutation; rows in batches as large as the server takes without a warning. */
export const writeGrouped = async (
  client: Cassandra,
  keyspace: string,
  records: readonly BenchRecord[],
): Promise<void> => {
  const entry = insertEntry(keyspace)
  const row = insertRow(keyspace)
  await Promise.all([
    forEachConcurrently(chunked(records, 500), 4, async (chunk) => {
      await client.batch(
        chunk.map(({ id, version }) => ({ query: entry, params: [0, version, id] })),
        unlogged,
      )
    }),
    forEachConcurrently(chunked(records, 10), 32, async (chunk) => {
      await client.batch(
        chunk.map((record) => ({ query: row, params: [record.id, ...valuesOf(record)] })),
        unlogged,
      )
    }),
  ])
}

/** Ids and versions of a range of entries, page by page. */
export async function* readEntries(
  client: Cassandra,
  keyspace: string,
  { from, to }: Window,
): AsyncGenerator<{ readonly id: string; readonly version: number }[]> {
  const cql = `SELECT did, timestamp FROM ${keyspace}.ts WHERE id = 0 AND timestamp >= ? AND timestamp < ?`
  let pageState: string | undefined
  do {
    const answer = await client.execute(cql, [from, to], {
      prepare: true,
      fetchSize: 5_000,
      ...(pageState === undefined ? {} : { pageState }),
    })
    yield answer.rows.map((each) => ({ id: String(each['did']), version: Number(each['timestamp']) }))
    pageState = answer.pageState
  } while (pageState)
}

export const readRows = async (client: Cassandra, keyspace: string, ids: readonly string[]): Promise<types.Row[]> => {
  const cql = `SELECT did, ${columnNames.join(', ')} FROM ${keyspace}.data WHERE did IN ?`
  const rows: types.Row[] = []
  await forEachConcurrently(chunked(ids, 100), 8, async (chunk) => {
    const answer = await client.execute(cql, [chunk], { prepare: true, fetchSize: 0 })
    rows.push(...answer.rows)
  })
  return rows
}

/** All rows in the order of the ring, page by page; larger pages take the server longer for each row. */
export async function* scanRows(client: Cassandra, keyspace: string): AsyncGenerator<types.Row[]> {
  const cql = `SELECT did, ${columnNames.join(', ')} FROM ${keyspace}.data`
  let pageState: string | undefined
  do {
    const options = { prepare: true, fetchSize: 1_000, ...(pageState === undefined ? {} : { pageState }) }
    const answer = await client.execute(cql, [], options)
    yield answer.rows
    pageState = answer.pageState
  } while (pageState)
}

export const indexMany = async (
  client: Elasticsearch,
  index: string,
  documents: readonly { readonly id: string; readonly version: number; readonly source: object }[],
): Promise<void> => {
  await forEachConcurrently(chunked(documents, 2_000), 3, async (chunk) => {
    const { errors } = await client.bulk({
      filter_path: 'errors',
      operations: chunk.flatMap(({ id, version, source }) => [
        { index: { _index: index, _id: id, version, version_type: 'external' } },
        { ...source, timestamp: version },
      ]),
    })
    if (errors) throw new Error('Elasticsearch did not take all of the documents')
  })
}

/** Writes page after page; resolves to how many records. */
export const copyPages = async (
  pages: AsyncIterable<readonly BenchRecord[]>,
  write: (page: readonly BenchRecord[]) => Promise<void>,
): Promise<number> => {
  let written = 0
  for await (const page of pages) {
    await write(page)
    written += page.length
  }
  return written
}

/**
 * Reads a range of documents and writes their rows; resolves to how many.
 * @param lookFirst also reads the rows that are written over, as rule 4 needs it, and does nothing with them
 */
export const copyDocuments = (
  { elasticsearch, cassandra }: Clients,
  { index, keyspace }: Names,
  window: Window,
  { lookFirst = false } = {},
): Promise<number> =>
  copyPages(readDocuments(elasticsearch, index, window), async (page) => {
    const ids = page.map(({ id }) => id)
    if (lookFirst) await readRows(cassandra, keyspace, ids)
    await writeGrouped(cassandra, keyspace, page)
  })

/** Reads a range of entries with their rows, and writes their documents; resolves to how many. */
export const copyRows = async (
  { elasticsearch, cassandra }: Clients,
  { index, keyspace }: Names,
  window: Window,
): Promise<number> => {
  let written = 0
  for await (const entries of readEntries(cassandra, keyspace, window)) {
    const versions = new Map(entries.map(({ id, version }) => [id, version]))
    const rows = await readRows(cassandra, keyspace, [...versions.keys()])
    const documents = rows.map((row) => {
      const id = String(row['did'])
      return { id, version: versions.get(id)!, source: fieldsOf(row) }
    })
    await indexMany(elasticsearch, index, documents)
    written += documents.length
  }
  return written
}
