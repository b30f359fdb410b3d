import { expect, it } from 'vitest'
import { ElasticsearchDocumentStore } from '../../src/adapters/elasticsearch/document-store.js'
import { systemClock } from '../../src/runtime/clock.js'
import { testClient, testIndex, watchRequests } from '../support/elasticsearch.js'
import { keepingLogger } from '../support/keeping-logger.js'
import { describeDocumentScan } from './document-scan.js'
import { describeDocumentPurge } from './document-purge.js'
import { describeDocumentStore, type DocumentStoreFixture } from './document-store.js'

const pageSize = 10
const batchSize = 5

const elasticsearchDocuments = async (): Promise<DocumentStoreFixture> => {
  const client = testClient()
  const syncClient = testClient()
  const index = await testIndex(client, {
    properties: {
      timestamp: { type: 'long' },
      name: { type: 'keyword' },
      count: { type: 'long' },
      poison: { type: 'integer' },
    },
  })
  const requests = watchRequests(syncClient)
  const store = new ElasticsearchDocumentStore({
    client: syncClient,
    index: index.name,
    timestampField: 'timestamp',
    unit: 's',
    mirrored: new Set(['name', 'count', 'poison']),
    clock: systemClock,
    logger: keepingLogger(),
    pageLimits: { maxDocuments: pageSize, targetBytes: 8e6, maxBytes: 64e6 },
    bulkLimits: { maxActions: batchSize },
  })
  const external = (id: string, version: number) => ({
    index: index.name,
    id,
    version,
    version_type: 'external' as const,
  })
  return {
    store,
    pageSize,
    batchSize,
    client: {
      put: async (id, version, source) => {
        await client.index({ ...external(id, version), document: source })
      },
      putMany: async (documents) => {
        const operations = documents.flatMap(({ id, version, source }) => [
          { index: { _id: id, version, version_type: 'external' as const } },
          source,
        ])
        const { errors } = await client.bulk({ index: index.name, operations })
        if (errors) throw new Error('a client’s write failed')
      },
      putUnversioned: async (id, source) => {
        await client.index({ index: index.name, id, document: source })
      },
      delete: async (id, version) => {
        await client.delete(external(id, version))
      },
    },
    requests: () => requests.paths.length,
    close: async () => {
      await index.drop()
      await Promise.all([client.close(), syncClient.close()])
    },
  }
}

describeDocumentStore('Elasticsearch', elasticsearchDocuments)
describeDocumentScan('Elasticsearch', elasticsearchDocuments)
describeDocumentPurge('Elasticsearch', elasticsearchDocuments)

/** `npm run test:8.19` would prove nothing if it met another server. */
it('all of this ran on the Elasticsearch that ES_VERSION asks for, or else on a supported one', async () => {
  const client = testClient()
  try {
    // The local stack has no page at `/` that tells it.
    const { nodes } = await client.nodes.info({ node_id: '_local' })
    const [version] = Object.values(nodes).map((node) => node.version)
    const wanted = process.env['ES_VERSION'] ?? ''
    expect(version).toMatch(wanted === '' ? /^(8\.19|9)\./ : new RegExp(`^${wanted.replaceAll('.', String.raw`\.`)}$`))
  } finally {
    await client.close()
  }
})
