/** One window each way, and one that is in sync already, against the raw drivers and the way of the original. */
import type { Window } from '../../src/core/window.js'
import { syncWindow } from '../../src/sync/sync-window.js'
import { copyDocumentsAtOnce, copyDocumentsInTurn, copyRowsInTurn } from '../original.js'
import { copyDocuments, copyRows, readDocuments, readEntries, readRows } from '../raw.js'
import { makeRecords, type BenchRecord } from '../records.js'
import type { Comparison, Contender } from '../rounds.js'
import { fillIndex, fillTables, type Bench, type Names } from '../stores.js'

interface Round extends Names {
  readonly window: Window
  readonly records: readonly BenchRecord[]
}

/** Each round has versions of its own, an hour apart, so that no window's overlap reaches into another round. */
const roundOf = (number: number, count: number): Omit<Round, keyof Names> => {
  const from = 1_600_000_000 + number * 3_600
  const window = { from, to: from + 60 }
  return { window, records: makeRecords(`${number}`, count, window) }
}

const syncing = async (
  bench: Bench,
  names: Names,
  window: Window,
  expected: object,
): Promise<() => Promise<number>> => {
  const pair = await bench.connect(names)
  return async () => {
    const { report } = await syncWindow(pair, window, { signal: new AbortController().signal, tilesTime: true })
    const { written, unchanged } = report
    const found = { toElasticsearch: written.elasticsearch, toCassandra: written.cassandra, unchanged }
    if (JSON.stringify(found) !== JSON.stringify(expected))
      throw new Error(`not what was asked: ${JSON.stringify(report)}`)
    return written.elasticsearch + written.cassandra + unchanged
  }
}

export const toCassandra = (bench: Bench, count: number): Comparison<Round> => ({
  title: 'window, Elasticsearch → Cassandra',
  prepare: async (number) => {
    const index = await bench.newIndex()
    const round = roundOf(number, count)
    await fillIndex(bench.elasticsearch, index, round.records)
    return { ...round, index, keyspace: '' }
  },
  contenders: [
    {
      name: 'caes-sync',
      ready: async ({ index, window }) =>
        syncing(bench, { index, keyspace: await bench.newKeyspace() }, window, {
          toElasticsearch: 0,
          toCassandra: count,
          unchanged: 0,
        }),
    },
    copying(bench, 'raw drivers: read pages, write groups', (names, window) => copyDocuments(bench, names, window)),
    copying(bench, 'the same, and read the rows that are written over', (names, window) =>
      copyDocuments(bench, names, window, { lookFirst: true }),
    ),
    copying(bench, "the original's way: a logged batch for each record, one after another", (names, window) =>
      copyDocumentsInTurn(bench, names, window),
    ),
    copying(bench, 'the same and a look before each, 128 records at a time', (names, window) =>
      copyDocumentsAtOnce(bench, names, window, 128),
    ),
  ],
})

/** Into tables of its own. */
const copying = (
  bench: Bench,
  name: string,
  copy: (names: Names, window: Window) => Promise<number>,
): Contender<Round> => ({
  name,
  ready: async ({ index, window }) => {
    const keyspace = await bench.newKeyspace()
    return () => copy({ index, keyspace }, window)
  },
})

export const toElasticsearch = (bench: Bench, count: number): Comparison<Round> => ({
  title: 'window, Cassandra → Elasticsearch',
  prepare: async (number) => {
    const keyspace = await bench.newKeyspace()
    const round = roundOf(number, count)
    await fillTables(bench.cassandra, keyspace, round.records)
    return { ...round, index: '', keyspace }
  },
  contenders: [
    {
      name: 'caes-sync',
      ready: async ({ keyspace, window }) =>
        syncing(bench, { keyspace, index: await bench.newIndex() }, window, {
          toElasticsearch: count,
          toCassandra: 0,
          unchanged: 0,
        }),
    },
    {
      name: 'raw drivers: read entries and rows, bulk',
      ready: async ({ keyspace, window }) => {
        const index = await bench.newIndex()
        return () => copyRows(bench, { index, keyspace }, window)
      },
    },
    {
      name: "the original's way: a row and a document at a time, one after another",
      ready: async ({ keyspace, window }) => {
        const index = await bench.newIndex()
        return () => copyRowsInTurn(bench, { index, keyspace }, window)
      },
    },
  ],
})

export const inSync = (bench: Bench, count: number): Comparison<Round> => ({
  title: 'window that is in sync already',
  prepare: async (number) => {
    const names = { index: await bench.newIndex(), keyspace: await bench.newKeyspace() }
    const round = roundOf(number, count)
    await fillIndex(bench.elasticsearch, names.index, round.records)
    const first = await syncing(bench, names, round.window, { toElasticsearch: 0, toCassandra: count, unchanged: 0 })
    await first()
    return { ...round, ...names }
  },
  contenders: [
    {
      name: 'caes-sync',
      ready: ({ index, keyspace, window }) =>
        syncing(bench, { index, keyspace }, window, { toElasticsearch: 0, toCassandra: 0, unchanged: count }),
    },
    {
      name: 'raw drivers: read both sides and compare nothing',
      ready:
        async ({ index, keyspace, window }) =>
        async () => {
          let read = 0
          for await (const page of readEntries(bench.cassandra, keyspace, window)) read += page.length
          if (read !== count) throw new Error(`${read} entries were read`)
          read = 0
          for await (const page of readDocuments(bench.elasticsearch, index, window)) {
            read += (
              await readRows(
                bench.cassandra,
                keyspace,
                page.map(({ id }) => id),
              )
            ).length
          }
          return read
        },
    },
  ],
})
