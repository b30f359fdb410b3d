import { describe, expect, test } from 'vitest'
import { interpolate } from '../../../src/config/interpolate.js'
import { firstPair, minimal, parse, problemsOf } from './support.js'

describe('interpolation of one scalar', () => {
  const env = { A: 'one', EMPTY: '', TRICKY: '${A} $& "x": {y' }

  test.each([
    ['${A}', 'one'],
    ['x-${A}-${A}', 'x-one-one'],
    ['${EMPTY}', ''],
    ['${EMPTY:-two}', 'two'],
    ['${NONE:-two}', 'two'],
    ['${NONE:-}', ''],
    ['${NONE:-redis://h:1/0?x=:-y}', 'redis://h:1/0?x=:-y'],
    ['$${A}', '${A}'],
    ['$$${A}', '$${A}'],
    ['pa$$word $A $ 100$', 'pa$$word $A $ 100$'],
    ['$$ BEGIN $$', '$$ BEGIN $$'],
    ['%(name)s', '%(name)s'],
    ['${TRICKY}', '${A} $& "x": {y'],
  ])('%s becomes %s', (written, text) => {
    expect(interpolate(written, env)).toMatchObject({ text })
  })

  test.each([
    ['${NONE}', 'the environment variable NONE is not set'],
    ['${A', '"${A" has no closing brace'],
    ['${}', '"${}" is not ${NAME} or ${NAME:-default}'],
    ['${a b}', '"${a b}" is not ${NAME} or ${NAME:-default}'],
    ['${A:-${B}}', '"${A:-${B}" is not ${NAME} or ${NAME:-default}'],
    ['${toString}', 'the environment variable toString is not set'],
  ])('%s is a fault', (written, fault) => {
    expect(interpolate(written, env)).toMatchObject({ fault })
  })
})

describe('interpolation in a file', () => {
  test('a scalar that is wholly a variable is read again, so numbers and truth values work', async () => {
    const text = minimal('worker: {concurrency: "${N}"}').replace(
      'index: stream',
      'index: stream\n  driver: {verify_certs: "${VERIFY}", timeout: "${T:-7}"}',
    )
    const config = await parse(text, { env: { N: '6', VERIFY: 'no' } })
    expect(config.worker.concurrency).toBe(6)
    expect(firstPair(config).elasticsearch.connection).toMatchObject({ tls: { verify: false }, requestTimeoutMs: 7000 })
  })

  test('where text is wanted, it stays the text that it was', async () => {
    const text = minimal('http: {users: [{name: "${NAME}", role: admin, password: "${PW}"}]}').replace(
      'index: stream',
      'index: stream\n  driver: {http_auth: ["${NAME}", "${PW}"]}',
    )
    const config = await parse(text, { env: { NAME: 'yes', PW: '0123' } })
    expect(config.http.users).toEqual([{ name: 'yes', role: 'admin', password: '0123' }])
    expect(firstPair(config).elasticsearch.connection.auth).toEqual({ username: 'yes', password: '0123' })
  })

  test("a variable's value cannot become YAML", async () => {
    const env = { EVIL: 'x\nworker: {concurrency: 99}', MAP: '{a: b}' }
    const text = minimal('redis: {prefix: "${MAP}"}').replace(
      'index: stream',
      'index: stream\n  timestampField: ${EVIL}',
    )
    const lines = await problemsOf(text, { env })
    expect(lines).toEqual([expect.stringMatching(/^caes.yaml:8:17: redis.prefix must be text without spaces/)])
    const config = await parse(text, { env: { ...env, MAP: '{a:b}' } })
    expect(config.redis.prefix).toBe('{a:b}')
    expect(config.worker.concurrency).toBe(4)
    expect(firstPair(config).elasticsearch.timestampField).toBe(env.EVIL)
  })

  test('a variable that is not set is a problem that names it, at its place, and only once', async () => {
    expect(await problemsOf(minimal().replace('keyspace: logs', 'keyspace: ${KEYSPACE}'))).toEqual([
      'caes.yaml:5:13: the environment variable KEYSPACE is not set; try setting KEYSPACE, or ${KEYSPACE:-default}',
    ])
  })

  test('a bad value from a variable is not repeated', async () => {
    const lines = await problemsOf(minimal('sync: {settle: "${SETTLE}"}'), { env: { SETTLE: 'hunter2' } })
    expect(lines).toEqual([
      expect.stringMatching(/^caes.yaml:7:16: sync.settle must be a duration .*, got the value of SETTLE$/),
    ])
  })

  test('keys and comments are not touched', async () => {
    expect((await problemsOf(minimal('# ${NONE}', '"${NONE}": 1')))[0]).toContain('unknown key "${NONE}"')
  })

  test('REDIS_URL is the address of Redis where the file has none', async () => {
    const env = { REDIS_URL: 'redis://cache:6379' }
    expect((await parse(minimal(), { env })).redis.url).toBe('redis://cache:6379')
    expect((await parse(minimal('redis: {url: "redis://other:1"}'), { env })).redis.url).toBe('redis://other:1')
  })
})
