/** A pair on the secure stack: made by admins, used by whom a test says. */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Client as Elasticsearch } from '@elastic/elasticsearch'
import type { Client as Cassandra } from 'cassandra-driver'
import { Redis } from 'ioredis'
import { inject } from 'vitest'
import { checkpointTableDdl } from '../../src/adapters/cassandra/checkpoint-store.js'
import { connectCassandra } from '../../src/adapters/cassandra/client.js'
import { runPartTableDdl, runTableDdl } from '../../src/adapters/cassandra/run-store.js'
import { pauseTableDdl } from '../../src/adapters/cassandra/pause-store.js'
import { connectElasticsearch } from '../../src/adapters/elasticsearch/client.js'
import { createReleases } from '../../src/runtime/releases.js'
import type { TlsSettings } from '../../src/runtime/tls.js'
import type { CertificateFiles, CertificateName } from '../../stack/certificates.js'
import type { Account } from '../../stack/secure-place.js'
import { readSheet, type SecureSheet } from '../../stack/secure-sheet.js'
import { keepingLogger } from '../support/keeping-logger.js'
import { cassandraGrants, redisRules } from './least-rights.js'

export const sheet = (): SecureSheet => readSheet(inject('secureSheet'))

/** TLS as the clients of a test need it. */
export const clientTls = (client: CertificateName = 'client'): TlsSettings => {
  const { certificates } = sheet()
  const { cert, key } = certificates[client]
  return {
    ca: readFileSync(certificates.ca.cert),
    cert: readFileSync(cert),
    key: readFileSync(key),
    rejectUnauthorized: true,
  }
}

export const elasticsearchAs = (account: Account): Elasticsearch =>
  connectElasticsearch({
    nodes: [sheet().elasticsearch],
    auth: account,
    tls: clientTls(),
    requestTimeoutMs: 20_000,
  })

const hosts = () => {
  const [host, port] = sheet().cassandra.split(':')
  return { contact_points: [host!], port: Number(port) }
}

export const cassandraAs = (account: Account): Promise<Cassandra> => {
  const { contact_points: contactPoints, port } = hosts()
  return connectCassandra({ contactPoints, port, credentials: account, tls: clientTls(), requestTimeoutMs: 20_000 })
}

export const redisAs = (account: Account): Redis => new Redis(sheet().redis, { ...account, tls: clientTls() })

/** What of the connections differs from the ones that work. */
export interface Changes {
  readonly elasticsearch?: object
  readonly cassandra?: object
  readonly redis?: object
}

export interface SecurePair {
  readonly name: string
  readonly elasticsearch: Elasticsearch
  readonly cassandra: Cassandra
  readonly redis: Redis
  /** The users of the pair: each may do what docs/security.md lists, and nothing else. */
  readonly users: Readonly<Record<'elasticsearch' | 'cassandra' | 'redis', Account>>
  /** The configuration, as text. */
  config(changes?: Changes): string
  /** A document as an application writes it. */
  index(id: string, version: number, source: object): Promise<void>
  batch(id: string, version: number, values: Readonly<Record<string, unknown>>): Promise<void>
  document(id: string): Promise<Readonly<Record<string, unknown>> | undefined>
  row(id: string): Promise<Readonly<Record<string, unknown>> | undefined>
  close(): Promise<void>
}

/** Made by an admin, since the pair's own user may not. */
const ownTables = (keyspace: string): string[] => [
  checkpointTableDdl(keyspace),
  pauseTableDdl(keyspace),
  runTableDdl(keyspace),
  runPartTableDdl(keyspace),
]

export const openSecurePair = async (): Promise<SecurePair> => {
  const { elasticsearch: esUrl, redis: redisUrl, accounts, certificates } = sheet()
  const name = `caes_test_${randomBytes(6).toString('hex')}`
  const releases = createReleases(keepingLogger())
  const elasticsearch = elasticsearchAs(accounts.elasticsearch.admin)
  releases.add('elasticsearch', () => elasticsearch.close())
  const cassandra = await cassandraAs(accounts.cassandra.admin)
  releases.add('cassandra', () => cassandra.shutdown())
  const redis = redisAs(accounts.redis.admin)
  releases.add('redis', () => redis.quit())

  await elasticsearch.indices.create({
    index: name,
    settings: { number_of_shards: 1, number_of_replicas: 0 },
    mappings: { properties: { timestamp: { type: 'long' }, vint: { type: 'integer' }, vstring: { type: 'text' } } },
  })
  releases.add('index', () => elasticsearch.indices.delete({ index: name }))

  // Characters that a URL, a shell, YAML and CQL would each take for their own.
  const account = (): Account => ({ username: name, password: `p@ss'w:rd/%${randomBytes(9).toString('hex')}` })
  const users = { elasticsearch: accounts.elasticsearch.sync, cassandra: account(), redis: account() }
  const statements = [
    `CREATE KEYSPACE ${name} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`,
    `CREATE TABLE ${name}.ts (id int, timestamp int, did uuid, PRIMARY KEY(id, timestamp, did))`,
    `CREATE TABLE ${name}.data (did uuid PRIMARY KEY, vint int, vstring text)`,
    `CREATE ROLE ${name} WITH LOGIN = true AND PASSWORD = '${users.cassandra.password.replaceAll("'", "''")}'`,
    ...ownTables(name),
    ...cassandraGrants(name, name),
  ]
  for (const statement of statements) await cassandra.execute(statement)
  releases.add('keyspace', () => cassandra.execute(`DROP KEYSPACE ${name}`))
  releases.add('role', () => cassandra.execute(`DROP ROLE ${name}`))

  await redis.call('ACL', 'SETUSER', name, 'on', `>${users.redis.password}`, ...redisRules(name))
  releases.add('redis user', () => redis.call('ACL', 'DELUSER', name))
  releases.add('redis keys', async () => {
    const keys = await redis.keys(`${name}:*`)
    if (keys.length > 0) await redis.del(...keys)
  })

  const files = ({ cert, key }: CertificateFiles) => ({ cert, key })
  return {
    name,
    elasticsearch,
    cassandra,
    redis,
    users,
    config: (changes = {}) =>
      JSON.stringify({
        interval: 2,
        ElasticSearchConfig: {
          index: name,
          driver: {
            hosts: [esUrl],
            http_auth: [users.elasticsearch.username, users.elasticsearch.password],
            ca_certs: certificates.ca.cert,
            client_cert: certificates.client.cert,
            client_key: certificates.client.key,
            ...changes.elasticsearch,
          },
        },
        CassandraConfig: {
          keyspace: name,
          dataColumnFamily: 'data',
          driver: {
            ...hosts(),
            auth_provider: users.cassandra,
            ssl_options: {
              ca_certs: certificates.ca.cert,
              certfile: certificates.client.cert,
              keyfile: certificates.client.key,
            },
            ...changes.cassandra,
          },
        },
        redis: {
          url: redisUrl,
          ...users.redis,
          tls: { ca: certificates.ca.cert, ...files(certificates.client) },
          prefix: name,
          ...changes.redis,
        },
        http: { listen: '127.0.0.1:0' },
      }),
    index: async (id, version, source) => {
      const document = { ...source, timestamp: version }
      await elasticsearch.index({ index: name, id, version, version_type: 'external', document })
    },
    batch: async (id, version, values) => {
      const columns = Object.keys(values)
      const insert = `INSERT INTO ${name}.data (did, ${columns.join(', ')}) VALUES (?${', ?'.repeat(columns.length)})`
      await cassandra.batch(
        [
          { query: `INSERT INTO ${name}.ts (id, timestamp, did) VALUES (0, ?, ?)`, params: [version, id] },
          { query: insert, params: [id, ...Object.values(values)] },
        ],
        { prepare: true, logged: true },
      )
    },
    document: async (id) => {
      const found = await elasticsearch.get<Record<string, unknown>>({ index: name, id }, { ignore: [404] })
      return found.found ? found._source : undefined
    },
    row: async (id) => {
      const { rows } = await cassandra.execute(`SELECT vint, vstring FROM ${name}.data WHERE did = ?`, [id], {
        prepare: true,
      })
      return rows[0] === undefined ? undefined : { vint: rows[0]['vint'], vstring: rows[0]['vstring'] }
    },
    close: () => releases.run(),
  }
}

/** Every password and key of a configuration, in the forms that somebody may meet them in. */
export const secretsOf = (config: string): string[] => {
  const found: string[] = []
  JSON.parse(config, (key, value: unknown) => {
    if (key === 'password' && typeof value === 'string') found.push(value)
    if (key === 'http_auth' && Array.isArray(value)) found.push(String(value[1]))
    return value
  })
  return found.flatMap((secret) => [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])
}
