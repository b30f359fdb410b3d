/** What `config schema` prints, checked as an editor would: what the file's reader takes fits it, what it refuses does not. */
import { readdirSync, readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { load as readYaml } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { configJsonSchema } from '../../../src/config/json-schema.js'
import { parseConfig } from '../../../src/config/load.js'
import { originalConfiguration } from '../../support/original-configuration.js'
import { minimal, parse, problemsOf } from './support.js'

const root = new URL('../../../', import.meta.url)
const schema = configJsonSchema()
const check = new Ajv({ strict: true, allowUnionTypes: true, strictRequired: false }).compile(schema)
/** What is wrong with it for an editor. */
const faults = (text: string): readonly unknown[] => (check(readYaml(text)) ? [] : (check.errors ?? []))

/** Every whole configuration that the documentation shows. */
const documented = ['README.md', ...readdirSync(new URL('docs/', root)).map((name) => `docs/${name}`)]
  .filter((name) => name.endsWith('.md'))
  .flatMap((name) => {
    const text = readFileSync(new URL(name, root), 'utf8')
    return [...text.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, example]) => [name, example!] as const)
  })
  .filter(([, example]) => example.includes('interval:'))

test('it is draft-07, and says of every key what it is for', () => {
  expect(schema['$schema']).toBe('http://json-schema.org/draft-07/schema#')
  const walk = (block: unknown, path: string): string[] => {
    if (typeof block !== 'object' || block === null) return []
    const { properties, items } = block as { properties?: Record<string, object>; items?: object }
    const here = Object.entries(properties ?? {}).flatMap(([key, inner]) => [
      ...('description' in inner ? [] : [`${path}${key}`]),
      ...walk(inner, `${path}${key}.`),
    ])
    return [...here, ...walk(items, `${path}[].`)]
  }
  expect(walk(schema, '')).toEqual([])
})

describe('fits', () => {
  test("the original's file", () => expect(faults(originalConfiguration)).toEqual([]))

  test('there are documented examples', () => expect(documented.length).toBeGreaterThan(2))
  test.each(documented)('an example of %s, which is read, too', async (_, example) => {
    const env = { ES_PASSWORD: 'a', CASSANDRA_PASSWORD: 'b' }
    await parseConfig({ text: example, env, baseDir: '.', home: '.' })
    expect(faults(example)).toEqual([])
  })

  test.each([
    [
      'variables in place of values',
      minimal('sync: { overlap: "${A:-20s}", unit: "${U:-s}" }', 'worker: { attempts: "${N:-3}" }'),
    ],
    ['keys without a value', minimal('  ttl:', '  driver:', 'sync:', 'worker:', '  attempts:', 'pairs:', 'logging:')],
    ['text that looks like a number', minimal().replace('index: stream', 'index: 2024.10\n  exclude: [007, 1]')],
    ['one name in place of a list', minimal().replace('index: stream', 'index: stream\n  exclude: secret')],
    ['a secret in a file', minimal('redis: { url: { file: redis.txt } }')],
    ['a port alone', minimal('http: { listen: 9464 }')],
    [
      'pairs alone',
      'interval: 1\npairs:\n- {name: a, ElasticSearchConfig: {index: a}, CassandraConfig: {keyspace: k, dataColumnFamily: d}}\n',
    ],
  ])('%s', (_, text) => {
    expect(faults(text)).toEqual([])
  })
})

describe('does not fit', () => {
  test.each([
    ['an unknown key', minimal('syncc: {}')],
    ['an unknown key in a block', minimal('sync: { overlapp: 20s }')],
    ['a missing key', minimal().replace('interval: 60\n', '')],
    ['a missing key in a block', minimal().replace('  keyspace: logs\n', '')],
    ['a missing block', 'interval: 60\nElasticSearchConfig: {index: a}\n'],
    [
      'half a top level beside pairs',
      'interval: 60\nElasticSearchConfig: {index: a}\npairs:\n- {name: a, ElasticSearchConfig: {index: a}, CassandraConfig: {keyspace: k, dataColumnFamily: d}}\n',
    ],
    ['a wrong word', minimal('sync: { unit: m }')],
    ['a duration that is none', minimal('sync: { settle: soon }')],
    ['a negative duration', minimal('sync: { settle: -1 }')],
    ['an interval of nothing', minimal().replace('60', '0')],
    ['an interval of 0s', minimal().replace('60', '0s')],
    ['a fraction', minimal('worker: { attempts: 1.5 }')],
    ['too small a number', minimal('worker: { attempts: 0 }')],
    ['text for a number', minimal('worker: { attempts: many }')],
    ['a block for a text', minimal().replace('index: stream', 'index: {a: b}')],
    ['an index with capitals', minimal().replace('index: stream', 'index: Stream')],
    ['an address of Redis that is none', minimal('redis: { url: "http://x" }')],
    ['an address to listen on that is none', minimal('http: { listen: "a b" }')],
    ['a role that there is not', minimal('http: { users: [{ name: a, role: boss, password: b }] }')],
    [
      'a name with a space',
      'interval: 1\npairs:\n- {name: a b, ElasticSearchConfig: {index: a}, CassandraConfig: {keyspace: k, dataColumnFamily: d}}\n',
    ],
    ['a table that is no name', minimal().replace('dataColumnFamily: data', 'dataColumnFamily: "a-b"')],
  ])('%s, which the reader refuses, too', async (_, text) => {
    expect(faults(text)).not.toEqual([])
    expect((await problemsOf(text)).length).toBeGreaterThan(0)
  })
})

test('rules between keys are left to the reader: an editor cannot check them', async () => {
  const text = minimal('  ttl: 30')
  expect(faults(text)).toEqual([])
  await expect(parse(text)).rejects.toThrow('must be longer than')
})
