/** Real Elasticsearch for tests: one client, and an index of its own for each test. */
import { randomUUID } from 'node:crypto'
import type { Client, estypes } from '@elastic/elasticsearch'
import { connectElasticsearch, type ElasticsearchOptions } from '../../src/adapters/elasticsearch/client.js'

export const elasticsearchUrl = process.env['CAES_TEST_ES_URL'] ?? 'http://127.0.0.1:9200'

export const testClient = (options: Partial<ElasticsearchOptions> = {}): Client =>
  connectElasticsearch({ nodes: [elasticsearchUrl], requestTimeoutMs: 30_000, ...options })

export interface TestIndex {
  readonly name: string
  drop(): Promise<void>
}

/** Creates an index under a name that no other test has. Without replicas: one node could not hold them. */
export const testIndex = async (
  client: Client,
  mappings: estypes.MappingTypeMapping = { properties: { timestamp: { type: 'long' } } },
  settings: estypes.IndicesIndexSettings = {},
): Promise<TestIndex> => {
  const name = `caes-test-${randomUUID()}`
  // Only `_refresh` makes writes searchable: a test that forgets it must not pass by chance.
  const quiet = { number_of_shards: 1, number_of_replicas: 0, refresh_interval: '-1' }
  await client.indices.create({ index: name, mappings, settings: { ...quiet, ...settings } })
  return {
    name,
    drop: async () => {
      await client.indices.delete({ index: name }, { ignore: [404] })
    },
  }
}

/** Counts the client's requests and keeps their paths, so that a test can say how few there are. */
export const watchRequests = (client: Client): { readonly paths: readonly string[]; reset(): void } => {
  const paths: string[] = []
  client.diagnostic.on('request', (_error, result) => {
    const { method, path } = result?.meta.request.params ?? {}
    paths.push(`${method} ${path}`)
  })
  return {
    paths,
    reset: () => {
      paths.length = 0
    },
  }
}
