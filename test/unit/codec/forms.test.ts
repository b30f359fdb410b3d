import { describe, expect, it } from 'vitest'
import { fromJson, toJson } from '../../../src/core/codec/codec.js'
import { exactNumber } from '../../../src/core/codec/exact.js'
import type { ColumnType, ScalarKind } from '../../../src/core/column.js'
import type { Json } from '../../../src/core/json.js'
import type { CanonicalValue } from '../../../src/core/record.js'
import { readSource } from '../../../src/core/mapping.js'

const scalar = (kind: ScalarKind): ColumnType => ({ kind })
const int = scalar('int')
const text = scalar('text')
const ints = (kind: 'list' | 'set', frozen = false): ColumnType => ({ kind, of: int, frozen })
const mapOf = (key: ColumnType, value: ColumnType): ColumnType => ({ kind: 'map', key, value, frozen: false })
const address = (frozen: boolean): ColumnType => ({
  kind: 'udt',
  name: 'address',
  fields: [
    { name: 'street', type: text },
    { name: 'zip', type: int },
  ],
  frozen,
})

describe('values that mean the same have one canonical form', () => {
  const cases: readonly (readonly [ColumnType, Json, CanonicalValue | undefined])[] = [
    [int, 12.0, 12],
    [int, -0, 0],
    [int, exactNumber('1.20e1'), 12],
    [scalar('bigint'), 5, 5n],
    [scalar('bigint'), '9007199254740993', 9007199254740993n],
    [scalar('bigint'), exactNumber('-9223372036854775808'), -(2n ** 63n)],
    [scalar('varint'), exactNumber('1e30'), 10n ** 30n],
    [scalar('decimal'), 1, '1'],
    [scalar('decimal'), '1.00', '1'],
    [scalar('decimal'), exactNumber('10E-1'), '1'],
    [scalar('decimal'), exactNumber('-0.00'), '0'],
    [scalar('decimal'), exactNumber('0.10000000000000000000000000001'), '0.10000000000000000000000000001'],
    [scalar('decimal'), 1e-7, '1e-7'],
    [scalar('float'), 0.1, Math.fround(0.1)],
    [scalar('double'), exactNumber('0.1000000000000000055511151231257827'), 0.1],
    [scalar('double'), -0, 0],
    [scalar('boolean'), 'true', true],
    [scalar('boolean'), '', false],
    [scalar('uuid'), 'F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6', 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'],
    [scalar('timestamp'), '2024-02-29T12:00:00+02:00', Date.UTC(2024, 1, 29, 10)],
    [scalar('timestamp'), '2024-02-29T12:00:00-0530', Date.UTC(2024, 1, 29, 17, 30)],
    [scalar('timestamp'), '2000-02-29', Date.UTC(2000, 1, 29)],
    [scalar('timestamp'), '2024-02-29T10:00:00.123456', Date.UTC(2024, 1, 29, 10, 0, 0, 123)],
    [scalar('timestamp'), '2024-02', Date.UTC(2024, 1)],
    [scalar('timestamp'), '2024', Date.UTC(2024, 0)],
    [scalar('timestamp'), '1709200800000', 1_709_200_800_000],
    [scalar('timestamp'), '1969-12-31T23:59:59.9999Z', -1],
    [scalar('timestamp'), '1969-12-31T23:59:59.999Z', -1],
    [scalar('timestamp'), '2024-02-29T10:11:12.013Z', Date.UTC(2024, 1, 29, 10, 11, 12, 13)],
    [scalar('date'), '2024-02-29', '2024-02-29'],
    [scalar('date'), '2024-02-29T00:00:00.000Z', '2024-02-29'],
    [scalar('date'), Date.UTC(2024, 1, 29), '2024-02-29'],
    [scalar('date'), '-5877641-06-23', '-5877641-06-23'],
    [scalar('time'), '10:20', '10:20:00'],
    [scalar('time'), '10:20:30.500000000', '10:20:30.5'],
    [scalar('duration'), '1y2mo1w3d4h5m6s7ms8us9ns', '14mo10d14706007008009ns'],
    [scalar('duration'), 'P1Y2M3DT4H5M6.5S', '14mo3d14706500000000ns'],
    [scalar('duration'), '-P2W', '-14d'],
    [scalar('duration'), '3\u00b5s', '3000ns'],
    [scalar('duration'), '3\u03bcS', '3000ns'],
    [scalar('inet'), '2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    [scalar('inet'), '0:0:0:0:0:0:0:0', '::'],
    [scalar('inet'), '::FFFF:7f00:1', '127.0.0.1'],
    [scalar('inet'), '::ffff:127.0.0.1', '127.0.0.1'],
    [scalar('inet'), '1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
    [scalar('inet'), '::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
    [scalar('blob'), 'YQ', 'YQ=='],
    [scalar('blob'), 'YR==', 'YQ=='],
    [ints('list'), 7, [7]],
    [ints('set'), 7, [7]],
    [ints('set'), [3, 1, 3, 2, 10], [1, 2, 3, 10]],
    [ints('list'), [], undefined],
    [ints('list', true), [], []],
    [ints('list'), null, undefined],
    [
      mapOf(int, text),
      { '10': 'b', '9': 'a' },
      [
        [9, 'a'],
        [10, 'b'],
      ],
    ],
    [mapOf(text, int), {}, undefined],
    [mapOf(text, int), JSON.parse('{"__proto__": 1}') as Json, [['__proto__', 1]]],
    [mapOf(scalar('boolean'), int), { true: 1 }, [[true, 1]]],
    [mapOf(text, scalar('boolean')), { isLosslessNumber: true }, [['isLosslessNumber', true]]],
    [mapOf(ints('list', true), int), [[[1, 2], 3]], [[[1, 2], 3]]],
    [{ kind: 'tuple', of: [int, text] }, [1, null], [1, null]],
    [address(true), { zip: 5 }, [null, 5]],
    [address(true), {}, [null, null]],
    [address(false), { zip: null }, undefined],
  ]
  it.each(cases)('%o: %o is %o', (type, json, expected) => {
    expect(fromJson(json, type)).toEqual(expected)
  })
})

describe('canonical values are written as the JSON that Elasticsearch and people expect', () => {
  const cases: readonly (readonly [ColumnType, CanonicalValue, Json])[] = [
    [scalar('bigint'), 5n, 5],
    [scalar('bigint'), 2n ** 60n, 2n ** 60n],
    [scalar('decimal'), '1.25', 1.25],
    [scalar('decimal'), '0.1000000000000000000000001', exactNumber('0.1000000000000000000000001')],
    [scalar('float'), Math.fround(0.1), 0.1],
    [scalar('float'), 2 ** -149, 1e-45],
    [scalar('timestamp'), 0, '1970-01-01T00:00:00.000Z'],
    [scalar('timestamp'), 253_402_300_800_000, 253_402_300_800_000],
    [scalar('timestamp'), -62_167_219_200_001, -62_167_219_200_001],
    [address(true), ['Hauptstr.', null], { street: 'Hauptstr.' }],
    [mapOf(scalar('bigint'), int), [[2n ** 60n, 1]], { '1152921504606846976': 1 }],
  ]
  it.each(cases)('%o: %o is %o', (type, value, expected) => {
    expect(toJson(value, type)).toEqual(expected)
  })

  it('gives map keys and UDT fields named __proto__ as members', () => {
    const json = toJson([['__proto__', 1]], mapOf(text, int)) as object
    expect(Object.entries(json)).toEqual([['__proto__', 1]])
  })
})

describe('a field is read only where the document itself has it', () => {
  it('ignores what every object inherits', () => {
    const columns = [{ name: 'constructor', type: text }]
    const read = readSource({}, columns)
    expect('fields' in read && [...read.fields]).toEqual([])
  })
})
