/** What receives traces by OTLP over HTTP, as a collector does, on 127.0.0.1. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A span, as far as tests look at it. */
export interface SentSpan {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly attributes: Readonly<Record<string, unknown>>
  readonly status: { readonly code?: number; readonly message?: string }
  /** Of the process that sent it. */
  readonly resource: Readonly<Record<string, unknown>>
}

export interface Collector {
  readonly url: string
  readonly requests: readonly { readonly path: string; readonly type: string; readonly body: Buffer }[]
  /** Of the requests that were sent as JSON. */
  spans(): readonly SentSpan[]
  close(): Promise<void>
}

interface Values {
  readonly attributes?: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[]
}

/** @param status what it answers */
export const openCollector = async (status = 200): Promise<Collector> => {
  const requests: { readonly path: string; readonly type: string; readonly body: Buffer }[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const type = request.headers['content-type'] ?? ''
      requests.push({ path: request.url ?? '', type, body: Buffer.concat(chunks) })
      response.writeHead(status, { 'content-type': type }).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    spans: () => requests.filter(({ type }) => type === 'application/json').flatMap(({ body }) => spansOf(body)),
    close: () => closed(server),
  }
}

interface Sent {
  readonly resourceSpans: readonly {
    readonly resource: Values
    readonly scopeSpans: readonly { readonly spans: readonly (Omit<SentSpan, 'attributes' | 'resource'> & Values)[] }[]
  }[]
}

const spansOf = (body: Buffer): SentSpan[] =>
  (JSON.parse(body.toString('utf8')) as Sent).resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({ ...span, attributes: plain(span), resource: plain(resource) })),
    ),
  )

/** `{ stringValue: 'x' }` → `'x'`. */
const plain = ({ attributes = [] }: Values): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.closeAllConnections()
    server.close(() => resolve())
  })
