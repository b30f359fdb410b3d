/** A pair on the real servers: an index, a keyspace with the original's two tables, and clients of an application. */
import { randomBytes } from 'node:crypto'
import type { Client as Elasticsearch, estypes } from '@elastic/elasticsearch'
import type { Client as Cassandra } from 'cassandra-driver'
import { connectCassandra } from '../../src/adapters/cassandra/client.js'
import { connectPair, connections } from '../../src/compose.js'
import { parseConfig } from '../../src/config/load.js'
import type { WindowReport, WindowResult } from '../../src/core/report.js'
import { endpointsFrom, type Endpoints } from '../../src/demo/schema.js'
import { micros } from '../../src/core/version.js'
import { createReleases } from '../../src/runtime/releases.js'
import type { ScannablePair } from '../../src/sync/pair.js'
import type { PurgeablePair } from '../../src/sync/purge.js'
import { syncWindow } from '../../src/sync/sync-window.js'
import { keepingLogger } from './keeping-logger.js'

export interface PairFixture {
  readonly pair: ScannablePair & PurgeablePair
  readonly name: string
  /** The configuration, for processes that are to work on the same pair. */
  readonly configText: string
  readonly elasticsearch: Elasticsearch
  readonly cassandra: Cassandra
  /** A document as an application writes it; fails where the index holds a newer version. */
  index(id: string, version: number, source: object): Promise<void>
  /** The same from the bytes of a document that has its timestamp already. */
  indexText(id: string, version: number, json: string): Promise<void>
  /** A row as an application writes it: the original's batch, with the version as write time where versioning is `writetime`. */
  batch(id: string, version: number, values: Readonly<Record<string, unknown>>, bucket?: number): Promise<void>
  document(
    id: string,
  ): Promise<{ readonly version: number; readonly source: Readonly<Record<string, unknown>> } | undefined>
  /** The bytes of `_source` as Elasticsearch keeps them. */
  documentText(id: string): Promise<string>
  row(id: string): Promise<Readonly<Record<string, unknown>> | undefined>
  /** Newest entry of an id. */
  label(id: string): Promise<number | undefined>
  sync(from: number, to: number, options?: { readonly dryRun?: boolean }): Promise<WindowResult>
  close(): Promise<void>
}

export interface PairFixtureOptions {
  /** The servers, where they are not those of the environment. */
  readonly endpoints?: Endpoints
  /** Columns of the data table beside `did`, as CQL. */
  readonly columns?: string
  readonly timestampColumn?: 'int' | 'bigint'
  /** What has to be there before and beside the pair's own tables; run in the keyspace. */
  readonly ddl?: readonly string[]
  readonly mappings?: estypes.MappingTypeMapping
  readonly settings?: estypes.IndicesIndexSettings
  /** Whether the pair's name is an alias of an index, called `NAME-1`. */
  readonly aliased?: boolean
  /** What an application writes into the timestamp field for a version. */
  readonly stamp?: (version: number) => string | number
  /** More of the configuration. */
  readonly elasticsearch?: object
  readonly cassandraConfig?: object
  readonly sync?: object
  readonly more?: object
}

export const openPair = async (options: PairFixtureOptions = {}): Promise<PairFixture> => {
  const name = `caes_test_${randomBytes(6).toString('hex')}`
  const { endpoints = endpointsFrom(process.env) } = options
  const [host, port] = endpoints.cassandra.split(':')
  const configText = JSON.stringify({
    interval: 2,
    ElasticSearchConfig: {
      index: name,
      type: 'log',
      driver: { hosts: [endpoints.elasticsearch] },
      ...options.elasticsearch,
    },
    CassandraConfig: {
      keyspace: name,
      dataColumnFamily: 'data',
      driver: { contact_points: [host], port: Number(port) },
      ...options.cassandraConfig,
    },
    redis: { url: endpoints.redis, prefix: name },
    http: { listen: '127.0.0.1:0' },
    sync: options.sync ?? {},
    ...options.more,
  })
  const config = await parseConfig({ text: configText, env: {}, baseDir: '.', home: '.' })
  const logger = keepingLogger()
  const releases = createReleases(logger)
  const shared = connections(logger, releases)
  const pairConfig = config.pairs[0]!
  const elasticsearch = shared.elasticsearch(pairConfig)
  const cassandra = await connectCassandra({ contactPoints: [host!], port: Number(port), requestTimeoutMs: 12_000 })
  releases.add('cassandra', () => cassandra.shutdown())

  await cassandra.execute(
    `CREATE KEYSPACE ${name} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`,
  )
  releases.add('keyspace', () => cassandra.execute(`DROP KEYSPACE ${name}`))
  await cassandra.execute(`USE ${name}`)
  for (const statement of options.ddl ?? []) await cassandra.execute(statement)
  const { timestampColumn = 'int', stamp = (version) => version } = options
  // The tables of the original's README.
  await cassandra.execute(
    `CREATE TABLE ${name}.ts (id int, timestamp ${timestampColumn}, did uuid, PRIMARY KEY(id, timestamp, did))`,
  )
  await cassandra.execute(
    `CREATE TABLE ${name}.data (did uuid, ${options.columns ?? 'vint int, vstring text'}, PRIMARY KEY(did))`,
  )
  const mappings = options.mappings ?? {
    properties: { timestamp: { type: 'long' }, vint: { type: 'integer' }, vstring: { type: 'text' } },
  }
  const index = options.aliased === true ? `${name}-1` : name
  await elasticsearch.indices.create({
    index,
    settings: { number_of_shards: 2, number_of_replicas: 0, ...options.settings },
    mappings,
    ...(index === name ? {} : { aliases: { [name]: {} } }),
  })
  releases.add('index', () => elasticsearch.indices.delete({ index }))
  const pair = await connectPair(pairConfig, shared).catch(async (error: unknown) => {
    await releases.run()
    throw error
  })

  const { rules } = pair
  /** The batch's USING TIMESTAMP, where the pair asks for it. */
  const writeTimeOf = (version: number) =>
    rules.labels === 'write-times' ? { timestamp: micros(version, rules.unit) } : {}

  return {
    pair,
    name,
    configText,
    elasticsearch,
    cassandra,
    index: async (id, version, source) => {
      await elasticsearch.index({
        index: name,
        id,
        version,
        version_type: 'external',
        document: { ...source, timestamp: stamp(version) },
      })
    },
    indexText: async (id, version, json) => {
      const query = `version=${version}&version_type=external`
      await requestText(`${endpoints.elasticsearch}/${name}/_doc/${id}?${query}`, { method: 'PUT', body: json })
    },
    batch: async (id, version, values, bucket = 0) => {
      const names = Object.keys(values)
      const columns = names.map((column) => `, ${column}`).join('')
      await cassandra.batch(
        [
          {
            query: `INSERT INTO ${name}.ts (id, timestamp, did) VALUES (?, ?, ?)`,
            params: [bucket, timestampColumn === 'int' ? version : BigInt(version), id],
          },
          {
            query: `INSERT INTO ${name}.data (did${columns}) VALUES (?${', ?'.repeat(names.length)})`,
            params: [id, ...Object.values(values)],
          },
        ],
        { prepare: true, logged: true, ...writeTimeOf(version) },
      )
    },
    document: async (id) => {
      const found = await elasticsearch.get<Record<string, unknown>>({ index: name, id }, { ignore: [404] })
      return found.found ? { version: found._version!, source: found._source! } : undefined
    },
    documentText: (id) => requestText(`${endpoints.elasticsearch}/${name}/_source/${id}`),
    row: async (id) => {
      const { rows } = await cassandra.execute(`SELECT * FROM ${name}.data WHERE did = ?`, [id], { prepare: true })
      return rows[0] === undefined
        ? undefined
        : Object.fromEntries(rows[0].keys().map((key: string) => [key, rows[0]!.get(key)]))
    },
    label: async (id) => {
      let newest: number | undefined
      for await (const page of pair.rows.entries(0, new AbortController().signal)) {
        for (const entry of page) if (entry.id === id) newest = Math.max(entry.version, newest ?? 0)
      }
      return newest
    },
    sync: (from, to, { dryRun = false } = {}) =>
      syncWindow(pair, { from, to }, { signal: new AbortController().signal, dryRun }),
    close: () => releases.run(),
  }
}

/** Not through a client: what is sent and what comes back are the very bytes. */
const requestText = async (url: string, request: { readonly method?: string; readonly body?: string } = {}) => {
  const answer = await fetch(url, { ...request, headers: { 'content-type': 'application/json' } })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${answer.status} ${text}`)
  return text
}

/** Nothing was written, held or refused. */
export const silent = (report: WindowReport): boolean =>
  report.written.elasticsearch === 0 &&
  report.written.cassandra === 0 &&
  report.held + report.unlabelled + report.orphaned + report.superseded + report.rejected === 0
