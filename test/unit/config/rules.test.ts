import { describe, expect, test } from 'vitest'
import { firstPair, minimal, parse, problemsOf } from './support.js'

describe('rules of keys and between keys', () => {
  test.each([
    ['interval is above zero', minimal().replace('60', '0'), 'caes.yaml:1:11: interval must be a duration above zero'],
    [
      'interval is not negative',
      minimal().replace('60', '-5'),
      'caes.yaml:1:11: interval must be a duration above zero',
    ],
    [
      'interval is a duration',
      minimal().replace('60', 'fast'),
      'caes.yaml:1:11: interval must be a duration above zero',
    ],
    [
      'ttl is longer than interval; the ttl is blamed if it is written',
      minimal('  ttl: 60', 'sync: {overlap: 20s}'),
      'caes.yaml:7:8: CassandraConfig.ttl (1m) must be longer than interval (1m); try ttl: 1h',
    ],
    [
      'else the interval',
      minimal().replace('interval: 60', 'interval: 2h'),
      'caes.yaml:1:11: CassandraConfig.ttl (1h) must be longer than interval (2h); try ttl: 120h',
    ],
    [
      'overlap is shorter than ttl',
      minimal('sync: {overlap: 1h}'),
      'caes.yaml:7:17: sync.overlap (1h) must be shorter than CassandraConfig.ttl (1h)',
    ],
    [
      'settle is shorter than freshness',
      minimal('sync: {settle: 5s}'),
      'caes.yaml:7:16: sync.settle (5s) must be shorter than sync.freshness (5s); try freshness: 10s and overlap: 40s',
    ],
    [
      'freshness is at most a quarter of overlap',
      minimal('sync: {freshness: 6s}'),
      'caes.yaml:7:19: sync.freshness (6s) must be at most a quarter of sync.overlap (20s); try overlap: 24s, or freshness: 5s',
    ],
    [
      'writetime does not go with microseconds',
      minimal('  versioning: writetime', 'sync: {unit: us}'),
      'caes.yaml:8:14: sync.unit "us" cannot be used with CassandraConfig.versioning "writetime"',
    ],
    [
      'there is at least one bucket',
      minimal('  timeseriesBuckets: 0'),
      'caes.yaml:7:22: CassandraConfig.timeseriesBuckets must be at least 1, got "0"',
    ],
    [
      'a ttl is whole seconds',
      minimal('  ttl: 1500ms'),
      'caes.yaml:7:8: CassandraConfig.ttl must be a whole number of seconds',
    ],
    [
      'entries cannot live for ever',
      minimal('  ttl: 0'),
      'caes.yaml:7:8: CassandraConfig.ttl must be a whole number of seconds',
    ],
    [
      'a ttl is one that Cassandra takes',
      minimal('  ttl: 700000000'),
      'caes.yaml:7:8: CassandraConfig.ttl must be a whole number of seconds',
    ],
    [
      'the two tables are two',
      minimal('  timeseriesColumnFamily: DATA'),
      'caes.yaml:7:27: CassandraConfig.timeseriesColumnFamily and CassandraConfig.dataColumnFamily are both "data"',
    ],
    [
      'the columns of the timeseries table are three',
      minimal('  dataIdFieldName: timestamp'),
      'caes.yaml:7:20: CassandraConfig.timestampFieldName and CassandraConfig.dataIdFieldName are both "timestamp"',
    ],
    [
      'names are those of CQL',
      minimal('  timestampFieldName: "a; DROP TABLE x"'),
      'caes.yaml:7:23: CassandraConfig.timestampFieldName must be a name as in CQL',
    ],
    [
      'a keyspace is a name',
      minimal().replace('keyspace: logs', 'keyspace: "logs; x"'),
      'caes.yaml:5:13: CassandraConfig.keyspace must be the name of a keyspace',
    ],
    [
      'an index is one index',
      minimal().replace('index: stream', 'index: "logs-*"'),
      'caes.yaml:3:10: ElasticSearchConfig.index must be the name of one index',
    ],
    [
      'listen is an address',
      minimal('http: {listen: "localhost"}'),
      'caes.yaml:7:16: http.listen must be an address such as 127.0.0.1:9464',
    ],
    [
      'redis has an address',
      minimal('redis: {url: localhost}'),
      'caes.yaml:7:14: redis.url must be an address such as redis://127.0.0.1:6379',
    ],
    [
      'users have names of their own',
      minimal(
        'http:',
        '  users:',
        '  - {name: a, role: admin, password: x}',
        '  - {name: a, role: viewer, password: y}',
      ),
      'caes.yaml:10:12: http.users[1].name: there is another user "a"',
    ],
  ])('%s', async (_, text, problem) => {
    const lines = await problemsOf(text)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain(problem)
  })

  test('the limits themselves are allowed', async () => {
    const config = await parse(minimal('  ttl: 61', 'sync: {settle: 0, freshness: 5s, overlap: 20s}'))
    expect(config.sync).toMatchObject({ settleMs: 0, freshnessMs: 5000, overlapMs: 20_000 })
  })

  test('a rule whose keys are wrong by themselves stays silent', async () => {
    expect(await problemsOf(minimal('sync: {overlap: soon}'))).toEqual([
      'caes.yaml:7:17: sync.overlap must be a duration above zero such as 500ms, 2s, 5m or 1h, or a number of seconds, got "soon"',
    ])
  })
})

const pair = (name: string, index: string, ...more: string[]) => [
  `- name: ${name}`,
  `  ElasticSearchConfig: {index: ${index}}`,
  `  CassandraConfig: {keyspace: shop, dataColumnFamily: ${index}, timeseriesColumnFamily: ${index}_ts}`,
  ...more,
]

describe('pairs', () => {
  test('the top level is the pair "default", and the others follow', async () => {
    const config = await parse(minimal('pairs:', ...pair('orders', 'orders'), ...pair('a.b_c-1', 'other')))
    expect(config.pairs.map(({ name }) => name)).toEqual(['default', 'orders', 'a.b_c-1'])
    expect(config.warnings).toEqual([])
  })

  test('a file may consist of named pairs alone', async () => {
    const config = await parse(['interval: 60', 'pairs:', ...pair('orders', 'orders'), ''].join('\n'))
    expect(config.pairs.map(({ name }) => name)).toEqual(['orders'])
  })

  test('half a pair at the top level is none', async () => {
    const text = ['interval: 60', 'ElasticSearchConfig: {index: x}', 'pairs:', ...pair('orders', 'orders'), ''].join(
      '\n',
    )
    expect(await problemsOf(text)).toEqual([
      'caes.yaml:1:1: CassandraConfig is missing; try CassandraConfig: { keyspace: logs, dataColumnFamily: data }',
    ])
  })

  test("a pair's own settings go over the common ones, one by one", async () => {
    const text = minimal('sync: {unit: ms, settle: 1s}', 'pairs:', ...pair('orders', 'orders', '  sync: {settle: 3s}'))
    const [first, second] = (await parse(text)).pairs
    expect(first?.sync).toMatchObject({ unit: 'ms', settleMs: 1000, overlapMs: 20_000 })
    expect(second?.sync).toMatchObject({ unit: 'ms', settleMs: 3000, overlapMs: 20_000 })
  })

  test('rules hold for what a pair ends up with, and blame its own lines', async () => {
    const text = minimal('sync: {freshness: 4s}', 'pairs:', ...pair('orders', 'orders', '  sync: {settle: 4s}'))
    expect(await problemsOf(text)).toEqual([
      'caes.yaml:12:18: pairs[0].sync.settle (4s) must be shorter than sync.freshness (4s); try freshness: 8s and overlap: 32s',
    ])
  })

  test('names are unique and plain, and "default" is taken', async () => {
    const text = minimal('pairs:', ...pair('default', 'a'), ...pair('x', 'b'), ...pair('x', 'c'), ...pair('"a b"', 'd'))
    expect(await problemsOf(text)).toEqual([
      'caes.yaml:8:9: pairs[0].name: there is another pair "default", the top level; try a name of its own for each pair',
      'caes.yaml:14:9: pairs[2].name: there is another pair "x"; try a name of its own for each pair',
      'caes.yaml:17:9: pairs[3].name must be made of letters, digits, ".", "_" and "-", got "a b"',
    ])
  })

  test('two pairs on one index or table are worth a warning', async () => {
    const config = await parse(minimal('pairs:', ...pair('orders', 'stream')))
    expect(config.warnings).toEqual(['caes.yaml:9:32: the pairs "default" and "orders" share the index stream'])
  })

  test('a problem in a pair names the pair by its place in the list', async () => {
    const text = minimal('pairs:', ...pair('orders', 'orders', '  sync: {unit: min}'))
    expect(await problemsOf(text)).toEqual(['caes.yaml:11:16: pairs[0].sync.unit must be one of s, ms, us, got "min"'])
  })

  test('anchors and merge keys share what pairs have in common', async () => {
    const text = minimal(
      'pairs:',
      '- name: b',
      '  ElasticSearchConfig: {<<: *es, index: b}',
      '  CassandraConfig: {<<: *cs, dataColumnFamily: b, timeseriesColumnFamily: b_ts}',
    )
      .replace('ElasticSearchConfig:\n', 'ElasticSearchConfig: &es\n  driver: {hosts: [es1]}\n')
      .replace('CassandraConfig:\n', 'CassandraConfig: &cs\n')
    const [, second] = (await parse(text)).pairs
    expect(second?.elasticsearch).toMatchObject({ index: 'b', connection: { nodes: ['http://es1:9200'] } })
    expect(second?.cassandra).toMatchObject({ keyspace: 'logs', dataTable: 'b' })
  })
})

test('every new key is read', async () => {
  const config = await parse(
    minimal(
      '  versioning: writetime',
      '  timeseriesBuckets: 8',
      'redis: {url: rediss://cache:6380/2, prefix: "{caes}"}',
      'sync: {unit: ms, settle: 500ms, overlap: 1m, freshness: 10s, auditInterval: 5m, auditSpan: 30m, fullAuditInterval: 12h, fullAuditRate: 50, direction: to-cassandra, maxRecordsPerJob: 500, maxFuture: 5m, nulls: always, deletes: {field: deleted}}',
      'worker: {concurrency: 8, attempts: 3, backoff: 1.5s, lock: 10s, shutdownTimeout: 1m}',
      'http: {listen: "127.0.0.1:9464", users: [{name: ann, role: viewer, password: 0123}]}',
    ),
  )
  expect(firstPair(config).cassandra).toMatchObject({ versioning: 'writetime', timeseriesBuckets: 8 })
  expect(config).toMatchObject({
    redis: { url: 'rediss://cache:6380/2', prefix: '{caes}' },
    sync: {
      unit: 'ms',
      settleMs: 500,
      overlapMs: 60_000,
      freshnessMs: 10_000,
      auditIntervalMs: 300_000,
      auditSpanMs: 1_800_000,
      fullAuditIntervalMs: 43_200_000,
      fullAuditRate: 50,
      direction: 'to-cassandra',
      maxRecordsPerJob: 500,
      maxFutureMs: 300_000,
      nulls: 'always',
      deletes: { field: 'deleted' },
    },
    worker: { concurrency: 8, attempts: 3, backoffMs: 1500, lockMs: 10_000, shutdownTimeoutMs: 60_000 },
    http: { listen: '127.0.0.1:9464', users: [{ name: 'ann', role: 'viewer', password: '0123' }] },
  })
})
