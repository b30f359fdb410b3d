/** The original's README, literally: its configuration, its tables, its batch, and its write with an external version. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { caesSync, configFile } from '../support/cli.js'
import { endpointsFrom } from '../../src/demo/schema.js'
import { originalConfiguration } from '../support/original-configuration.js'
import { openPair, type PairFixture } from '../support/pair-fixture.js'

const fromElasticsearch = 'ed31ee76-d49a-4c05-8f0a-6a856a94de8e'
const fromCassandra = '3f2504e0-4f89-41d3-9a0c-0305e82c3301'
const version = 1427254212

let pair: PairFixture
let file: ReturnType<typeof configFile>
let elsewhere: string[]

beforeAll(async () => {
  // The fixture's tables are the README's, in a keyspace and with an index of their own.
  pair = await openPair({ mappings: { properties: { timestamp: { type: 'long' } } } })
  file = configFile(originalConfiguration)
  const { elasticsearch, cassandra } = endpointsFrom(process.env)
  const [host, port] = cassandra.split(':')
  elsewhere = [
    `ElasticSearchConfig.index=${pair.name}`,
    `CassandraConfig.keyspace=${pair.name}`,
    `ElasticSearchConfig.driver={hosts: ["${elasticsearch}"]}`,
    `CassandraConfig.driver={contact_points: ["${host}"], port: ${port}}`,
  ].flatMap((each) => ['--set', each])
})
afterAll(async () => {
  file.remove()
  await pair.close()
})

const sync = () =>
  caesSync(['sync', '--from', '1427254200', '--to', '1427254260', '--json', '-c', file.path, ...elsewhere])

test('a document written with an external version and a row written with the batch end up on both sides', async () => {
  const { elasticsearch } = endpointsFrom(process.env)
  const response = await fetch(
    `${elasticsearch}/${pair.name}/_doc/${fromElasticsearch}?version=${version}&version_type=external`,
    {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: `{ "timestamp": ${version}, "vstring": "Let's sync!!" }`,
    },
  )
  expect(response.status).toBe(201)
  await pair.cassandra.execute(`
    BEGIN BATCH
      INSERT INTO ${pair.name}.ts (id, timestamp, did) VALUES (0, ${version}, ${fromCassandra})
      INSERT INTO ${pair.name}.data (did, vstring, vint) VALUES (${fromCassandra}, 'from Cassandra', 7)
    APPLY BATCH;`)

  const { code, stdout } = await sync()
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ pair: 'default', written: { elasticsearch: 1, cassandra: 1 } })
  expect(await pair.row(fromElasticsearch)).toMatchObject({ vstring: "Let's sync!!", vint: null })
  expect(await pair.label(fromElasticsearch)).toBe(version)
  expect(await pair.document(fromCassandra)).toEqual({
    version,
    source: { vstring: 'from Cassandra', vint: 7, timestamp: version },
  })
})

test('the second cycle writes nothing', async () => {
  const { code, stdout } = await sync()
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ written: { elasticsearch: 0, cassandra: 0 }, unchanged: 2 })
})
