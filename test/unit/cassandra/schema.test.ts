import { describe, expect, it } from 'vitest'
import {
  checkDataTable,
  checkTimeseriesTable,
  columnsOf,
  isMultiCell,
  mirroredColumns,
  refuseCounters,
  type TableNames,
} from '../../../src/adapters/cassandra/schema.js'
import { insertRow, selectRows } from '../../../src/adapters/cassandra/statements.js'
import { describeTable, firstChange, type TableColumn } from '../../../src/adapters/cassandra/table-columns.js'
import { CaesError } from '../../../src/core/errors.js'

const names: TableNames = {
  keyspace: 'logs',
  dataTable: 'data',
  timeseriesTable: 'ts',
  timeseriesIdField: 'id',
  timestampField: 'timestamp',
  dataIdField: 'did',
}

const column = (name: string, type: string, kind: TableColumn['kind'] = 'regular', position = -1): TableColumn => ({
  name,
  type,
  kind,
  position,
})
const did = column('did', 'uuid', 'partition_key', 0)
const series = (timestamp: string): TableColumn[] => [
  column('id', 'int', 'partition_key', 0),
  column('timestamp', timestamp, 'clustering', 0),
  column('did', 'uuid', 'clustering', 1),
]

const messageOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (error instanceof CaesError && error.code === 'CAES_SCHEMA_MISMATCH') return error.message
    throw error
  }
  throw new Error('was accepted')
}

describe('the timeseries table', () => {
  it('holds versions as large as its column', () => {
    expect(checkTimeseriesTable(names, series('int')).maxVersion).toBe(2_147_483_647)
    expect(checkTimeseriesTable(names, series('bigint')).maxVersion).toBe(9_007_199_254_740_991)
  })

  it.each([
    ['another type of version', series('timestamp')],
    ['a text bucket', [column('id', 'text', 'partition_key', 0), ...series('int').slice(1)]],
    [
      'another order',
      [
        ...series('int').slice(0, 1),
        column('did', 'uuid', 'clustering', 0),
        column('timestamp', 'int', 'clustering', 1),
      ],
    ],
    ['a longer key', [...series('int'), column('more', 'int', 'clustering', 2)]],
    ['a compound partition key', [...series('int'), column('day', 'int', 'partition_key', 1)]],
    ['no key on the id', [...series('int').slice(0, 2), column('did', 'uuid')]],
  ])('is refused with %s, and the message shows both shapes', (_, columns) => {
    const message = messageOf(() => checkTimeseriesTable(names, columns))
    expect(message).toContain('expected CREATE TABLE logs.ts (id int, timestamp bigint, did uuid')
    expect(message).toContain('found CREATE TABLE logs.ts')
  })
})

describe('the data table', () => {
  it('is keyed by the id alone', () => {
    expect(() => checkDataTable(names, [did, column('v', 'text')])).not.toThrow()
    expect(messageOf(() => checkDataTable(names, [did, column('c', 'int', 'clustering', 0)]))).toContain(
      'PRIMARY KEY ((did), c)',
    )
    expect(messageOf(() => checkDataTable(names, [column('did', 'text', 'partition_key', 0)]))).toContain('did text')
    expect(messageOf(() => checkDataTable(names, [column('uid', 'uuid', 'partition_key', 0)]))).toContain('uid uuid')
  })

  it('cannot have counters', () => {
    expect(messageOf(() => refuseCounters(names, [did, column('hits', 'counter')]))).toContain('without counters')
  })

  it('that is missing is named, with the statement that creates it', () => {
    expect(messageOf(() => columnsOf(new Map([['other', []]]), names, 'data'))).toContain(
      'there is no table "logs.data"',
    )
    const hintOf = (table: string): string | undefined => {
      try {
        columnsOf(new Map(), names, table)
        return undefined
      } catch (error) {
        return (error as { readonly hint?: string }).hint
      }
    }
    expect(hintOf('data')).toContain('CREATE TABLE logs.data (did uuid PRIMARY KEY')
    expect(hintOf('ts')).toContain(
      'CREATE TABLE logs.ts (id int, timestamp bigint, did uuid, PRIMARY KEY (id, timestamp, did))',
    )
  })

  it('is mirrored in all columns but the key and the one that is named as the document’s timestamp', () => {
    const columns = [did, column('a', 'int'), column('b', 'int'), column('timestamp', 'int')]
    const mirrored = (more: object): string[] =>
      mirroredColumns(columns, { documentTimestampField: 'timestamp', ...more }).map(({ name }) => name)
    expect(mirrored({})).toEqual(['a', 'b'])
    expect(mirrored({ exclude: ['a'] })).toEqual(['b'])
    expect(mirrored({ include: ['a'], exclude: ['a'] })).toEqual(['a'])
    expect(mirrored({ include: [] })).toEqual([])
  })
})

describe('a change of the schema', () => {
  const before = new Map([['data', [did, column('a', 'int')]]])

  it('is a column that went away or became another', () => {
    expect(firstChange(before, new Map([['data', [did]]]))).toBe('data.a')
    expect(firstChange(before, new Map([['data', [did, column('a', 'text')]]]))).toBe('data.a')
    expect(firstChange(before, new Map())).toBe('data.did')
  })

  it('is not a column or table that came', () => {
    const now = new Map([
      ['data', [did, column('b', 'int'), column('a', 'int')]],
      ['more', [did]],
    ])
    expect(firstChange(before, now)).toBeUndefined()
  })
})

describe('statements', () => {
  it('quote names as Cassandra stores them', () => {
    const odd = { ...names, keyspace: 'Logs', dataTable: 'Da"ta', dataIdField: 'dId' }
    expect(insertRow(odd, [{ name: 'Select', type: { kind: 'int' } }])).toBe(
      'INSERT INTO "Logs"."Da""ta" ("dId", "Select") VALUES (?, ?) USING TIMESTAMP ?',
    )
  })

  it('give everything they read a name of ours, as a column may be called anything', () => {
    const { cql, values, times } = selectRows(names, [{ name: '__proto__', type: { kind: 'int' } }], 'all')
    expect({ values, times }).toEqual({ values: ['v0'], times: ['w0'] })
    expect(cql).toContain('SELECT "did" AS id, "__proto__" AS v0, WRITETIME("__proto__") AS w0 FROM')
  })

  it('ask for the newest write time of several cells where the server can tell it', () => {
    const tags = { name: 'tags', type: { kind: 'set', of: { kind: 'text' }, frozen: false } } as const
    const frozen = { name: 'frozen', type: { ...tags.type, frozen: true } } as const
    expect(selectRows(names, [tags, frozen], 'all').cql).toContain('MAXWRITETIME("tags") AS w0, WRITETIME("frozen")')
    expect(selectRows(names, [tags, frozen], 'of single cells').cql).not.toContain('("tags")')
    expect(selectRows(names, [tags, frozen], 'none').cql).not.toContain('WRITETIME')
    expect(isMultiCell({ kind: 'udt', name: 'u', fields: [], frozen: false })).toBe(true)
    expect(isMultiCell({ kind: 'tuple', of: [] })).toBe(false)
  })
})

describe('a table in words', () => {
  it('looks like the statement that makes it', () => {
    expect(describeTable('logs.ts', series('int'))).toBe(
      'CREATE TABLE logs.ts (id int, timestamp int, did uuid, PRIMARY KEY ((id), timestamp, did))',
    )
  })
})
