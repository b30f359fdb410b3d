import { describe, expect, test } from 'vitest'
import { configYaml } from '../../../src/cli/config-text.js'
import { effectiveValues, type EffectiveValue } from '../../../src/config/effective.js'
import { readConfig } from '../../../src/config/load.js'
import { formatPath } from '../../../src/config/nodes.js'
import { originalConfiguration } from '../../support/original-configuration.js'
import { minimal, parse, type Given } from './support.js'

const load = (text: string, { env = {}, set }: Given = {}) =>
  readConfig({ text, source: '/etc/caes.yaml', env, set, baseDir: '.', home: '/home/someone' })

const show = async (text: string, given?: Given): Promise<Map<string, EffectiveValue>> =>
  new Map(effectiveValues(await load(text, given)).map((each) => [formatPath(each.path), each]))

describe('every value', () => {
  test('has the place that it comes from', async () => {
    const text = minimal('sync: { settle: "${SETTLE:-1s}", overlap: 40s }')
    const values = await show(text, { env: { CAES__SYNC__OVERLAP: '30s', SETTLE: '3s' }, set: ['sync.nulls=always'] })
    const from = (key: string) => {
      const { path: _, ...rest } = values.get(key)!
      return rest
    }
    expect(from('interval')).toEqual({ value: 60, origin: 'file', where: '/etc/caes.yaml:1:11' })
    expect(from('sync.settle')).toEqual({
      value: '3s',
      origin: 'file',
      where: '/etc/caes.yaml:7:17',
      variables: ['SETTLE'],
    })
    expect(from('sync.overlap')).toEqual({
      value: '30s',
      origin: 'environment',
      where: 'environment variable CAES__SYNC__OVERLAP',
    })
    expect(from('sync.nulls')).toEqual({ value: 'always', origin: 'flag', where: '--set sync.nulls=…' })
    expect(from('sync.freshness')).toEqual({ value: '5s', origin: 'default' })
    expect(from('redis.url')).toEqual({ value: 'redis://127.0.0.1:6379', origin: 'default' })
    expect(from('worker.lock')).toEqual({ value: '30s', origin: 'default' })
    expect(values.has('http.listen')).toBe(false)
  })

  test('of a pair that the pair does not give is that of the top level', async () => {
    const text = minimal(
      'sync: { unit: ms }',
      'pairs:',
      '- {name: b, ElasticSearchConfig: {index: b}, CassandraConfig: {keyspace: k, dataColumnFamily: b}, sync: {overlap: 30s}}',
    )
    const values = await show(text)
    expect(values.get('pairs[0].sync.unit')).toMatchObject({ value: 'ms', where: '/etc/caes.yaml:7:15' })
    expect(values.get('pairs[0].sync.overlap')).toMatchObject({ value: '30s', where: '/etc/caes.yaml:9:115' })
    expect(values.get('pairs[0].sync.settle')).toMatchObject({ value: '2s', origin: 'default' })
    expect(values.get('pairs[0].CassandraConfig.ttl')).toMatchObject({ value: 3600, origin: 'default' })
  })

  test('of REDIS_URL has that variable as its origin', async () => {
    const values = await show(minimal(), { env: { REDIS_URL: 'redis://:hunter2@cache' } })
    expect(values.get('redis.url')).toMatchObject({
      value: 'redis://:***@cache',
      origin: 'environment',
      where: 'environment variable REDIS_URL',
    })
  })

  test.each([
    ['the original', originalConfiguration],
    [
      'pairs',
      minimal(
        'redis: { prefix: a-b, url: "redis://h:1" }',
        '  # a comment',
        'pairs:',
        '- name: b',
        '  ElasticSearchConfig: { index: b, include: [a, "yes", "1"], driver: { hosts: [{ host: x, port: 1 }, "y:2"] } }',
        '  CassandraConfig: { keyspace: k, dataColumnFamily: \'"B b"\', insertQuery: "INSERT\\n  INTO x (a) VALUES (%(a)s)" }',
        '  sync: { overlap: 30s, deletes: { field: gone } }',
      ),
    ],
  ])('of %s, printed and read again, makes the same configuration', async (_, text) => {
    const loaded = await load(text)
    const printed = configYaml(effectiveValues(loaded), () => 'somewhere')
    expect(await parse(printed)).toEqual({ ...loaded.config, source: 'caes.yaml' })
  })
})

test('no secret is shown, whether a driver reads it or not', async () => {
  const secrets = ['hunter1', 'hunter2', 'hunter3', 'hunter4', 'hunter5', 'hunter6', 'hunter7', 'hunter8', 'hunter9']
  const [a, b, c, d, e, f, g, h, i] = secrets as [string, ...string[]]
  const text = minimal(
    `  driver: { auth_provider: { username: caes, password: ${a} }, ssl_options: { ca_certs: ca.pem, password: ${b} } }`,
    `redis: { url: "redis://:${c}@cache" }`,
    `http: { users: [{ name: ann, role: admin, password: ${d} }] }`,
    `logging: { handlers: { mail: { class: logging.handlers.SMTPHandler, credentials: [mailer, ${e}] } } }`,
  ).replace(
    'index: stream',
    // Of two logins only one is used, and so known as a secret.
    `index: stream\n  driver: { hosts: ["https://u:${f}@es1:9200"], http_auth: [sync, "\${PASSWORD}"], headers: { Authorization: "Bearer ${g}" }, api_key: [id, ${h}] }`,
  )
  const loaded = await load(text, { env: { PASSWORD: i! } })
  const shown = configYaml(effectiveValues(loaded), ({ where }) => where ?? '')
  for (const secret of secrets) expect(shown).not.toContain(secret)
  for (const open of ['caes', 'ca.pem', 'ann', 'mailer', 'sync', 'es1', 'cache']) expect(shown).toContain(open)
})
