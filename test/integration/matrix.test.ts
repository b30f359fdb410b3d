/** Every unit with every kind of timestamp column and field, through whole windows. */
import { describe, expect, onTestFinished, test } from 'vitest'
import { unitMicros, type Unit } from '../../src/core/version.js'
import { eventually } from '../support/eventually.js'
import { idsOf } from '../support/ids.js'
import { openPair, silent, type PairFixture } from '../support/pair-fixture.js'

const millis = (version: number, unit: Unit): number => (version * unitMicros(unit)) / 1_000
const iso = (version: number, unit: Unit): string => new Date(millis(version, unit)).toISOString()

/** How the index maps the timestamp, and what an application writes into it. */
interface FieldKind {
  readonly name: string
  readonly mapping: { readonly type: 'long' } | { readonly type: 'date'; readonly format?: string }
  readonly stamp: (version: number, unit: Unit) => string | number
}

const long: FieldKind = { name: 'long', mapping: { type: 'long' }, stamp: (version) => version }
const dates: readonly FieldKind[] = [
  { name: 'date', mapping: { type: 'date' }, stamp: iso },
  { name: 'date in epoch_millis', mapping: { type: 'date', format: 'epoch_millis' }, stamp: millis },
  {
    name: 'date in epoch_second',
    mapping: { type: 'date', format: 'epoch_second' },
    stamp: (version, unit) => millis(version, unit) / 1_000,
  },
  {
    name: 'date in strict_date_optional_time',
    mapping: { type: 'date', format: 'strict_date_optional_time' },
    stamp: iso,
  },
]

interface Case {
  readonly unit: Unit
  readonly column: 'int' | 'bigint'
  readonly field: FieldKind
  readonly buckets: number
  readonly versioning: 'timeseries' | 'writetime'
}

/** A date counts milliseconds, so `us` goes with long only; an int holds seconds only. Buckets depend on neither. */
const timeseries: Omit<Case, 'versioning'>[] = [
  ...[long, ...dates].flatMap((field, at) => [
    { unit: 's' as const, column: 'int' as const, field, buckets: at % 2 === 0 ? 1 : 4 },
    { unit: 'ms' as const, column: 'bigint' as const, field, buckets: at % 2 === 0 ? 4 : 1 },
  ]),
  { unit: 's', column: 'bigint', field: long, buckets: 4 },
  { unit: 's', column: 'bigint', field: dates[0]!, buckets: 1 },
  { unit: 'us', column: 'bigint', field: long, buckets: 1 },
  { unit: 'us', column: 'bigint', field: long, buckets: 4 },
]
const writetime: Omit<Case, 'versioning'>[] = [
  { unit: 'ms', column: 'bigint', field: long, buckets: 1 },
  { unit: 'ms', column: 'bigint', field: dates[0]!, buckets: 4 },
  { unit: 's', column: 'int', field: long, buckets: 4 },
]
const cases: Case[] = [
  ...timeseries.map((each) => ({ ...each, versioning: 'timeseries' as const })),
  ...writetime.map((each) => ({ ...each, versioning: 'writetime' as const })),
]

const openCase = async ({ unit, column, field, buckets, versioning }: Case): Promise<PairFixture> => {
  const pair = await openPair({
    timestampColumn: column,
    mappings: {
      properties: { timestamp: field.mapping, vint: { type: 'integer' }, vstring: { type: 'text' } },
    },
    stamp: (version) => field.stamp(version, unit),
    cassandraConfig: { timeseriesBuckets: buckets, versioning },
    // Short, because a finer unit than a second leaves ties to the time after half the overlap.
    sync: { unit, settle: '100ms', freshness: '400ms', overlap: '1600ms' },
    more: { interval: 1 },
  })
  onTestFinished(() => pair.close())
  return pair
}

const clock = (unit: Unit): number => Math.floor((Date.now() * 1_000) / unitMicros(unit))

/** What the index itself makes of the timestamp field, in the pair's unit. */
const indexedVersion = async (pair: PairFixture, id: string, { unit, field }: Case): Promise<number> => {
  const isDate = field.mapping.type === 'date'
  const { hits } = await pair.elasticsearch.search({
    index: pair.name,
    query: { ids: { values: [id] } },
    fields: [isDate ? { field: 'timestamp', format: 'epoch_millis' } : 'timestamp'],
  })
  const value: unknown = hits.hits[0]?.fields?.['timestamp']?.[0]
  return isDate ? (Number(value) * 1_000) / unitMicros(unit) : Number(value)
}

const writeTime = async (pair: PairFixture, id: string): Promise<number> => {
  const answer = await pair.cassandra.execute(`SELECT WRITETIME(vint) AS time FROM ${pair.name}.data WHERE did = ${id}`)
  return Number(answer.first().get('time'))
}

/** Buckets that hold entries of these ids. */
const bucketsOf = async (pair: PairFixture, ids: readonly string[]): Promise<ReadonlySet<number>> => {
  const { rows } = await pair.cassandra.execute(`SELECT id, did FROM ${pair.name}.ts`)
  return new Set(rows.filter((row) => ids.includes(String(row.get('did')))).map((row) => Number(row.get('id'))))
}

describe.each(cases)('$versioning, unit $unit, column $column, field $field.name, $buckets bucket(s)', (each) => {
  test('newest wins both ways, ties go to Elasticsearch, and then nothing is written', async () => {
    const { unit, buckets, versioning } = each
    const pair = await openCase(each)
    const [newRow, newDocument, tie] = idsOf(3, 'matrix') as [string, string, string]
    const rows = idsOf(8, 'matrix row')
    const documents = idsOf(8, 'matrix document')
    const from = clock(unit)

    await pair.index(newRow, from - 1, { vint: 1, vstring: 'old document' })
    const rowAt = clock(unit)
    await pair.batch(newRow, rowAt, { vint: 2, vstring: 'new row' }, buckets - 1)
    const oldRowAt = clock(unit)
    await pair.batch(newDocument, oldRowAt, { vint: 3, vstring: 'old row' }, buckets - 1)
    const documentAt = Math.max(clock(unit), oldRowAt + 1)
    await pair.index(newDocument, documentAt, { vint: 4 })
    const tieAt = clock(unit)
    await pair.batch(tie, tieAt, { vint: 5, vstring: 'zz' })
    await pair.index(tie, tieAt, { vint: 6 })
    for (const [at, id] of rows.entries()) await pair.batch(id, clock(unit), { vint: at }, at % buckets)
    const blindAt = clock(unit)
    for (const [at, id] of documents.entries()) await pair.index(id, blindAt, { vint: at })

    const to = Math.max(clock(unit), documentAt) + 1
    let ties = 0
    await eventually(async () => {
      const { report, rejects } = await pair.sync(from, to)
      ties += report.ties
      expect(rejects).toEqual([])
      expect(report.held).toBe(0)
    })
    expect(ties).toBe(1)

    expect(await pair.row(newRow)).toMatchObject({ vint: 2, vstring: 'new row' })
    expect(await pair.document(newRow)).toMatchObject({ version: rowAt, source: { vint: 2, vstring: 'new row' } })
    expect(await pair.row(newDocument)).toMatchObject({ vint: 4, vstring: null })
    expect(await pair.row(tie)).toMatchObject({ vint: 6, vstring: null })
    expect((await pair.document(tie))?.source).not.toHaveProperty('vstring')
    for (const [at, id] of rows.entries()) expect((await pair.document(id))?.source).toMatchObject({ vint: at })
    for (const [at, id] of documents.entries()) expect(await pair.row(id)).toMatchObject({ vint: at })

    // Versions in the pair's unit, write times in microseconds, and the field as the index understands it.
    expect(await pair.label(newDocument)).toBe(documentAt)
    expect(await pair.label(documents[0]!)).toBe(blindAt)
    expect(await writeTime(pair, documents[0]!)).toBe(blindAt * unitMicros(unit) + (versioning === 'writetime' ? 1 : 0))
    expect(await bucketsOf(pair, documents)).toHaveProperty('size', buckets)

    const again = await pair.sync(from, to)
    expect(again.report).toMatchObject({ read: { cassandra: 19, elasticsearch: 19 }, unchanged: 19 })
    expect(silent(again.report)).toBe(true)
    expect(await indexedVersion(pair, newRow, each)).toBe(rowAt)
  })
})

describe('what a unit does not go with', () => {
  test.each([
    [{ sync: { unit: 'us' }, mappings: { properties: { timestamp: { type: 'date' } } } }, 'date holds milliseconds'],
    [
      {
        sync: { unit: 'ms' },
        mappings: { properties: { timestamp: { type: 'date', format: 'strict_date_time_no_millis' } } },
      },
      'cannot carry ms',
    ],
    [{ mappings: { properties: { timestamp: { type: 'keyword' } } } }, 'as keyword, not as long or date'],
  ] as const)('is refused when the pair is opened, and says why: %o', async (options, why) => {
    await expect(openPair(options)).rejects.toMatchObject({
      code: 'CAES_SCHEMA_MISMATCH',
      message: expect.stringContaining(why) as string,
    })
  })

  test('writetime with a list that is not frozen, which would grow with every repeated write, is refused', async () => {
    const versioning = { cassandraConfig: { versioning: 'writetime' } }
    await expect(openPair({ ...versioning, columns: 'steps list<int>' })).rejects.toMatchObject({
      code: 'CAES_SCHEMA_MISMATCH',
      message: expect.stringContaining('"steps"') as string,
    })
    const frozen = await openPair({ ...versioning, columns: 'steps frozen<list<int>>' })
    await frozen.close()
  })

  test('cells of a far future are set aside where cells carry versions', async () => {
    const pair = await openPair({ cassandraConfig: { versioning: 'writetime' } })
    onTestFinished(() => pair.close())
    const [id] = idsOf(1, 'future cells') as [string]
    const version = Math.floor(Date.now() / 1_000)
    const ahead = (Date.now() + 7_200_000) * 1_000
    await pair.cassandra.execute(
      `INSERT INTO ${pair.name}.data (did, vint) VALUES (?, 1) USING TIMESTAMP ${ahead}`,
      [id],
      { prepare: true },
    )
    await pair.index(id, version, { vint: 2 })
    const { report, rejects } = await pair.sync(version, version + 1)
    expect(rejects).toMatchObject([{ id, side: 'cassandra', reason: 'VERSION_FUTURE' }])
    expect(report.written).toEqual({ elasticsearch: 0, cassandra: 0 })
  })

  test('a version that an int column cannot hold is set aside', async () => {
    const pair = await openPair({ sync: { unit: 'ms' } })
    onTestFinished(() => pair.close())
    const [id] = idsOf(1, 'overflow') as [string]
    const version = Date.now()
    await pair.index(id, version, { vint: 1 })
    const { rejects } = await pair.sync(version, version + 1)
    expect(rejects).toMatchObject([{ id, reason: 'VERSION_OVERFLOW' }])
    expect(await pair.row(id)).toBeUndefined()
  })
})
