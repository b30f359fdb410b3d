/** Fresh indices and keyspaces on the local stack, and raw clients that fill and read them. */
import { randomBytes } from 'node:crypto'
import { Client as Elasticsearch } from '@elastic/elasticsearch'
import cassandra, { type Client as Cassandra } from 'cassandra-driver'
import { connectPair, connections } from '../src/compose.js'
import { parseConfig } from '../src/config/load.js'
import { chunked, forEachConcurrently } from '../src/core/concurrency.js'
import { endpointsFrom } from '../src/demo/schema.js'
import { createLogger } from '../src/runtime/logger.js'
import { createReleases } from '../src/runtime/releases.js'
import type { Pair } from '../src/sync/pair.js'
import { columnNames, columns, documentOf, mappings, valuesOf, type BenchRecord } from './records.js'

export interface Bench {
  readonly elasticsearch: Elasticsearch
  readonly cassandra: Cassandra
  /** An empty index with the mapping of the records. */
  newIndex(): Promise<string>
  /** A keyspace with the original's two tables. */
  newKeyspace(): Promise<string>
  /** Two more tables in a keyspace, in the words of the configuration. */
  newTables(
    keyspace: string,
    number: number,
  ): Promise<{ readonly dataColumnFamily: string; readonly timeseriesColumnFamily: string }>
  connect(names: Names): Promise<Pair>
  close(): Promise<void>
}

export type Clients = Pick<Bench, 'elasticsearch' | 'cassandra'>

export interface Names {
  readonly index: string
  readonly keyspace: string
}

const newName = (): string => `caes_bench_${randomBytes(6).toString('hex')}`

const endpoints = endpointsFrom(process.env)
const [host = '', port = ''] = endpoints.cassandra.split(':')

export const configOf = ({ index, keyspace }: Names, more: object = {}): string =>
  JSON.stringify({
    interval: 1,
    ElasticSearchConfig: { index, driver: { hosts: [endpoints.elasticsearch] } },
    CassandraConfig: {
      keyspace,
      dataColumnFamily: 'data',
      // Longer than any gap that is measured, and than filling the stores for it takes.
      ttl: 21_600,
      driver: { contact_points: [host], port: Number(port) },
    },
    redis: { url: endpoints.redis, prefix: index },
    ...more,
  })

export const openBench = async (): Promise<Bench> => {
  const logger = createLogger({ level: 'error', readable: true, color: false })
  const releases = createReleases(logger)
  const elasticsearch = new Elasticsearch({ node: endpoints.elasticsearch, requestTimeout: 120_000 })
  releases.add('Elasticsearch', () => elasticsearch.close())
  const client = new cassandra.Client({
    contactPoints: [endpoints.cassandra],
    localDataCenter: process.env['CAES_TEST_CASSANDRA_DC'] ?? 'datacenter1',
    socketOptions: { readTimeout: 120_000 },
  })
  await client.connect()
  releases.add('Cassandra', () => client.shutdown())

  return {
    elasticsearch,
    cassandra: client,
    newIndex: async () => {
      const index = newName()
      await elasticsearch.indices.create({
        index,
        settings: { number_of_shards: 1, number_of_replicas: 0 },
        mappings,
      })
      releases.add(index, () => elasticsearch.indices.delete({ index }))
      return index
    },
    newKeyspace: async () => {
      const keyspace = newName()
      await client.execute(
        `CREATE KEYSPACE ${keyspace} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`,
      )
      releases.add(keyspace, () => client.execute(`DROP KEYSPACE ${keyspace}`))
      await createTables(client, keyspace, '')
      return keyspace
    },
    newTables: async (keyspace, number) => {
      await createTables(client, keyspace, number)
      return { dataColumnFamily: `data${number}`, timeseriesColumnFamily: `ts${number}` }
    },
    connect: async (names) => {
      const text = configOf(names)
      const config = await parseConfig({ text, env: {}, baseDir: '.', home: '.' })
      return connectPair(config.pairs[0]!, connections(logger, releases))
    },
    close: () => releases.run(),
  }
}

const createTables = async (client: Cassandra, keyspace: string, suffix: string | number): Promise<void> => {
  await client.execute(
    `CREATE TABLE ${keyspace}.ts${suffix} (id int, timestamp int, did uuid, PRIMARY KEY (id, timestamp, did))`,
  )
  await client.execute(`CREATE TABLE ${keyspace}.data${suffix} (did uuid PRIMARY KEY, ${columns})`)
}

export const fillIndex = async (
  client: Elasticsearch,
  index: string,
  records: readonly BenchRecord[],
): Promise<void> => {
  await forEachConcurrently(chunked(records, 2_000), 3, async (chunk) => {
    const { errors } = await client.bulk({
      operations: chunk.flatMap((record) => [
        { index: { _index: index, _id: record.id, version: record.version, version_type: 'external' } },
        documentOf(record),
      ]),
    })
    if (errors) throw new Error('Elasticsearch did not take all of the records')
  })
  await client.indices.refresh({ index })
}

export const insertEntry = (keyspace: string): string =>
  `INSERT INTO ${keyspace}.ts (id, timestamp, did) VALUES (?, ?, ?)`
export const insertRow = (keyspace: string): string =>
  `INSERT INTO ${keyspace}.data (did, ${columnNames.join(', ')}) VALUES (?${', ?'.repeat(columnNames.length)})`

/** As the contract has it for clients: a logged batch into both tables. */
export const writeRecord = async (client: Cassandra, keyspace: string, record: BenchRecord): Promise<void> => {
  await client.batch(
    [
      { query: insertEntry(keyspace), params: [0, record.version, record.id] },
      { query: insertRow(keyspace), params: [record.id, ...valuesOf(record)] },
    ],
    { prepare: true, logged: true },
  )
}

/** As clients of that time left them: cells are as old as the versions. */
export const fillTables = async (
  client: Cassandra,
  keyspace: string,
  records: readonly BenchRecord[],
): Promise<void> => {
  const unlogged = { prepare: true, logged: false }
  await forEachConcurrently(chunked(records, 100), 8, async (chunk) => {
    const query = insertEntry(keyspace)
    await client.batch(
      chunk.map(({ id, version }) => ({ query, params: [0, version, id] })),
      unlogged,
    )
  })
  await forEachConcurrently(chunked(records, 10), 32, async (chunk) => {
    const query = `${insertRow(keyspace)} USING TIMESTAMP ?`
    await client.batch(
      chunk.map((record) => ({
        query,
        params: [record.id, ...valuesOf(record), cassandra.types.Long.fromNumber(record.version * 1_000_000)],
      })),
      unlogged,
    )
  })
}
