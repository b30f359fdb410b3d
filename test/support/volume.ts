/** Many records at once, written as applications write them. */
import { chunked, forEachConcurrently } from '../../src/core/concurrency.js'
import type { PairFixture, PairFixtureOptions } from './pair-fixture.js'
import type { Planted } from './planted.js'

export const indexMany = async (
  pair: PairFixture,
  ids: readonly string[],
  version: number,
  source: (at: number) => object,
): Promise<void> => {
  for (let start = 0; start < ids.length; start += 5_000) {
    const { errors } = await pair.elasticsearch.bulk({
      operations: ids
        .slice(start, start + 5_000)
        .flatMap((id, at) => [
          { index: { _index: pair.name, _id: id, version, version_type: 'external' } },
          { ...source(start + at), timestamp: version },
        ]),
    })
    if (errors) throw new Error('not every document was accepted')
  }
}

export const batchMany = async (
  pair: PairFixture,
  ids: readonly string[],
  version: number,
  values: (at: number) => Readonly<Record<string, unknown>>,
): Promise<void> => {
  const abreast = 250
  for (let start = 0; start < ids.length; start += abreast) {
    await Promise.all(ids.slice(start, start + abreast).map((id, at) => pair.batch(id, version, values(start + at))))
  }
}

/** Planted records, as they look a while after they were written: cells have the time that the clients' clock had then. */
export const writePlanted = async (pair: PairFixture, records: readonly Planted[]): Promise<void> => {
  for (const chunk of chunked(records, 2_000)) {
    const operations = chunk.flatMap(({ id, document }) =>
      document === undefined
        ? []
        : [
            { index: { _index: pair.name, _id: id, version: document.version, version_type: 'external' as const } },
            { ...document.source, timestamp: document.version },
          ],
    )
    const { errors } = await pair.elasticsearch.bulk({ operations })
    if (errors) throw new Error('not every document was accepted')
    const inserts = chunk.flatMap(({ id, row, entry }) => [
      ...(row === undefined ? [] : [insertOf(pair, id, row)]),
      ...(entry === undefined
        ? []
        : [{ query: `INSERT INTO ${pair.name}.ts (id, timestamp, did) VALUES (0, ?, ?)`, params: [entry, id] }]),
    ])
    await forEachConcurrently(chunked(inserts, 20), 8, async (group) => {
      await pair.cassandra.batch(group, { prepare: true, logged: false })
    })
  }
}

const insertOf = (pair: PairFixture, id: string, { values, writeTime }: NonNullable<Planted['row']>) => {
  const names = Object.keys(values)
  return {
    query: `INSERT INTO ${pair.name}.data (did, ${names.join(', ')}) VALUES (?${', ?'.repeat(names.length)}) USING TIMESTAMP ?`,
    params: [id, ...Object.values(values).map(asParameter), BigInt(writeTime)],
  }
}

/** Given an empty array, the driver would write null: this is a count of no elements. */
const asParameter = (value: unknown): unknown => (Array.isArray(value) && value.length === 0 ? Buffer.alloc(4) : value)

/** The columns and the mapping that planted records have. */
export const plantedPair = {
  columns: 'vint int, vstring text, tags frozen<set<text>>',
  mappings: {
    properties: {
      timestamp: { type: 'long' },
      vint: { type: 'keyword' },
      vstring: { type: 'keyword', ignore_above: 100 },
      tags: { type: 'keyword' },
      comment: { type: 'keyword' },
    },
  },
} as const satisfies PairFixtureOptions
