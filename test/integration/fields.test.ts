/** Which fields travel, and that the others survive on their own side, byte by byte. */
import { expect, onTestFinished, test } from 'vitest'
import { idsOf } from '../support/ids.js'
import { openPair, silent, type PairFixture, type PairFixtureOptions } from '../support/pair-fixture.js'

const open = async (options: PairFixtureOptions): Promise<PairFixture> => {
  const pair = await openPair({ sync: { settle: '100ms', freshness: '1s', overlap: '4s' }, ...options })
  onTestFinished(() => pair.close())
  return pair
}

/** What no column mirrors, in a text that a careless client would change: digits, names, nesting. */
const own =
  '"profile":{"name":"N","scores":[9007199254740993,0.10000000000000000001],"deep":{"a.b":[[1],[]],"none":null}},' +
  '"comments":[{"by":"x","at":18446744073709551617},{"by":"y","tags":[]}],"dotted.name":"d","id":9223372036854775807'

const ownMappings = {
  profile: { type: 'object', enabled: false },
  comments: { type: 'nested', dynamic: false, properties: { by: { type: 'keyword' } } },
  dotted: { properties: { name: { type: 'keyword' } } },
  id: { type: 'long' },
} as const
const mapped = { timestamp: { type: 'long' }, vint: { type: 'integer' }, vstring: { type: 'keyword' } } as const

const udt = 'CREATE TYPE profile (name text, score bigint)'
const columns = 'vint int, vstring text, profile frozen<profile>, kept set<text>'
const kept = `profile = {name: 'of the row', score: 9007199254740995}, kept = {'k'}`

test.each([
  { elasticsearch: { exclude: ['profile', 'comments', 'kept', 'id'] }, dynamic: true },
  { elasticsearch: { include: ['vint', 'vstring'] }, dynamic: false },
  { elasticsearch: { include: ['vint', 'vstring'] }, dynamic: 'strict' },
] as const)(
  'what is kept out survives on its own side in both directions: $elasticsearch, dynamic $dynamic',
  async ({ elasticsearch, dynamic }) => {
    const pair = await open({
      elasticsearch,
      columns,
      ddl: [udt],
      mappings: { dynamic, properties: { ...mapped, ...ownMappings } },
    })
    const [id] = idsOf(1, 'kept out') as [string]
    await pair.batch(id, 10, { vint: 1, vstring: 'row' })
    await pair.cassandra.execute(`UPDATE ${pair.name}.data SET ${kept} WHERE did = ${id}`)
    await pair.indexText(id, 11, `{"timestamp":11,"vint":2,${own}}`)
    await pair.sync(0, 100)
    expect(await pair.row(id)).toMatchObject({
      vint: 2,
      vstring: null,
      kept: ['k'],
      profile: { name: 'of the row', score: 9007199254740995n },
    })

    await pair.batch(id, 12, { vint: 3, vstring: 'row again' })
    await pair.sync(0, 100)
    expect(await pair.documentText(id)).toBe(`{${own},"vint":3,"vstring":"row again","timestamp":12}`)
    expect(silent((await pair.sync(0, 100)).report)).toBe(true)
  },
)

test('a field without a column survives when the row wins, known to the mapping or not', async () => {
  const pair = await open({ mappings: { dynamic: false, properties: mapped } })
  const [id] = idsOf(1, 'no column') as [string]
  await pair.indexText(id, 10, `{"timestamp":10,"vint":1,${own}}`)
  await pair.sync(0, 100)
  expect(await pair.row(id)).toMatchObject({ vint: 1 })
  await pair.batch(id, 11, { vint: 2 })
  await pair.sync(0, 100)
  expect(await pair.documentText(id)).toBe(`{${own},"vint":2,"timestamp":11}`)
  expect(silent((await pair.sync(0, 100)).report)).toBe(true)
})

test('a part of a mirrored field may be spelled with dots, as Elasticsearch has it', async () => {
  const pair = await open({
    columns,
    ddl: [udt],
    mappings: {
      properties: { ...mapped, profile: { properties: { name: { type: 'keyword' }, score: { type: 'long' } } } },
    },
  })
  const [id] = idsOf(1, 'dots') as [string]
  await pair.indexText(id, 10, '{"timestamp":10,"profile.name":"N","profile":{"score":1},"profile.other":null}')
  expect((await pair.sync(0, 100)).rejects).toMatchObject([{ id, reason: 'TYPE_MISMATCH' }])
  await pair.indexText(id, 11, '{"timestamp":11,"profile.name":"N","profile":{"score":9007199254740993}}')
  await pair.sync(0, 100)
  expect(await pair.row(id)).toMatchObject({ profile: { name: 'N', score: 9007199254740993n } })
  expect(silent((await pair.sync(0, 100)).report)).toBe(true)
  await pair.cassandra.execute(`UPDATE ${pair.name}.data SET profile = {name: 'M', score: 2} WHERE did = ${id}`)
  await pair.batch(id, 12, { vint: 2 })
  await pair.sync(0, 100)
  expect(await pair.documentText(id)).toBe('{"profile":{"name":"M","score":2},"vint":2,"timestamp":12}')
})

test('a column that a mapping with dynamic: false does not know goes both ways all the same', async () => {
  const pair = await open({ mappings: { dynamic: false, properties: { timestamp: { type: 'long' } } } })
  const [row, document] = idsOf(2, 'unmapped') as [string, string]
  await pair.batch(row, 10, { vint: 1, vstring: 'row' })
  await pair.index(document, 10, { vint: 2, vstring: 'document' })
  await pair.sync(0, 100)
  expect((await pair.document(row))?.source).toEqual({ vint: 1, vstring: 'row', timestamp: 10 })
  expect(await pair.row(document)).toMatchObject({ vint: 2, vstring: 'document' })
  expect(silent((await pair.sync(0, 100)).report)).toBe(true)
})

test('a row with a value that a strict mapping does not know is set aside, and the others go through', async () => {
  const pair = await open({
    mappings: { dynamic: 'strict', properties: { timestamp: { type: 'long' }, vint: { type: 'integer' } } },
  })
  const [good, bad] = idsOf(2, 'strict') as [string, string]
  await pair.batch(good, 10, { vint: 1 })
  await pair.batch(bad, 10, { vint: 2, vstring: 'secret' })
  const { report, rejects } = await pair.sync(0, 100)
  expect(report.written.elasticsearch).toBe(1)
  expect(rejects).toMatchObject([{ id: bad, side: 'cassandra', reason: 'MAPPING', version: 10 }])
  expect(rejects[0]?.detail).toContain('vstring')
  expect(JSON.stringify(rejects)).not.toContain('secret')
  expect(await pair.document(good)).toMatchObject({ version: 10 })
  expect(await pair.row(bad)).toMatchObject({ vstring: 'secret' })
})
