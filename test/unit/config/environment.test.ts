import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { firstPair, minimal, parse, problemsOf } from './support.js'

describe('the environment', () => {
  test('wins over the file, and the command line over both', async () => {
    const text = minimal('sync: { overlap: 40s, settle: 1s, maxFuture: 2h }')
    const env = { CAES__SYNC__OVERLAP: '30s', CAES__SYNC__SETTLE: '3s' }
    const { sync } = await parse(text, { env, set: ['sync.settle=4s'] })
    expect(sync).toMatchObject({ overlapMs: 30_000, settleMs: 4_000, maxFutureMs: 7_200_000, freshnessMs: 5_000 })
  })

  test('spells keys in any case, names pairs, and reaches into drivers in small letters', async () => {
    const text = minimal(
      'pairs:',
      '- {name: my-orders, ElasticSearchConfig: {index: o}, CassandraConfig: {keyspace: k, dataColumnFamily: o}}',
    )
    const env = {
      CAES__elasticsearchconfig__TIMESTAMP_FIELD: 'at',
      CAES__CASSANDRACONFIG__DRIVER__CONTACT_POINTS: 'a,b',
      CAES__PAIRS__MY_ORDERS__SYNC__UNIT: 'ms',
    }
    const config = await parse(text, { env })
    expect(firstPair(config).elasticsearch.timestampField).toBe('at')
    expect(firstPair(config).cassandra.connection.contactPoints).toEqual(['a', 'b'])
    expect(config.pairs[1]?.sync.unit).toBe('ms')
  })

  test('a value is one value, whatever it looks like', async () => {
    const password = '[a: b] # c'
    const env = { CAES__CASSANDRACONFIG__DRIVER__CREDENTIALS__PASSWORD: password }
    const text = minimal('  driver: { credentials: { username: caes, password: old } }')
    expect(firstPair(await parse(text, { env })).cassandra.connection.credentials).toEqual({
      username: 'caes',
      password,
    })
  })

  test('an unknown key in it is named with its variable, and without its value', async () => {
    expect(await problemsOf(minimal(), { env: { CAES__SYNC__OVERLAPP: '30s' } })).toEqual([
      'environment variable CAES__SYNC__OVERLAPP: unknown key "overlapp" in sync; did you mean "overlap"?',
    ])
    expect(await problemsOf(minimal(), { env: { CAES__SYNC__OVERLAP: 'hunter2' } })).toEqual([
      expect.stringMatching(
        /^environment variable CAES__SYNC__OVERLAP: sync.overlap must be .*, got the value of CAES__SYNC__OVERLAP$/,
      ) as string,
    ])
  })

  test('what is empty, and what belongs to others, says nothing', async () => {
    const env = { CAES__SYNC__OVERLAP: '', CAES_HOME: '/x', CAES____: 'x', CAES__: 'y', PATH: '/bin' }
    expect((await parse(minimal(), { env })).sync.overlapMs).toBe(20_000)
  })
})

describe('a variable in a file', () => {
  let folder = ''
  const file = (name: string, text: string): string => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'caes-secrets-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('stands for the text of the file without its last line break', async () => {
    const env = {
      ES_PASSWORD__FILE: file('es', 'two\nlines\n'),
      REDIS_URL__FILE: file('redis', 'redis://:x@cache\r\n'),
      CAES__CASSANDRACONFIG__DRIVER__CREDENTIALS__PASSWORD__FILE: file('cassandra', 'secret'),
    }
    const text = minimal('  driver: { credentials: { username: caes } }').replace(
      'index: stream',
      'index: stream\n  driver: { http_auth: [sync, "${ES_PASSWORD}"] }',
    )
    const config = await parse(text, { env })
    const { elasticsearch, cassandra } = firstPair(config)
    expect(elasticsearch.connection.auth).toEqual({ username: 'sync', password: 'two\nlines' })
    expect(cassandra.connection.credentials).toEqual({ username: 'caes', password: 'secret' })
    expect(config.redis.url).toBe('redis://:x@cache')
  })

  test('cannot be used together with the variable itself, must be there, and must hold something', async () => {
    const text = minimal('redis: { url: "${A:-redis://a}", prefix: "${B:-b}-${C:-c}" }')
    const env = {
      A: 'redis://b',
      A__FILE: file('a', 'redis://c'),
      B__FILE: join(folder, 'none'),
      C__FILE: file('c', '\n'),
    }
    expect(await problemsOf(text, { env })).toEqual([
      'environment variable A__FILE: A is set as well; try one of the two',
      `environment variable B__FILE: the file "${join(folder, 'none')}" cannot be read (ENOENT); try a readable file`,
      `environment variable C__FILE: the file "${join(folder, 'c')}" is empty`,
    ])
  })

  test('is not opened where the configuration does not ask for it', async () => {
    await expect(parse(minimal(), { env: { OTHER__FILE: join(folder, 'none') } })).resolves.toBeDefined()
  })
})
