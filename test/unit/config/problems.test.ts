import { describe, expect, test } from 'vitest'
import { CaesError } from '../../../src/core/errors.js'
import { minimal, parse, problemsOf } from './support.js'

describe('a wrong configuration', () => {
  test('all problems are reported at once, in the order of the file, each at its place', async () => {
    const text = [
      'intervall: 60',
      'sync:',
      '  settel: 2s',
      '  unit: sec',
      '  overlap: 10s',
      'ElasticSearchConfig:',
      '  index: Streams',
      'CassandraConfig: {keyspace: logs, dataColumnFamily: data, ttl: 1s}',
      'worker: {concurrency: 0.5}',
      '',
    ].join('\n')
    expect(await problemsOf(text)).toEqual([
      'caes.yaml:1:1: interval is missing; try interval: 60',
      'caes.yaml:1:1: unknown key "intervall"; did you mean "interval"?',
      'caes.yaml:3:3: unknown key "settel" in sync; did you mean "settle"?',
      'caes.yaml:4:9: sync.unit must be one of s, ms, us, got "sec"',
      'caes.yaml:5:12: sync.overlap (10s) must be shorter than CassandraConfig.ttl (1s); try ttl: 10m, or a shorter overlap',
      'caes.yaml:5:12: sync.freshness (5s) must be at most a quarter of sync.overlap (10s); try overlap: 20s, or freshness: 2500ms',
      'caes.yaml:7:10: ElasticSearchConfig.index must be the name of one index or alias, in lower case, got "Streams"',
      'caes.yaml:9:23: worker.concurrency must be a whole number, got "0.5"',
    ])
  })

  test('it is a CaesError with exit code 78 whose place is that of the first problem', async () => {
    const error: unknown = await parse(minimal('x: 1', 'y: 2')).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(CaesError)
    expect(error).toMatchObject({ code: 'CAES_CONFIG_INVALID', exitCode: 78, where: 'caes.yaml:7:1' })
    expect(error).toHaveProperty('problems.length', 2)
  })

  test.each([
    ['a: [1\nb: 2', 'caes.yaml:2:1'],
    ['a: 1\n b: 2', 'caes.yaml:2:3'],
    ['a:\n\tb: 2', 'caes.yaml:2:1'],
    ['a: "x\n', 'caes.yaml:2:1'],
    ['a: {b: 1\n', 'caes.yaml:2:1'],
  ])('bad YAML %j is CAES_CONFIG_SYNTAX at its place, and quotes nothing of the file', async (text, where) => {
    const error: unknown = await parse(text).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'CAES_CONFIG_SYNTAX', exitCode: 78, where })
    expect(error).toHaveProperty('message', expect.stringContaining(`${where}: not valid YAML: `))
    expect(error).not.toHaveProperty('cause')
  })

  test('an empty file says what a file needs', async () => {
    const needed = [
      'caes.yaml:1:1: interval is missing; try interval: 60',
      'caes.yaml:1:1: ElasticSearchConfig is missing; try ElasticSearchConfig: { index: stream }',
      'caes.yaml:1:1: CassandraConfig is missing; try CassandraConfig: { keyspace: logs, dataColumnFamily: data }',
    ]
    expect(await problemsOf('')).toEqual(needed)
    expect(await problemsOf('# nothing yet\n')).toEqual(needed)
    expect(await problemsOf('---\n')).toEqual(needed)
  })

  test('a file that is no block of keys says so', async () => {
    expect(await problemsOf('\n- interval\n')).toEqual([
      'caes.yaml:2:1: a configuration is a block of keys; try interval: 60',
    ])
  })

  test('a missing key is reported where its block begins', async () => {
    expect(await problemsOf('interval: 60\nElasticSearchConfig: {}\nCassandraConfig:\n  keyspace: logs\n')).toEqual([
      'caes.yaml:2:1: ElasticSearchConfig.index is missing; try index: stream',
      'caes.yaml:3:1: CassandraConfig.dataColumnFamily is missing; try dataColumnFamily: data',
    ])
  })

  test('a value is pointed at where it begins: at its quote, its tag, its bracket', async () => {
    const text = minimal(
      'worker:',
      '  concurrency: "many"',
      '  attempts: !!str 3',
      '  backoff:   [1]',
      'http: {listen: "x"}',
    )
    expect((await problemsOf(text)).map((line) => line.split(' ')[0])).toEqual([
      'caes.yaml:8:16:',
      'caes.yaml:9:13:',
      'caes.yaml:10:14:',
      'caes.yaml:11:16:',
    ])
  })

  test('positions are right after CRLF and a byte order mark', async () => {
    expect(await problemsOf(minimal('x: 1').replaceAll('\n', '\r\n'))).toEqual([
      expect.stringContaining('caes.yaml:7:1: unknown key "x"'),
    ])
  })

  test('a truth value where text is wanted explains how YAML got there', async () => {
    const text = minimal().replace('index: stream', 'index: stream\n  include: [user, on]')
    expect(await problemsOf(text.replace('keyspace: logs', 'keyspace: no'))).toEqual([
      'caes.yaml:4:19: ElasticSearchConfig.include[1] must be text, got "on"; try putting it in quotes: "on" alone means true',
      'caes.yaml:6:13: CassandraConfig.keyspace must be text, got "no"; try putting it in quotes: "no" alone means false',
    ])
  })

  test('a key in the wrong block is told where it belongs', async () => {
    expect(await problemsOf(minimal('  interval: 5', '  overlap: 5s', 'ttl: 60'))).toEqual([
      'caes.yaml:7:3: unknown key "interval" in CassandraConfig; try moving it to the top level',
      'caes.yaml:8:3: unknown key "overlap" in CassandraConfig; try moving it to sync',
      'caes.yaml:9:1: unknown key "ttl"; try moving it to CassandraConfig',
    ])
  })

  test('letter case and separators are forgiven in suggestions, not in keys', async () => {
    expect(await problemsOf(minimal('  data_id_field_name: x'))).toEqual([
      'caes.yaml:7:3: unknown key "data_id_field_name" in CassandraConfig; did you mean "dataIdFieldName"?',
    ])
  })

  test('keys of an object prototype are unknown keys, not values', async () => {
    const lines = await problemsOf(minimal('constructor: 1', 'toString: 2', '__proto__: {interval: 5}'))
    expect(lines[0]).toContain('caes.yaml:7:1: unknown key "constructor"')
    expect(lines[1]).toContain('caes.yaml:8:1: unknown key "toString"')
    expect(lines[2]).toBe('caes.yaml:9:1: the key "__proto__" is not allowed')
  })

  test('no message repeats a secret', async () => {
    const text = minimal(
      'redis: {url: "http://:hunter2@x"}',
      'http:',
      '  users:',
      '  - {name: a, role: admin, password: [hunter2]}',
      '  - {name: b, role: boss, password: true}',
    ).replace(
      'index: stream',
      'index: stream\n  driver: {http_auth: hunter2, hosts: ["http://u:hunter2@a b"], timeout: hunter2}',
    )
    const message = (await problemsOf(text)).join('\n')
    expect(message).not.toContain('hunter2')
    for (const name of ['redis.url', 'users[0].password', 'users[1].role', 'http_auth', 'hosts', 'timeout']) {
      expect(message).toContain(name)
    }
  })
})
