import { describe, expect, test } from 'vitest'
import type { ColumnType } from '../../../src/core/column.js'
import { diagnoseClocks, diagnosePair, diagnoseRedis, type PairFacts } from '../../../src/core/diagnose.js'
import { typeFit } from '../../../src/core/type-fit.js'
import { rules } from '../../support/default-rules.js'

const sound: PairFacts = {
  rules: { ...rules, unit: 's', overlap: 20_000_000, settle: 2_000_000 },
  interval: 60_000_000,
  ttl: 3_600,
  index: 'stream',
  timestampField: 'timestamp',
  keyspace: 'logs',
  dataTable: 'data',
  timeseriesTable: 'ts',
  columns: [{ name: 'user', type: { kind: 'text' } }],
  mapping: new Map([['user', 'keyword']]),
  isExcluded: () => false,
  documents: 5,
  withoutTimestamp: 0,
  sampled: 5,
  sampleAtFault: 0,
  maxVersion: Number.MAX_SAFE_INTEGER,
  timeseries: { defaultTtl: 3_600, gcGrace: 10_800 },
  data: { defaultTtl: 0, gcGrace: 864_000 },
  replication: 3,
  nodes: 3,
}

test('a sound pair has no findings', () => {
  expect(diagnosePair(sound)).toEqual([])
})

test.each([
  [
    'entries that never expire',
    { timeseries: { defaultTtl: 0, gcGrace: 0 } },
    'warning',
    'ALTER TABLE logs.ts WITH default_time_to_live = 3600;',
  ],
  [
    'entries that expire within interval and overlap',
    { timeseries: { defaultTtl: 80, gcGrace: 0 } },
    'broken',
    'ALTER TABLE logs.ts WITH default_time_to_live = 3600;',
  ],
  [
    'expired entries that are kept for days',
    { timeseries: { defaultTtl: 3_600, gcGrace: 864_000 } },
    'warning',
    'ALTER TABLE logs.ts WITH gc_grace_seconds = 10800;',
  ],
  [
    'a table that forgets its nulls at once',
    { data: { defaultTtl: 0, gcGrace: 0 } },
    'warning',
    'ALTER TABLE logs.data WITH gc_grace_seconds = 864000;',
  ],
  ['an int for seconds', { maxVersion: 2 ** 31 - 1 }, 'warning', undefined],
  [
    'an int for milliseconds',
    { maxVersion: 2 ** 31 - 1, rules: { ...sound.rules, unit: 'ms' as const } },
    'broken',
    undefined,
  ],
  ['one copy', { replication: 1 }, 'warning', undefined],
  ['documents without the field', { withoutTimestamp: 1 }, 'warning', undefined],
  ['documents with another version than their field says', { sampleAtFault: 1 }, 'broken', undefined],
])('%s', (_, change, severity, mend) => {
  const findings = diagnosePair({ ...sound, ...change })
  expect(findings).toHaveLength(1)
  expect(findings[0]).toMatchObject({ severity, ...(mend === undefined ? {} : { mend }) })
})

test('a field that is kept out on purpose needs no column', () => {
  const mapping = new Map([...sound.mapping, ['secret', 'keyword']])
  expect(diagnosePair({ ...sound, mapping })).toHaveLength(1)
  expect(diagnosePair({ ...sound, mapping, isExcluded: (field) => field === 'secret' })).toEqual([])
})

describe('a column and a mapping', () => {
  test.each<[ColumnType, string, string]>([
    [{ kind: 'text' }, 'keyword', 'fits'],
    [{ kind: 'list', of: { kind: 'int' }, frozen: true }, 'integer', 'fits'],
    [{ kind: 'bigint' }, 'integer', 'some'],
    [{ kind: 'text' }, 'date', 'some'],
    [{ kind: 'int' }, 'boolean', 'none'],
    [{ kind: 'boolean' }, 'long', 'none'],
    [{ kind: 'map', key: { kind: 'text' }, value: { kind: 'int' }, frozen: false }, 'keyword', 'none'],
  ])('%j and %s: %s', (type, mapped, kind) => {
    expect(typeFit(type, mapped).kind).toBe(kind)
  })
})

test('Redis should keep what it has', () => {
  expect(diagnoseRedis({ evicts: 'noeviction', appendOnly: true })).toEqual([])
  expect(diagnoseRedis({ evicts: 'allkeys-lru', appendOnly: false }).map(({ mend }) => mend)).toEqual([
    'redis-cli CONFIG SET maxmemory-policy noeviction',
    'redis-cli CONFIG SET appendonly yes',
  ])
})

test('clocks may differ by settle; beyond a quarter of the overlap nothing is right', () => {
  const severityAt = (seconds: number) =>
    diagnoseClocks(new Map([['Cassandra', seconds * 1_000_000]]), sound.rules).map(({ severity }) => severity)
  expect([severityAt(-1.9), severityAt(3), severityAt(-6)]).toEqual([[], ['warning'], ['broken']])
})
