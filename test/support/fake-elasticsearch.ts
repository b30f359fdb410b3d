/**
 * A server on this machine that answers like Elasticsearch, for what no real server does on demand: to be busy, to
 * answer with half the truth, to find a request too large.
 */
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface FakeRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface FakeAnswer {
  readonly status?: number
  readonly body: unknown
}

/** Undefined: as a healthy server with the index `people` does. */
export type FakeHandler = (request: FakeRequest) => FakeAnswer | undefined | Promise<FakeAnswer | undefined>

export interface FakeElasticsearch {
  readonly url: string
  readonly requests: readonly FakeRequest[]
  /** How many were opened so far. */
  connections(): number
  close(): Promise<void>
}

export const people = {
  people: {
    aliases: {},
    mappings: { dynamic: 'strict', properties: { timestamp: { type: 'long' }, name: { type: 'keyword' } } },
    settings: { 'index.number_of_shards': '1' },
  },
}

export const fakeElasticsearch = async (handler: FakeHandler): Promise<FakeElasticsearch> => {
  const requests: FakeRequest[] = []
  const answer = async (incoming: IncomingMessage): Promise<FakeAnswer> => {
    const url = new URL(incoming.url ?? '/', 'http://fake')
    const body = await text(incoming)
    const request = {
      method: incoming.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: incoming.headers,
      body,
    }
    requests.push(request)
    return (await handler(request)) ?? healthy(request)
  }
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      try {
        const { status = 200, body } = await answer(incoming)
        const headers = { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' }
        outgoing.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))
      } catch (error) {
        outgoing.destroy(error instanceof Error ? error : new Error(String(error)))
      }
    })()
  })
  let connections = 0
  server.on('connection', () => (connections += 1))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    connections: () => connections,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const shards = { total: 1, successful: 1, failed: 0 }

const healthy = ({ method, path, body }: FakeRequest): FakeAnswer => {
  if (method === 'GET' && path === '/people') return { body: people }
  if (path.endsWith('/_refresh')) return { body: { _shards: shards } }
  if (method === 'POST' && path.endsWith('/_pit')) return { body: { id: 'pit', _shards: shards } }
  if (method === 'DELETE' && path === '/_pit') return { body: { succeeded: true, num_freed: 1 } }
  if (path === '/_search') return { body: { pit_id: 'pit', timed_out: false, _shards: shards, hits: { hits: [] } } }
  if (path.endsWith('/_bulk')) return { body: bulkAnswer(bulkIds(body).map(() => ({ status: 201 }))) }
  return { status: 404, body: { error: { type: 'not_faked', reason: `${method} ${path}` }, status: 404 } }
}

/** The ids in the body of a bulk request, in order. */
export const bulkIds = (body: string): string[] =>
  body
    .trimEnd()
    .split('\n')
    .filter((_, line) => line % 2 === 0)
    .map((line) => (JSON.parse(line) as { index: { _id: string } }).index._id)

export const bulkAnswer = (items: readonly { readonly status: number; readonly error?: object }[]): object => ({
  errors: items.some(({ status }) => status > 201),
  items: items.map((index) => ({ index })),
})
