import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { formatDuration, parseDuration } from '../../../src/config/duration.js'
import { parseListen } from '../../../src/config/listen.js'
import { positionsIn } from '../../../src/config/positions.js'
import { fileSchema } from '../../../src/config/schema.js'
import { closest, editDistance } from '../../../src/config/suggest.js'

describe('durations', () => {
  test.each([
    [60, 60_000],
    [0.5, 500],
    ['60', 60_000],
    ['500ms', 500],
    ['2s', 2000],
    ['1.5 s', 1500],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['0', 0],
  ])('%j is %j ms', (written, milliseconds) => {
    expect(parseDuration(written)).toBe(milliseconds)
  })

  test.each(['', 'fast', '-1s', '1d', '1h30m', '1e3', '.5s', Number.NaN, -1, Infinity])(
    '%j is no duration',
    (written) => {
      expect(parseDuration(written)).toBeUndefined()
    },
  )

  test.each([
    [0, '0s'],
    [500, '500ms'],
    [90_000, '90s'],
    [60_000, '1m'],
    [7_200_000, '2h'],
  ])('%j ms is written %s', (milliseconds, written) => {
    expect(formatDuration(milliseconds)).toBe(written)
    expect(parseDuration(written)).toBe(milliseconds)
  })
})

describe('suggestions', () => {
  test.each([
    ['', '', 0],
    ['abc', '', 3],
    ['settel', 'settle', 1],
    ['kitten', 'sitting', 3],
    ['interval', 'intervall', 1],
  ])('from %s to %s it takes %i edits', (a, b, edits) => {
    expect(editDistance(a, b)).toBe(edits)
    expect(editDistance(b, a)).toBe(edits)
  })

  test('the closest word is suggested, and none that is far', () => {
    expect(closest('elasticsearchconfig', ['CassandraConfig', 'ElasticSearchConfig'])).toBe('ElasticSearchConfig')
    expect(closest('a_b-C', ['abc'])).toBe('abc')
    expect(closest('maxRecords', ['maxRecordsPerJob', 'maxFuture'])).toBeUndefined()
    expect(closest('colour', ['interval', 'redis'])).toBeUndefined()
  })
})

test.each([
  ['127.0.0.1:9464', { host: '127.0.0.1', port: 9464 }],
  ['[::1]:0', { host: '::1', port: 0 }],
  [':80', { host: '127.0.0.1', port: 80 }],
  [9464, { host: '127.0.0.1', port: 9464 }],
  ['0.0.0.0:1', { host: '0.0.0.0', port: 1 }],
  ['localhost', undefined],
  ['a:65536', undefined],
  ['::1:80', undefined],
])('listening on %j is %j', (written, listen) => {
  expect(parseListen(written)).toEqual(listen)
})

test('positions count lines and columns from one, whatever the line breaks', () => {
  const at = positionsIn('a\r\nbc\rd\n', 'f')
  const found = [0, 3, 4, 6, 8].map((offset) => at(offset))
  expect(found.map((origin) => (origin.kind === 'file' ? [origin.line, origin.column] : []))).toEqual([
    [1, 1],
    [2, 1],
    [2, 2],
    [3, 1],
    [4, 1],
  ])
})

describe('the schema', () => {
  interface Described {
    readonly description?: string
    readonly properties?: Record<string, Described>
    readonly default?: unknown
  }
  const schema = z.toJSONSchema(fileSchema, { io: 'input', target: 'draft-7' }) as Described

  test('can be written as a JSON schema with the defaults as people write them', () => {
    expect(schema.properties?.['sync']?.properties?.['overlap']?.default).toBe('20s')
    expect(schema.properties?.['CassandraConfig']?.properties?.['ttl']?.default).toBe(3600)
  })

  test('describes every key of its blocks', () => {
    const bare: string[] = []
    for (const [name, block] of Object.entries(schema.properties ?? {})) {
      if (block.description === undefined) bare.push(name)
      for (const [key, field] of Object.entries(block.properties ?? {})) {
        if (field.description === undefined) bare.push(`${name}.${key}`)
      }
    }
    expect(bare).toEqual([])
  })
})
