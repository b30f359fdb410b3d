/** Every type through whole windows, compared in the stores' own texts: `_source` byte by byte, rows as Cassandra's JSON. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { everyColumnCql, everyFieldMapping, everyUserType } from '../support/all-types.js'
import { idsOf } from '../support/ids.js'
import { openPair, silent, type PairFixture } from '../support/pair-fixture.js'

let pair: PairFixture
beforeAll(async () => {
  pair = await openPair({ ddl: everyUserType, columns: everyColumnCql, mappings: everyFieldMapping })
})
afterAll(() => pair.close())

const now = (): number => Math.floor(Date.now() / 1_000)

/** The original's batch, with values as CQL writes them: nothing of ours has touched them. */
const insert = async (id: string, version: number, literals: Readonly<Record<string, string>>): Promise<void> => {
  const columns = Object.keys(literals).map((name) => `, ${name}`)
  const values = Object.values(literals).map((literal) => `, ${literal}`)
  await pair.cassandra.execute(
    `BEGIN BATCH
       INSERT INTO ${pair.name}.ts (id, timestamp, did) VALUES (0, ${version}, ${id});
       INSERT INTO ${pair.name}.data (did${columns.join('')}) VALUES (${id}${values.join('')});
     APPLY BATCH`,
  )
}

/** The whole row as the server itself writes it in JSON. */
const rowText = async (id: string): Promise<string> => {
  const { rows } = await pair.cassandra.execute(`SELECT JSON * FROM ${pair.name}.data WHERE did = ${id}`)
  return String(rows[0]?.get('[json]'))
}

const replaceOnce = (text: string, old: string, by: string): string => {
  expect(text.split(old)).toHaveLength(2)
  return text.replace(old, () => by)
}

const largest: Readonly<Record<string, string>> = {
  c_text: `'"\\ <\u{10FFFF}> \u0001 it''s'`,
  c_ascii: `'~'`,
  c_tinyint: '127',
  c_smallint: '32767',
  c_int: '2147483647',
  c_bigint: '9223372036854775807',
  c_varint: '340282366920938463463374607431768211457',
  c_float: '3.4028235e38',
  c_double: '1.7976931348623157e308',
  c_decimal: '12345678901234567890.0987654321',
  c_boolean: 'true',
  c_uuid: 'ffffffff-ffff-4fff-bfff-ffffffffffff',
  c_timeuuid: 'ffffffff-ffff-1fff-bfff-ffffffffffff',
  c_timestamp: `'9999-12-31T23:59:59.999Z'`,
  c_date: `'9999-12-31'`,
  c_time: `'23:59:59.999999999'`,
  c_duration: '2147483647mo2147483647d9223372036854775807ns',
  c_inet: `'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'`,
  c_blob: '0x00ff10',
  l_bigint: '[9223372036854775807, 9007199254740993, 1]',
  s_decimal: '{0.1, 1.00000000000000000001}',
  m_varint: '{18446744073709551617: 0.30000000000000000001}',
  m_timestamp: `{'2024-02-29T10:00:00.123Z': 1.5}`,
  v_bigint: '[9007199254740993, -1, 0]',
  v_float: '[0.1, 1, -2.5]',
  maps_in_map: `{[1, 2]: {'10.0.0.1': {7a5b1d4e-0000-4000-8000-000000000001}}}`,
  tuples: `[(1, null, [18446744073709551617]), (null, 'x', null)]`,
  a_tuple: `(9007199254740993, ('deep', 0xff), {1: 'one'})`,
  vectors: '[[1, 2], [3, 4]]',
  frozen_udt: `{street: 'A', zip: 1, tags: {'x'}, lines: ['l'], "constructor": 9007199254740993}`,
  open_udt: `{street: 'B', "constructor": -9223372036854775808}`,
  odd: `{"Odd field": [{theme: 'dark'}]}`,
  people: `{'me': {name: 'N', home: {street: 'C', zip: 2}, past: {'2024-02-29': {zip: 3}}}}`,
}
const smallest: Readonly<Record<string, string>> = {
  c_tinyint: '-128',
  c_smallint: '-32768',
  c_int: '-2147483648',
  c_bigint: '-9223372036854775808',
  c_varint: '-340282366920938463463374607431768211457',
  c_float: '1.4e-45',
  c_double: '4.9e-324',
  c_decimal: '-0.000000000000000000000000000000000001',
  c_boolean: 'false',
  c_uuid: '00000000-0000-0000-0000-000000000000',
  c_timestamp: '-62167219200001',
  c_date: '0',
  c_time: `'00:00:00.000000001'`,
  c_duration: '-1mo2d3ns',
  c_inet: `'0.0.0.0'`,
}
const empties: Readonly<Record<string, string>> = {
  c_text: `''`,
  c_ascii: `''`,
  c_blob: '0x',
  c_int: '0',
  c_duration: '0s',
  l_text: `['']`,
  frozen_list: '[]',
  frozen_set: '{}',
  frozen_map: '{}',
  lists_in_list: '[[], [1], []]',
  a_tuple: '(null, null, null)',
  frozen_udt: '{street: null}',
  settings: '{theme: null}',
  l_int: '[]',
  s_int: '{}',
}

test.each([
  { row: largest, name: 'largest', old: '"c_int":2147483647', by: '"c_int":7' },
  { row: largest, name: 'largest again', old: '"c_bigint":9223372036854775807', by: '"c_bigint":9223372036854775806' },
  { row: smallest, name: 'smallest', old: '"c_int":-2147483648', by: '"c_int":7' },
  { row: empties, name: 'empty', old: '"c_int":0', by: '"c_int":7' },
])('a row of $name values comes back exactly from an edit of one field', async ({ row, name, old, by }) => {
  const [id] = idsOf(1, name) as [string]
  const v = now()
  await insert(id, v, row)
  const before = await rowText(id)
  expect((await pair.sync(v, v + 1)).rejects).toEqual([])

  const source = replaceOnce(await pair.documentText(id), old, by)
  await pair.indexText(id, v + 9, replaceOnce(source, `"timestamp":${v}`, `"timestamp":${v + 9}`))
  expect((await pair.sync(v + 1, v + 10)).report).toMatchObject({ written: { cassandra: 1 }, rejected: 0 })

  // Cassandra has spaces where Elasticsearch has none.
  const spaced = (text: string): string => text.replace('":', '": ')
  expect(await rowText(id)).toBe(replaceOnce(before, spaced(old), spaced(by)))
  expect(silent((await pair.sync(v, v + 10)).report)).toBe(true)
})

test('_source has every digit, and never as a string', async () => {
  const [id] = idsOf(1, 'digits') as [string]
  const v = now()
  await insert(id, v, largest)
  await pair.sync(v, v + 1)
  const text = await pair.documentText(id)
  for (const part of [
    '"c_bigint":9223372036854775807',
    '"c_varint":340282366920938463463374607431768211457',
    '"c_decimal":12345678901234567890.0987654321',
    '"l_bigint":[9223372036854775807,9007199254740993,1]',
    '"s_decimal":[0.1,1.00000000000000000001]',
    '"m_varint":{"18446744073709551617":0.30000000000000000001}',
    '"v_bigint":[9007199254740993,-1,0]',
    '"v_float":[0.1,1,-2.5]',
    '"tuples":[[1,null,[18446744073709551617]],[null,"x",null]]',
    '"constructor":9007199254740993',
    '"c_time":"23:59:59.999999999"',
    '"c_timestamp":"9999-12-31T23:59:59.999Z"',
  ]) {
    expect(text).toContain(part)
  }
})

test('a row without any value becomes a document without any, and back', async () => {
  const [fromRow, fromDocument] = idsOf(2, 'nulls') as [string, string]
  // A version that is a time would have to wait: whether such a row is whole cannot be read.
  const v = 10
  await insert(fromRow, v, {})
  await pair.indexText(fromDocument, v, `{"timestamp":${v},"c_int":null,"l_int":[],"people":{},"open_udt":{}}`)
  expect((await pair.sync(v, v + 1)).rejects).toEqual([])
  expect(await pair.documentText(fromRow)).toBe(`{"timestamp":${v}}`)
  const row = JSON.parse(await rowText(fromDocument)) as object
  expect(Object.values(row).filter((value) => value !== null)).toEqual([fromDocument])
  expect(silent((await pair.sync(v, v + 1)).report)).toBe(true)
})

test('equal values in other spellings are in sync', async () => {
  const [id] = idsOf(1, 'spellings') as [string]
  const v = now()
  const spellings: readonly (readonly [column: string, cql: string, json: string])[] = [
    ['c_int', '1', '1.0'],
    ['c_smallint', '100', '1e2'],
    ['c_bigint', '9007199254740993', '"9007199254740993"'],
    ['c_varint', '18446744073709551617', '18446744073709551617.000'],
    ['c_decimal', '1.50', '"1.5"'],
    ['c_double', '0.5', '5E-1'],
    ['c_float', '0.1', '0.10000000149011612'],
    ['c_boolean', 'true', '"true"'],
    ['c_uuid', '7a5b1d4e-0000-4000-8000-00000000000a', '"7A5B1D4E-0000-4000-8000-00000000000A"'],
    ['c_timestamp', `'2024-02-29T10:00:00.000Z'`, '"2024-02-29T11:00:00+01:00"'],
    ['c_date', `'2024-02-29'`, '"2024-02-29T00:00:00Z"'],
    ['c_time', `'10:00:00.500'`, '"10:00:00.5"'],
    ['c_duration', '14mo3d', '"P1Y2M3D"'],
    ['c_inet', `'2001:db8::1'`, '"2001:0DB8:0:0:0:0:0:1"'],
    ['c_blob', '0x00', '"AA"'],
    ['c_text', `'ä'`, String.raw`"\u00e4"`],
    ['l_bigint', '[1]', '1.0'],
    ['s_decimal', '{1, 2.50}', '["2.5", 1.0, 1]'],
    ['m_bigint', '{-1: 1, 5: 2}', '{"5": 2.0, "-1": "1"}'],
    ['frozen_udt', '{zip: 5}', '{"zip": 5.0, "street": null}'],
  ]
  await insert(id, v, Object.fromEntries(spellings.map(([column, cql]) => [column, cql])))
  await pair.indexText(
    id,
    v,
    `{"timestamp":${v}.0,${spellings.map(([column, , json]) => `"${column}": ${json}`).join(', ')}}`,
  )
  const before = await rowText(id)
  const { report, rejects } = await pair.sync(v, v + 1)
  expect(rejects).toEqual([])
  expect(report.ties).toBe(0)
  expect(silent(report)).toBe(true)
  expect(await rowText(id)).toBe(before)
})
