/** A store before a fake server, with a clock whose sleeps pass at once and are written down. */
import { connectElasticsearch } from '../../../src/adapters/elasticsearch/client.js'
import {
  ElasticsearchDocumentStore,
  type DocumentStoreOptions,
} from '../../../src/adapters/elasticsearch/document-store.js'
import type { Clock } from '../../../src/ports/clock.js'
import type { DocumentWrite } from '../../../src/ports/store.js'
import { fakeElasticsearch, type FakeElasticsearch, type FakeHandler } from '../../support/fake-elasticsearch.js'
import { keepingLogger } from '../../support/keeping-logger.js'

export interface FakeStore {
  readonly store: ElasticsearchDocumentStore
  readonly server: FakeElasticsearch
  /** Requests whose path ends so. */
  requests(ending: string): FakeElasticsearch['requests']
  /** Microseconds of each wait. */
  readonly sleeps: readonly number[]
  readonly logger: ReturnType<typeof keepingLogger>
  close(): Promise<void>
}

export const fakeStore = async (
  handler: FakeHandler,
  options: Partial<DocumentStoreOptions> = {},
): Promise<FakeStore> => {
  const server = await fakeElasticsearch(handler)
  const client = connectElasticsearch({ nodes: [server.url], requestTimeoutMs: 10_000 })
  const sleeps: number[] = []
  const clock: Clock = {
    now: () => 0,
    monotonic: () => 0,
    sleep: async (span, signal) => {
      signal.throwIfAborted()
      sleeps.push(span)
    },
  }
  const logger = keepingLogger()
  const store = new ElasticsearchDocumentStore({
    client,
    index: 'people',
    timestampField: 'timestamp',
    unit: 's',
    mirrored: new Set(['name']),
    clock,
    logger,
    random: () => 1,
    ...options,
  })
  return {
    store,
    server,
    sleeps,
    logger,
    requests: (ending) => server.requests.filter(({ path }) => path.endsWith(ending)),
    close: async () => {
      await client.close()
      await server.close()
    },
  }
}

export const writes = (count: number, name: string = 'someone'): DocumentWrite[] =>
  Array.from({ length: count }, (_, at) => ({ id: `id-${at}`, version: 100 + at, source: { name } }))

export const always = (): boolean => true
export const signal = new AbortController().signal
