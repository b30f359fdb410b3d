import type { estypes } from '@elastic/elasticsearch'
import { describe, expect, it } from 'vitest'
import { indexInfo } from '../../../src/adapters/elasticsearch/index-info.js'

const question = {
  index: 'people',
  timestampField: 'timestamp',
  unit: 's' as const,
  mirrored: new Set(['name', 'address']),
}
const long = { type: 'long' } as const
const properties = {
  timestamp: long,
  name: { type: 'keyword' },
  address: { properties: { city: { type: 'text' } } },
} as const

const info = (state: object, more: Partial<typeof question> = {}, name = 'people') =>
  indexInfo({ ...question, ...more }, { [name]: state }, 'here')

describe('an index that fits', () => {
  it('needs no merging where its mapping shows mirrored fields only', () => {
    expect(info({ mappings: { properties } })).toMatchObject({ unmirrored: [], mayHoldMore: false })
  })

  it.each([
    ['has a field that is not mirrored', { properties: { ...properties, note: { type: 'text' } } }],
    ['takes fields that it does not map', { dynamic: 'false', properties }],
    ['takes fields that it does not map, written as a boolean', { dynamic: false, properties }],
    ['computes fields at search time', { dynamic: 'runtime', properties }],
    ['maps nothing', { enabled: false, properties }],
  ])('needs merging where it %s', (_, mappings) => {
    expect(info({ mappings }).mayHoldMore).toBe(true)
  })

  it('needs merging where it drops fields beyond its limit', () => {
    const settings = { 'index.mapping.total_fields.ignore_dynamic_beyond_limit': 'true' }
    expect(info({ mappings: { properties }, settings }).mayHoldMore).toBe(true)
  })

  it('needs merging where the timestamp lies in an object that is not mirrored', () => {
    const mappings = { properties: { name: { type: 'keyword' }, meta: { properties: { ts: long } } } }
    expect(info({ mappings }, { timestampField: 'meta.ts' })).toMatchObject({ unmirrored: ['meta'], mayHoldMore: true })
  })

  it('does not count names that exist for searching only', () => {
    const mappings = { properties: { ...properties, alias: { type: 'alias', path: 'name' } } }
    expect(info({ mappings }).mayHoldMore).toBe(false)
  })

  it('may be named by an alias', () => {
    expect(info({ mappings: { properties }, aliases: { people: {} } }, {}, 'people-7').mayHoldMore).toBe(false)
  })

  it('tells its limits', () => {
    const settings = { 'index.max_result_window': '500', 'index.number_of_shards': '3' }
    expect(info({ mappings: { properties }, settings })).toMatchObject({ maxPage: 500, primaries: 3 })
    expect(info({ mappings: { properties } })).toMatchObject({ maxPage: 10_000, primaries: 1 })
  })
})

describe('an index that does not fit', () => {
  const alias = (state: object) => ({ mappings: { properties }, aliases: { people: state } })
  it.each<[string, object, string]>([
    ['has no timestamp', { mappings: { properties: { name: { type: 'keyword' } } } }, 'no mapping for timestampField'],
    ['has a timestamp of another type', { mappings: { properties: { timestamp: { type: 'keyword' } } } }, 'as keyword'],
    [
      'has a timestamp in nanoseconds',
      { mappings: { properties: { timestamp: { type: 'date_nanos' } } } },
      'as date_nanos',
    ],
    [
      'has a date of a strange format',
      { mappings: { properties: { timestamp: { type: 'date', format: 'yyyy' } } } },
      '"yyyy"',
    ],
    [
      'cannot sort by its timestamp',
      { mappings: { properties: { timestamp: { type: 'long', doc_values: false } } } },
      'doc_values',
    ],
    ['keeps no documents', { mappings: { _source: { enabled: false }, properties } }, 'whole documents'],
    ['keeps parts of documents', { mappings: { _source: { excludes: ['name'] }, properties } }, 'whole documents'],
    ['rebuilds documents', { mappings: { _source: { mode: 'synthetic' }, properties } }, 'synthetic'],
    ['rebuilds documents by setting', { mappings: { properties }, settings: { 'index.mode': 'logsdb' } }, 'synthetic'],
    ['requires routing', { mappings: { _routing: { required: true }, properties } }, 'routing'],
    ['is a data stream', { mappings: { properties }, data_stream: 'people' }, 'data stream'],
  ])('is told what is wrong: it %s', (_, state, what) => {
    expect(() => info(state)).toThrow(
      expect.objectContaining({ code: 'CAES_SCHEMA_MISMATCH', message: expect.stringContaining(what), where: 'here' }),
    )
  })

  it.each<[string, object]>([
    ['hides documents by a filter', alias({ filter: { term: { name: 'x' } } })],
    ['hides documents by routing', alias({ index_routing: '1', search_routing: '1' })],
    ['cannot be written to', alias({ is_write_index: false })],
    ['is only a pattern', { mappings: { properties } }],
  ])('is refused where the alias %s', (_, state) => {
    expect(() => info(state, {}, 'people-7')).toThrow(expect.objectContaining({ code: 'CAES_SCHEMA_MISMATCH' }))
  })

  it('is refused where the alias stands for several indices', () => {
    const found = { a: alias({}), b: alias({}) } as unknown as estypes.IndicesGetResponse
    expect(() => indexInfo(question, found, 'here')).toThrow('several indices')
  })

  it.each([
    ['timestamp', '/people/_mapping {"properties":{"timestamp":{"type":"long"}}}'],
    ['meta.ts', '/people/_mapping {"properties":{"meta":{"properties":{"ts":{"type":"long"}}}}}'],
  ])('is told the request that maps a missing %s', (timestampField, request) => {
    expect(() => info({ mappings: {} }, { timestampField })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining(`PUT ${request}`) }),
    )
  })

  it('is told the request that creates it', () => {
    expect(() => indexInfo(question, {}, 'here')).toThrow(
      expect.objectContaining({
        hint: 'Create it: PUT /people {"mappings":{"properties":{"timestamp":{"type":"long"}}}}',
      }),
    )
  })
})
