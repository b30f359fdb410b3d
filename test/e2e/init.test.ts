import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectCassandra } from '../../src/adapters/cassandra/client.js'
import { connectElasticsearch } from '../../src/adapters/elasticsearch/client.js'
import { endpointsFrom } from '../../src/demo/schema.js'
import { createReleases } from '../../src/runtime/releases.js'
import { caesSync } from '../support/cli.js'
import { keepingLogger } from '../support/keeping-logger.js'

const name = `caes_test_${randomBytes(6).toString('hex')}`
const endpoints = endpointsFrom(process.env)
const [host, port] = endpoints.cassandra.split(':') as [string, string]
const releases = createReleases(keepingLogger())
const elasticsearch = connectElasticsearch({ nodes: [endpoints.elasticsearch], requestTimeoutMs: 30_000 })
let cassandra: Awaited<ReturnType<typeof connectCassandra>>
let folder = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'caes-init-'))
  releases.add('folder', () => rmSync(folder, { recursive: true }))
  cassandra = await connectCassandra({ contactPoints: [host], port: Number(port), requestTimeoutMs: 30_000 })
  releases.add('cassandra', () => cassandra.shutdown())
  releases.add('keyspace', () => cassandra.execute(`DROP KEYSPACE IF EXISTS ${name}`))
  releases.add('elasticsearch', () => elasticsearch.close())
  for (const index of [`${name}-a`, `${name}-b`]) {
    releases.add(index, () => elasticsearch.indices.delete({ index }, { ignore: [404] }))
  }
})
afterAll(() => releases.run())

const init = (file: string, index: string, table: string, ...args: string[]) => {
  const addresses = [
    '--elasticsearch',
    endpoints.elasticsearch,
    '--cassandra',
    endpoints.cassandra,
    '--redis',
    endpoints.redis,
  ]
  const names = ['--index', index, '--keyspace', name, '--table', table, '--timeseries', `${table}_ts`]
  return caesSync(['init', '--output', join(folder, file), ...addresses, ...names, ...args])
}
const doctor = async (file: string) => caesSync(['doctor', '-c', join(folder, file)])

test('without --apply everything is shown and nothing is made but the file', async () => {
  const { code, stdout } = await init('shown.yaml', `${name}-a`, 'none')
  expect(code).toBe(0)
  expect(stdout).toContain(`CREATE TABLE IF NOT EXISTS ${name}.none (did uuid PRIMARY KEY);`)
  expect(stdout).toContain(`curl -XPUT '${endpoints.elasticsearch}/${name}-a'`)
  const { rows } = await cassandra.execute(`SELECT * FROM system_schema.keyspaces WHERE keyspace_name = '${name}'`)
  expect(rows).toEqual([])
})

test('a mapping follows from a table, and a table from a mapping, and both pairs work', async () => {
  await elasticsearch.indices.create({
    index: `${name}-b`,
    mappings: {
      properties: {
        timestamp: { type: 'long' },
        user: { type: 'keyword' },
        Votes: { type: 'long' },
        at: { type: 'date' },
      },
    },
  })
  const fromMapping = await init('b.yaml', `${name}-b`, 'b', '--apply', '--json')
  expect(fromMapping.stderr).toBe('')
  expect(JSON.parse(fromMapping.stdout)).toMatchObject({ applied: true, index: null })
  expect(await doctor('b.yaml')).toMatchObject({ code: 0 })
  // From the server: the metadata of the driver may be older than a table that somebody else has just made.
  const { rows } = await cassandra.execute(
    'SELECT column_name FROM system_schema.columns WHERE keyspace_name = ? AND table_name = ?',
    [name, 'b'],
  )
  expect(rows.map((row) => String(row['column_name'])).sort()).toEqual(['Votes', 'at', 'did', 'user'])

  await cassandra.execute(`CREATE TABLE ${name}.a (did uuid PRIMARY KEY, title text, pages int, tags set<text>)`)
  expect((await init('a.yaml', `${name}-a`, 'a', '--apply')).code).toBe(0)
  expect((await doctor('a.yaml')).stdout).not.toContain('has no mapping')
  const mapping = await elasticsearch.indices.getMapping({ index: `${name}-a` })
  expect(mapping[`${name}-a`]?.mappings.properties).toEqual({
    timestamp: { type: 'long' },
    title: { type: 'keyword', ignore_above: 8_191 },
    pages: { type: 'integer' },
    tags: { type: 'keyword', ignore_above: 8_191 },
  })
  const again = await init('a.yaml', `${name}-a`, 'a', '--force')
  expect(again.stdout).toContain('tables and index exist already')
})

test('a file is never overwritten unless that is asked for', async () => {
  const path = join(folder, 'mine.yaml')
  writeFileSync(path, 'mine')
  const { code, stderr } = await init('mine.yaml', `${name}-a`, 'a')
  expect(code).toBe(2)
  expect(stderr).toContain('--force')
  expect(readFileSync(path, 'utf8')).toBe('mine')
})
