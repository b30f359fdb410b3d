/** The demo's index, tables and configuration. */
import type { Client as Elasticsearch, estypes } from '@elastic/elasticsearch'
import type { Client as Cassandra } from 'cassandra-driver'

/** Where the local stores listen. */
export interface Endpoints {
  readonly elasticsearch: string
  /** host:port */
  readonly cassandra: string
  readonly redis: string
}

/** The stack exports the addresses of the stores it started; without them, its default ports. */
export const endpointsFrom = (env: NodeJS.ProcessEnv): Endpoints => ({
  elasticsearch: env['CAES_TEST_ES_URL'] ?? `http://127.0.0.1:${env['CAES_ES_PORT'] ?? 9200}`,
  cassandra: env['CAES_TEST_CASSANDRA'] ?? `127.0.0.1:${env['CAES_CASSANDRA_PORT'] ?? 9042}`,
  redis: env['CAES_TEST_REDIS_URL'] ?? `redis://127.0.0.1:${env['CAES_REDIS_PORT'] ?? 6379}`,
})

export const movieMapping: estypes.MappingTypeMapping = {
  properties: {
    timestamp: { type: 'long' },
    title: { type: 'text' },
    director: { type: 'keyword' },
    genre: { type: 'keyword' },
    mpaa: { type: 'keyword' },
    released: { type: 'date' },
    minutes: { type: 'integer' },
    budget: { type: 'long' },
    gross: { type: 'long' },
    rating: { type: 'double' },
    votes: { type: 'integer' },
  },
}

export const movieColumns =
  'title text, director text, genre text, mpaa text, released date, minutes int, budget bigint, gross bigint, rating double, votes int'

/** Index and keyspace bear the same name. */
export const createIndex = (client: Elasticsearch, name: string) =>
  client.indices.create({
    index: name,
    settings: { number_of_shards: 1, number_of_replicas: 0 },
    mappings: movieMapping,
  })

export const createTables = async (client: Cassandra, keyspace: string): Promise<void> => {
  await client.execute(
    `CREATE KEYSPACE ${keyspace} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`,
  )
  await client.execute(
    `CREATE TABLE ${keyspace}.ts (id int, timestamp int, did uuid, PRIMARY KEY (id, timestamp, did))
     WITH default_time_to_live = 3600
     AND compaction = {'class': 'TimeWindowCompactionStrategy', 'compaction_window_unit': 'MINUTES', 'compaction_window_size': 10}`,
  )
  await client.execute(`CREATE TABLE ${keyspace}.movies (did uuid PRIMARY KEY, ${movieColumns})`)
}

/** JSON is YAML. */
export const configText = (
  name: string,
  { elasticsearch, cassandra, redis }: Endpoints,
  { interval, listen }: { readonly interval: number; readonly listen: string },
): string => {
  const [host, port] = cassandra.split(':')
  return JSON.stringify(
    {
      interval,
      ElasticSearchConfig: { index: name, type: 'movie', driver: { hosts: [elasticsearch] } },
      CassandraConfig: {
        keyspace: name,
        dataColumnFamily: 'movies',
        driver: { contact_points: [host], port: Number(port) },
      },
      redis: { url: redis, prefix: name },
      http: { listen },
    },
    null,
    2,
  )
}
