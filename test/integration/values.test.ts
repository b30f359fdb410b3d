import { randomUUID } from 'node:crypto'
import { Client } from 'cassandra-driver'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cqlColumnType, readUserTypes } from '../../src/adapters/cassandra/cql-type.js'
import { driverEncoding, readerOf, toDriver } from '../../src/adapters/cassandra/values.js'
import { isNothing } from '../../src/core/codec/codec.js'
import { CaesError } from '../../src/core/errors.js'
import { toSource } from '../../src/core/mapping.js'
import type { CanonicalValue, Fields } from '../../src/core/record.js'
import { everyColumn, everyColumnCql, everyUserType } from '../support/all-types.js'
import { valueOf } from '../support/arbitraries.js'

const columns = everyColumn

const [host = '127.0.0.1', port = '9042'] = (process.env['CAES_TEST_CASSANDRA'] ?? '127.0.0.1:9042').split(':')
const keyspace = `caes_values_${randomUUID().slice(0, 8)}`
const client = new Client({
  contactPoints: [host],
  protocolOptions: { port: Number(port) },
  localDataCenter: 'datacenter1',
  encoding: driverEncoding,
})

beforeAll(async () => {
  await client.connect()
  await client.execute(
    `CREATE KEYSPACE ${keyspace} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`,
  )
  await client.execute(`USE ${keyspace}`)
  for (const statement of everyUserType) await client.execute(statement)
  await client.execute(`CREATE TABLE data (id int PRIMARY KEY, ${everyColumnCql})`)
  await client.execute('CREATE TABLE counters (id int PRIMARY KEY, hits counter)')
})

afterAll(async () => {
  await client.execute(`DROP KEYSPACE IF EXISTS ${keyspace}`)
  await client.shutdown()
})

const names = columns.map(({ name }) => name)
const insert = `INSERT INTO data (id, ${names.join(', ')}) VALUES (${['id', ...names].map(() => '?').join(', ')})`
const prepare = { prepare: true }

const read = async (id: number): Promise<Fields> => {
  const row = (await client.execute(`SELECT ${names.join(', ')} FROM data WHERE id = ?`, [id], prepare)).first()
  const fields = new Map<string, CanonicalValue>()
  for (const { name, type } of columns) {
    const value = readerOf(type)(row.get(name))
    if (value !== undefined) fields.set(name, value)
  }
  return fields
}

/** Types as system_schema writes them, by column. */
const declared = async (table: string): Promise<ReadonlyMap<string, string>> => {
  const query = 'SELECT column_name, type FROM system_schema.columns WHERE keyspace_name = ? AND table_name = ?'
  const { rows } = await client.execute(query, [keyspace, table], prepare)
  return new Map(rows.map((row) => [String(row.get('column_name')), String(row.get('type'))]))
}

describe('the schema', () => {
  it('gives the type of every column as it was declared', async () => {
    const userTypes = await readUserTypes(client, keyspace)
    const types = await declared('data')
    for (const { name, type } of columns) expect(cqlColumnType(types.get(name)!, name, userTypes)).toEqual(type)
  })

  it('is refused where a column is a counter', async () => {
    const types = await declared('counters')
    expect(() => cqlColumnType(types.get('hits')!, 'hits', new Map())).toThrow(CaesError)
    expect(() => cqlColumnType(types.get('hits')!, 'hits', new Map())).toThrow('column "hits" is of type counter')
  })
})

describe('a row written through the driver', () => {
  it('is read back as the same canonical values, whatever they are', async () => {
    const row = fc.tuple(...columns.map(({ type }) => fc.option(valueOf(type), { freq: 8 })))
    await fc.assert(
      fc.asyncProperty(row, async (values) => {
        const parameters = columns.map(({ type }, index) => toDriver(values[index] ?? undefined, type))
        await client.execute(insert, [1, ...parameters], prepare)
        const expected = new Map<string, CanonicalValue>()
        for (const [index, { name, type }] of columns.entries()) {
          const value = values[index] ?? null
          if (value !== null && !isNothing(type, value)) expected.set(name, value)
        }
        expect(await read(1)).toEqual(expected)
      }),
      { numRuns: 150, endOnFailure: true },
    )
  })

  it('keeps frozen collections without elements apart from null, and others not', async () => {
    const empty = columns.map(({ type }) => toDriver('frozen' in type && type.kind !== 'udt' ? [] : undefined, type))
    await client.execute(insert, [2, ...empty], prepare)
    expect(await read(2)).toEqual(
      new Map([
        ['frozen_list', []],
        ['frozen_set', []],
        ['frozen_map', []],
      ]),
    )
  })
})

describe('what other clients write', () => {
  const cases: readonly (readonly [column: string, literal: string, CanonicalValue])[] = [
    ['c_bigint', '-9223372036854775808', -(2n ** 63n)],
    ['c_varint', '-170141183460469231731687303715884105729', -(2n ** 127n) - 1n],
    ['c_decimal', '1.50', '1.5'],
    ['c_decimal', '-0.000000000000000000000000000001', '-1e-30'],
    ['c_decimal', '1E+40', '1e+40'],
    ['c_float', '0.1', Math.fround(0.1)],
    ['c_double', '-0.0', 0],
    ['c_timestamp', "'2024-02-29T10:00:00.123+0000'", Date.UTC(2024, 1, 29, 10, 0, 0, 123)],
    ['c_date', "'2024-02-29'", '2024-02-29'],
    ['c_date', '0', '-5877641-06-23'],
    ['c_date', '4294967295', '+5881580-07-11'],
    ['c_time', "'23:59:59.999999999'", '23:59:59.999999999'],
    ['c_duration', '-1y2mo3w4d5h6m7s8ms9us10ns', '-14mo25d18367008009010ns'],
    ['c_inet', "'2001:db8::1'", '2001:db8::1'],
    ['c_inet', "'192.168.0.1'", '192.168.0.1'],
    ['c_blob', '0x00ff10', 'AP8Q'],
    ['c_blob', '0x', ''],
    ['c_text', "''", ''],
    ['s_int', '{3, 1, 2}', [1, 2, 3]],
    ['a_tuple', '(1, (null, 0x00), null)', [1n, [null, 'AA=='], null]],
    ['a_tuple', '(null, null, null)', [null, null, null]],
    ['frozen_udt', '{zip: 5}', [null, 5, null, null, null]],
    ['open_udt', "{street: 'a', tags: {}}", ['a', null, [], null, null]],
    ['v_float', '[1, 2, 0.5]', [1, 2, 0.5]],
    ['v_text', "['', 'b', 'c']", ['', 'b', 'c']],
  ]
  it.each(cases)('%s: %s is read as %o', async (column, literal, expected) => {
    await client.execute(`DELETE FROM data WHERE id = 3`)
    await client.execute(`INSERT INTO data (id, ${column}) VALUES (3, ${literal})`)
    expect(await read(3)).toEqual(new Map([[column, expected]]))
  })

  it.each([
    ['c_double', 'NaN'],
    ['c_float', '-Infinity'],
    ['c_timestamp', '9223372036854775807'],
    ['s_double', '{1, NaN}'],
  ])('%s: %s has no JSON form, and is never taken for null', async (column, literal) => {
    await client.execute(`INSERT INTO data (id, ${column}) VALUES (4, ${literal})`)
    const fields = await read(4)
    expect([...fields.keys()]).toEqual([column])
    expect(toSource(fields, columns)).toHaveProperty('mismatch')
    await client.execute(`DELETE FROM data WHERE id = 4`)
  })
})
