/** Hundreds of records of random values of every type, each way in one window. */
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseExactJson, stringifyExactJson } from '../../src/adapters/elasticsearch/exact-json.js'
import { readerOf, toDriver } from '../../src/adapters/cassandra/values.js'
import { forEachConcurrently } from '../../src/core/concurrency.js'
import { isNothing } from '../../src/core/codec/codec.js'
import type { JsonObject } from '../../src/core/json.js'
import { readSource, toSource } from '../../src/core/mapping.js'
import type { CanonicalValue, Fields } from '../../src/core/record.js'
import { everyColumn, everyColumnCql, everyFieldMapping, everyUserType } from '../support/all-types.js'
import { valueOf } from '../support/arbitraries.js'
import { idsOf } from '../support/ids.js'
import { openPair, silent, type PairFixture } from '../support/pair-fixture.js'

let pair: PairFixture
beforeAll(async () => {
  pair = await openPair({ ddl: everyUserType, columns: everyColumnCql, mappings: everyFieldMapping })
})
afterAll(() => pair.close())

const count = 100
/** In the name of the test, so that a failure says how to repeat it. */
const seed = Number(process.env['CAES_TEST_SEED'] ?? Date.now() % 2 ** 31)

const randomRecords: fc.Arbitrary<Fields> = fc
  .tuple(...everyColumn.map(({ type }) => fc.option(valueOf(type), { freq: 4 })))
  .map((values) => {
    const fields = new Map<string, CanonicalValue>()
    for (const [index, { name, type }] of everyColumn.entries()) {
      const value = values[index] ?? null
      if (value !== null && !isNothing(type, value)) fields.set(name, value)
    }
    return fields
  })

const writeRow = (id: string, version: number, fields: Fields): Promise<void> =>
  pair.batch(
    id,
    version,
    Object.fromEntries(everyColumn.map(({ name, type }) => [name, toDriver(fields.get(name), type) ?? undefined])),
  )

const textOf = (fields: Fields, version: number): string => {
  const made = toSource(fields, everyColumn)
  if ('mismatch' in made) throw new Error(made.mismatch)
  return stringifyExactJson({ ...made.source, timestamp: version })
}

const rowOf = async (id: string): Promise<Fields> => {
  const row = (await pair.row(id)) ?? {}
  const fields = new Map<string, CanonicalValue>()
  for (const { name, type } of everyColumn) {
    const value = readerOf(type)(row[name])
    if (value !== undefined) fields.set(name, value)
  }
  return fields
}

const fieldsOf = (text: string): unknown => {
  const read = readSource(parseExactJson(text) as JsonObject, everyColumn)
  return 'fields' in read ? new Map(read.fields) : read
}

/** Digits as they stand in the text, so that our own parser does not vouch for itself. */
const digitsOf = (text: string, name: string): string | undefined =>
  new RegExp(`"${name}":(-?\\d+)[,}]`).exec(text)?.[1]

test(`${count} rows and ${count} documents go through one window unchanged, and then it is silent (CAES_TEST_SEED=${seed})`, async () => {
  const records = fc.sample(randomRecords, { numRuns: 2 * count, seed })
  const ids = idsOf(2 * count, 'random')
  const fromRows = ids.slice(0, count)
  const fromDocuments = ids.slice(count)
  await forEachConcurrently(fromRows.entries(), 20, ([at, id]) => writeRow(id, 10, records[at]!))
  await forEachConcurrently(fromDocuments.entries(), 20, ([at, id]) =>
    pair.indexText(id, 10, textOf(records[count + at]!, 10)),
  )

  const { report, rejects } = await pair.sync(0, 100)
  expect(rejects).toEqual([])
  expect(report.written).toEqual({ elasticsearch: count, cassandra: count })

  await forEachConcurrently(ids.entries(), 20, async ([at, id]) => {
    const text = await pair.documentText(id)
    expect(fieldsOf(text)).toEqual(records[at])
    expect(await rowOf(id)).toEqual(records[at])
    for (const name of ['c_bigint', 'c_varint']) {
      expect(digitsOf(text, name)).toBe(records[at]!.get(name)?.toString())
    }
  })
  expect(silent((await pair.sync(0, 100)).report)).toBe(true)
})
