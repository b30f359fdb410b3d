import { describe, expect, it } from 'vitest'
import { exactNumber } from '../../../src/core/codec/exact.js'
import type { ColumnType, ScalarKind } from '../../../src/core/column.js'
import type { Json } from '../../../src/core/json.js'
import { readSource, toSource } from '../../../src/core/mapping.js'
import type { CanonicalValue } from '../../../src/core/record.js'

const scalar = (kind: ScalarKind): ColumnType => ({ kind })
const int = scalar('int')
const text = scalar('text')
const list = (of: ColumnType): ColumnType => ({ kind: 'list', of, frozen: false })
const mapOf = (key: ColumnType, value: ColumnType): ColumnType => ({ kind: 'map', key, value, frozen: false })
const frozenInts: ColumnType = { kind: 'list', of: int, frozen: true }
const udt: ColumnType = { kind: 'udt', name: 'address', fields: [{ name: 'zip', type: int }], frozen: true }

const detailOf = (value: Json, type: ColumnType): string => {
  const read = readSource({ f: value }, [{ name: 'f', type }])
  return 'mismatch' in read ? read.mismatch : 'no mismatch'
}

describe('a value that does not fit is named by field, kind and column type', () => {
  const cases: readonly (readonly [ColumnType, Json, string])[] = [
    [int, '12', 'field "f": string does not fit int'],
    [int, 1.5, 'field "f": number does not fit int'],
    [int, 2 ** 31, 'field "f": number does not fit int'],
    [int, -(2 ** 31) - 1, 'field "f": number does not fit int'],
    [int, exactNumber('1e999999999'), 'field "f": number does not fit int'],
    [int, [1], 'field "f": array does not fit int'],
    [int, true, 'field "f": boolean does not fit int'],
    [scalar('smallint'), 32768, 'field "f": number does not fit smallint'],
    [scalar('tinyint'), -129, 'field "f": number does not fit tinyint'],
    [scalar('bigint'), 2 ** 53, 'field "f": number does not fit bigint'],
    [scalar('bigint'), '9223372036854775808', 'field "f": string does not fit bigint'],
    [scalar('bigint'), '1e3', 'field "f": string does not fit bigint'],
    [scalar('bigint'), exactNumber('1.5'), 'field "f": number does not fit bigint'],
    [scalar('varint'), exactNumber('1e999999999'), 'field "f": number does not fit varint'],
    [scalar('float'), 1e39, 'field "f": number does not fit float'],
    [scalar('double'), exactNumber('1e400'), 'field "f": number does not fit double'],
    [scalar('double'), '1', 'field "f": string does not fit double'],
    [scalar('decimal'), 'NaN', 'field "f": string does not fit decimal'],
    [scalar('decimal'), exactNumber('1e9999999999'), 'field "f": number does not fit decimal'],
    [scalar('boolean'), 1, 'field "f": number does not fit boolean'],
    [text, 1, 'field "f": number does not fit text'],
    [text, '\ud800', 'field "f": string does not fit text'],
    [text, { a: 1 }, 'field "f": object does not fit text'],
    [scalar('ascii'), 'ä', 'field "f": string does not fit ascii'],
    [scalar('uuid'), 'f81d4fae7dec11d0a76500a0c91e6bf6', 'field "f": string does not fit uuid'],
    [scalar('timeuuid'), 'f81d4fae-7dec-41d0-a765-00a0c91e6bf6', 'field "f": string does not fit timeuuid'],
    [scalar('timestamp'), '2024-02-30', 'field "f": string does not fit timestamp'],
    [scalar('timestamp'), '1900-02-29', 'field "f": string does not fit timestamp'],
    [scalar('timestamp'), '2024-02-29T24:00:00Z', 'field "f": string does not fit timestamp'],
    [scalar('timestamp'), '2024-02-30T10:00:00.000Z', 'field "f": string does not fit timestamp'],
    [scalar('timestamp'), '2024-13-01T10:00:00.000Z', 'field "f": string does not fit timestamp'],
    [scalar('timestamp'), '2024-02-29T24:00:00.000Z', 'field "f": string does not fit timestamp'],
    [scalar('timestamp'), '2024-02-29T10:60:00.000Z', 'field "f": string does not fit timestamp'],
    [scalar('timestamp'), '2024-02-29T10:00:60.000Z', 'field "f": string does not fit timestamp'],
    [scalar('timestamp'), '2024-02-29T10:00:00.0x0Z', 'field "f": string does not fit timestamp'],
    [scalar('timestamp'), '2024-02-29T10:00:00.000z', 'field "f": string does not fit timestamp'],
    [scalar('timestamp'), '2024-02-29 10:00', 'field "f": string does not fit timestamp'],
    [scalar('timestamp'), 8.64e15 + 1, 'field "f": number does not fit timestamp'],
    [scalar('timestamp'), 0.5, 'field "f": number does not fit timestamp'],
    [scalar('date'), '2024-02-29T00:00:01Z', 'field "f": string does not fit date'],
    [scalar('date'), '+5881580-07-12', 'field "f": string does not fit date'],
    [scalar('time'), '24:00:00', 'field "f": string does not fit time'],
    [scalar('time'), '10:00:00.1234567890', 'field "f": string does not fit time'],
    [scalar('duration'), '', 'field "f": string does not fit duration'],
    [scalar('duration'), 'P', 'field "f": string does not fit duration'],
    [scalar('duration'), 'PT', 'field "f": string does not fit duration'],
    [scalar('duration'), '2147483648d', 'field "f": string does not fit duration'],
    [scalar('inet'), '1.2.3', 'field "f": string does not fit inet'],
    [scalar('inet'), '1.2.3.256', 'field "f": string does not fit inet'],
    [scalar('inet'), '1::2::3', 'field "f": string does not fit inet'],
    [scalar('inet'), '1:2:3:4:5:6:7:8::', 'field "f": string does not fit inet'],
    [scalar('inet'), '1.2.3.4::', 'field "f": string does not fit inet'],
    [scalar('inet'), 'fe80::1%eth0', 'field "f": string does not fit inet'],
    [scalar('blob'), 'YQ=', 'field "f": string does not fit blob'],
    [scalar('blob'), 'Y', 'field "f": string does not fit blob'],
    [scalar('blob'), 'Y-_w', 'field "f": string does not fit blob'],
    [list(int), [1, 2, 'x'], 'field "f"[2]: string does not fit int'],
    [list(int), [1, null], 'field "f"[1]: null does not fit int'],
    [list(frozenInts), [[1], [2, 'x']], 'field "f"[1][1]: string does not fit int'],
    [mapOf(text, int), [1], 'field "f": array does not fit map<text, int>'],
    [mapOf(text, int), { secret: 'x' }, 'field "f"{value}: string does not fit int'],
    [mapOf(text, int), { secret: null }, 'field "f"{value}: null does not fit int'],
    [mapOf(int, text), { '0x10': 'a' }, 'field "f"{key}: string does not fit int'],
    [mapOf(int, text), { '': 'a' }, 'field "f"{key}: string does not fit int'],
    [
      mapOf(int, text),
      { '1': 'a', '1.0': 'b' },
      'field "f": two names of the object are the same key of map<int, text>',
    ],
    [mapOf(frozenInts, int), { a: 1 }, 'field "f": object does not fit map<frozen<list<int>>, int>'],
    [mapOf(frozenInts, int), [[[1]]], 'field "f"[0]: array does not fit a pair of key and value'],
    [{ kind: 'tuple', of: [int, text] }, [1], 'field "f": array of 1 does not fit tuple<int, text>'],
    [{ kind: 'tuple', of: [int, text] }, [1, 2], 'field "f"[1]: number does not fit text'],
    [
      { kind: 'vector', of: scalar('float'), dimension: 3 },
      [1, 2],
      'field "f": array of 2 does not fit vector<float, 3>',
    ],
    [{ kind: 'vector', of: scalar('float'), dimension: 1 }, [null], 'field "f"[0]: null does not fit float'],
    [udt, { zip: 'x' }, 'field "f".zip: string does not fit int'],
    [udt, { secret: 1 }, 'field "f": object with a member that is no field of frozen<address>'],
    [udt, 5, 'field "f": number does not fit frozen<address>'],
  ]
  it.each(cases)('%o: %o', (type, value, detail) => {
    expect(detailOf(value, type)).toBe(detail)
  })
})

describe('a value that JSON cannot carry is named by field and column type', () => {
  const cases: readonly (readonly [ColumnType, CanonicalValue, string])[] = [
    [scalar('double'), NaN, 'field "f": a double that is not finite cannot be written as JSON'],
    [scalar('float'), -Infinity, 'field "f": a float that is not finite cannot be written as JSON'],
    [scalar('timestamp'), NaN, 'field "f": a timestamp beyond the year 275760 cannot be written as JSON'],
    [list(scalar('double')), [1, Infinity], 'field "f"[1]: a double that is not finite cannot be written as JSON'],
    [list(int), [1, null], 'field "f"[1]: an element without a value cannot be written as JSON'],
    [mapOf(scalar('double'), int), [[NaN, 1]], 'field "f"{key}: a double that is not finite cannot be written as JSON'],
  ]
  it.each(cases)('%o: %o', (type, value, detail) => {
    expect(toSource(new Map([['f', value]]), [{ name: 'f', type }])).toEqual({ mismatch: detail })
  })
})
