/**
 * The way of the tool that is replaced: one record after another, each with requests of its own that are waited for.
 * Kinder than it was in two ways, both of which Elasticsearch and Cassandra of today ask for: pages are found by the
 * place of the last hit instead of by counting from the start, and statements are prepared.
 */
import { forEachConcurrently } from '../src/core/concurrency.js'
import type { Window } from '../src/core/window.js'
import { copyPages, readDocuments, readEntries } from './raw.js'
import { columnNames, fieldsOf } from './records.js'
import { writeRecord, type Clients, type Names } from './stores.js'

/** Of the tool's searches. */
const pageSize = 50

/** For each document a logged batch into both tables. */
export const copyDocumentsInTurn = (
  { elasticsearch, cassandra }: Clients,
  { index, keyspace }: Names,
  window: Window,
): Promise<number> =>
  copyPages(readDocuments(elasticsearch, index, window, pageSize), async (page) => {
    for (const record of page) await writeRecord(cassandra, keyspace, record)
  })

/**
 * What the same could be at its best, had it been made to wait for many at a time: a look at the row, and a logged
 * batch.
 * @param atOnce records under way
 */
export const copyDocumentsAtOnce = (
  { elasticsearch, cassandra }: Clients,
  { index, keyspace }: Names,
  window: Window,
  atOnce: number,
): Promise<number> => {
  const select = `SELECT did FROM ${keyspace}.data WHERE did = ?`
  return copyPages(readDocuments(elasticsearch, index, window), (page) =>
    forEachConcurrently(page, atOnce, async (record) => {
      await cassandra.execute(select, [record.id], { prepare: true })
      await writeRecord(cassandra, keyspace, record)
    }),
  )
}

/** For each entry a look at its row, and a request for its document. */
export const copyRowsInTurn = async (
  { elasticsearch, cassandra }: Clients,
  { index, keyspace }: Names,
  window: Window,
): Promise<number> => {
  const select = `SELECT did, ${columnNames.join(', ')} FROM ${keyspace}.data WHERE did = ?`
  let written = 0
  for await (const entries of readEntries(cassandra, keyspace, window)) {
    for (const { id, version } of entries) {
      const row = (await cassandra.execute(select, [id], { prepare: true })).first()
      if (row === null) throw new Error(`the row of ${id} is missing`)
      const document = { ...fieldsOf(row), timestamp: version }
      await elasticsearch.index({ index, id, version, version_type: 'external', document })
      written += 1
    }
  }
  return written
}
