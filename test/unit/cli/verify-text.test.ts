import { describe, expect, it } from 'vitest'
import { describeComparison, describeDifference, differenceLine, type Told } from '../../../src/cli/verify-text.js'
import type { Column } from '../../../src/core/column.js'

const columns: readonly Column[] = [
  { name: 'n', type: { kind: 'bigint' } },
  { name: 't', type: { kind: 'text' } },
  { name: 'd', type: { kind: 'double' } },
]
const id = 'ed31ee76-d49a-4c05-8f0a-6a856a94de8e'

const told = (difference: Partial<Told['difference']>, more: Partial<Told> = {}): Told => ({
  pair: 'default',
  unit: 's',
  columns,
  repaired: undefined,
  difference: {
    id,
    kind: 'content',
    elasticsearch: { version: 12 },
    cassandra: { version: 12 },
    fields: [],
    ...difference,
  },
  ...more,
})

describe('a difference as a line of JSON', () => {
  it('has the documented keys; what is not there is null', () => {
    expect(JSON.parse(differenceLine(told({ kind: 'missing', cassandra: undefined })))).toEqual({
      pair: 'default',
      id,
      kind: 'missing',
      elasticsearch: { version: 12 },
      cassandra: null,
      fields: [],
    })
    const unknown = told({ cassandra: { version: undefined } }, { repaired: false })
    expect(JSON.parse(differenceLine(unknown))).toMatchObject({ cassandra: { version: null }, repaired: false })
  })

  it('gives values as documents have them, every digit of them, and nothing that a terminal would obey', () => {
    const line = differenceLine(
      told({
        fields: [
          { name: 'n', elasticsearch: 9_007_199_254_740_993n, cassandra: undefined },
          { name: 't', elasticsearch: '\u001B[2J', cassandra: 'ü' },
          { name: 'd', elasticsearch: Number.NaN, cassandra: 1.5 },
        ],
      }),
    )
    expect(line).toContain('{"name":"n","elasticsearch":9007199254740993,"cassandra":null}')
    expect(line).toContain('"elasticsearch":"\\u001b[2J","cassandra":"ü"')
    expect(line).toMatch(/"name":"d","elasticsearch":"\(.*cannot be written as JSON\)","cassandra":1.5/)
    expect(line.endsWith('}\n')).toBe(true)
  })
})

describe('a difference for people', () => {
  it('names record, kind, versions and the values of both sides', () => {
    const text = describeDifference(
      told({
        kind: 'stale',
        elasticsearch: { version: 1_700_000_000 },
        fields: [
          { name: 't', elasticsearch: 'one\u001B', cassandra: undefined },
          { name: 'n', elasticsearch: 5n, cassandra: 6n },
        ],
      }),
      false,
    )
    expect(text.split('\n')).toEqual([
      `stale    ${id}  2023-11-14T22:13:20.000Z in Elasticsearch, 12 in Cassandra`,
      '  t  Elasticsearch  "one\\u001b"',
      '     Cassandra      nothing',
      '  n  Elasticsearch  5',
      '     Cassandra      6',
      '',
    ])
  })

  it('says where a record is missing, and whether it was repaired', () => {
    const missing = (repaired: boolean) =>
      describeDifference(told({ kind: 'missing', elasticsearch: undefined }, { repaired }), false)
    expect(missing(true)).toBe(`missing  ${id}  not in Elasticsearch, 12 in Cassandra  repaired\n`)
    expect(missing(false)).toContain('not repaired')
  })

  it('has colours only where they are wanted', () => {
    const one = told({ fields: [{ name: 'n', elasticsearch: 5n, cassandra: 6n }] })
    expect(describeDifference(one, true)).toContain('\u001B[31m')
    expect(describeDifference(one, false)).not.toContain('\u001B')
  })
})

describe('the result of a comparison for people', () => {
  const result = { compared: 1_234, differences: 0, repaired: 0, rejected: 0, open: 0 }

  it('says that both sides are equal, or how much differs', () => {
    expect(describeComparison('default', result, false)).toBe('default: compared 1,234 records: both sides are equal\n')
    expect(describeComparison('default', { ...result, differences: 1 }, false)).toContain(': 1 difference\n')
    expect(describeComparison('default', { ...result, differences: 3, repaired: 2 }, true)).toMatch(
      /3 differences, 2 repaired\n {2}What is not repaired/,
    )
  })

  it('tells of records that were set aside and of those that were being written', () => {
    const text = describeComparison('default', { ...result, rejected: 2, open: 1 }, false)
    expect(text).toContain('2 records cannot be synced as they are')
    expect(text).toContain('left to windows, since they were written meanwhile: 1 record\n')
  })
})
