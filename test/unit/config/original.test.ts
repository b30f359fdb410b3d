import { describe, expect, test } from 'vitest'
import { levels } from '../../../src/core/log-plan.js'
import { originalConfiguration } from '../../support/original-configuration.js'
import { firstPair, minimal, parse } from './support.js'

const sync = {
  unit: 's',
  settleMs: 2_000,
  overlapMs: 20_000,
  freshnessMs: 5_000,
  direction: 'both',
  auditIntervalMs: 600_000,
  auditSpanMs: 3_600_000,
  fullAuditIntervalMs: 86_400_000,
  fullAuditRate: 1_000,
  maxRecordsPerJob: 20_000,
  maxFutureMs: 3_600_000,
  nulls: 'needed',
}

describe('the original configuration', () => {
  test("its README's example loads unchanged, with the documented defaults and nothing to warn about", async () => {
    const { logging, ...config } = await parse(originalConfiguration)
    expect(config).toEqual({
      source: 'caes.yaml',
      intervalSeconds: 60,
      pairs: [
        {
          name: 'default',
          elasticsearch: {
            index: 'stream',
            type: 'log',
            timestampField: 'timestamp',
            connection: { nodes: ['http://localhost:9200'], requestTimeoutMs: 30_000 },
          },
          cassandra: {
            keyspace: 'logs',
            dataTable: 'data',
            timeseriesTable: 'ts',
            timeseriesIdField: 'id',
            dataIdField: 'did',
            timestampField: 'timestamp',
            versioning: 'timeseries',
            timeseriesBuckets: 1,
            ttlSeconds: 3600,
            connection: { contactPoints: ['127.0.0.1'], port: 9042, requestTimeoutMs: 12_000 },
          },
          sync,
        },
      ],
      redis: { url: 'redis://127.0.0.1:6379', prefix: 'caes' },
      sync,
      worker: { concurrency: 4, parts: 2, attempts: 5, backoffMs: 2_000, lockMs: 30_000, shutdownTimeoutMs: 30_000 },
      http: { metrics: 'login', behindProxy: false },
      warnings: [],
    })
    expect(logging).toEqual({
      handlers: {
        console: {
          level: levels.DEBUG,
          format: {
            style: '%',
            format: '%(asctime)s %(levelname)s %(name)s %(message)s',
            dateFormat: '%Y/%m/%d %H:%M:%S',
          },
          only: [],
          target: { kind: 'stderr' },
        },
      },
      loggers: {
        caes: { level: levels.DEBUG, handlers: ['console'], propagate: false },
        '': { level: levels.INFO, handlers: ['console'], propagate: true },
      },
    })
  })

  test('only interval, index, keyspace and data table are needed; the rest has the documented defaults', async () => {
    const { cassandra, elasticsearch } = firstPair(await parse(minimal()))
    expect(cassandra).toMatchObject({
      timeseriesTable: 'ts',
      timeseriesIdField: 'id',
      dataIdField: 'did',
      timestampField: 'timestamp',
      ttlSeconds: 3600,
    })
    expect(elasticsearch).not.toHaveProperty('type')
    expect(cassandra).not.toHaveProperty('insertQuery')
  })

  test('every other key of the original is taken over', async () => {
    const text = minimal(
      '  timeseriesColumnFamily: entries',
      '  timeseriesIdFieldName: bucket',
      '  dataIdFieldName: key',
      '  timestampFieldName: at',
      '  ttl: 7200',
      '  insertQuery: |',
      '    INSERT INTO by_user (user, did) VALUES (%(user)s, %(did)s);',
    )
    expect(firstPair(await parse(text)).cassandra).toMatchObject({
      timeseriesTable: 'entries',
      timeseriesIdField: 'bucket',
      dataIdField: 'key',
      timestampField: 'at',
      ttlSeconds: 7200,
      insertQuery: 'INSERT INTO by_user (user, did) VALUES (%(user)s, %(did)s);\n',
    })
  })

  test('include wins over exclude, and says so', async () => {
    const text = minimal().replace('index: stream', 'index: stream\n  include: [user, message]\n  exclude: [secret]')
    const config = await parse(text)
    expect(firstPair(config).elasticsearch).toMatchObject({ include: ['user', 'message'] })
    expect(firstPair(config).elasticsearch).not.toHaveProperty('exclude')
    expect(config.warnings).toEqual(['caes.yaml:5:3: ElasticSearchConfig.exclude has no effect beside include'])
  })

  test('one field name is a list of one, and an empty list is none', async () => {
    const one = minimal().replace('index: stream', 'index: stream\n  include: []\n  exclude: secret')
    const { elasticsearch } = firstPair(await parse(one))
    expect(elasticsearch).not.toHaveProperty('include')
    expect(elasticsearch.exclude).toEqual(['secret'])
  })

  test('names of tables and columns are folded as CQL folds them, unless quoted', async () => {
    const text = minimal('  timeseriesColumnFamily: \'"Entries ""x"""\'', '  dataIdFieldName: DocId')
    expect(firstPair(await parse(text)).cassandra).toMatchObject({
      timeseriesTable: 'Entries "x"',
      dataIdField: 'docid',
    })
  })

  test('a key without value is as good as no key', async () => {
    const text = minimal('  ttl:', '  driver:', 'sync:', 'worker:', '  attempts:', 'pairs:', 'logging:')
    const config = await parse(text)
    expect(firstPair(config).cassandra.ttlSeconds).toBe(3600)
    expect(config.worker.attempts).toBe(5)
    expect(config).not.toHaveProperty('logging')
  })

  test('numbers and dates are text where text is wanted, just as they were written', async () => {
    const text = minimal().replace('index: stream', 'index: 2024.10\n  type: 2024-01-02\n  exclude: [007]')
    expect(firstPair(await parse(text)).elasticsearch).toMatchObject({
      index: '2024.10',
      type: '2024-01-02',
      exclude: ['007'],
    })
  })
})
