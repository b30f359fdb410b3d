/** The connection to one Elasticsearch cluster. The 8.19 client speaks to servers 8.19 and 9. */
import { Client } from '@elastic/elasticsearch'
import { connectionOptions, type TlsSettings } from '../../runtime/tls.js'
import { ExactSerializer } from './serializers.js'
import { KeptConnection } from './kept-connection.js'

export interface ElasticsearchOptions {
  /** Origins with optional path. Not needed with `cloudId`. */
  readonly nodes: readonly string[]
  readonly auth?:
    | { readonly username: string; readonly password: string }
    | { readonly apiKey: string }
    | { readonly bearer: string }
  readonly tls?: TlsSettings
  readonly requestTimeoutMs: number
  readonly compression?: boolean
  readonly headers?: Readonly<Record<string, string>>
  readonly cloudId?: string
}

/** Opens nothing yet: the first request does. Close it with `client.close()`. */
export const connectElasticsearch = (options: ElasticsearchOptions): Client =>
  new Client({
    ...(options.cloudId === undefined ? { nodes: [...options.nodes] } : { cloud: { id: options.cloudId } }),
    ...(options.auth === undefined ? {} : { auth: options.auth }),
    ...(options.tls === undefined ? {} : { tls: connectionOptions(options.tls) }),
    ...(options.headers === undefined ? {} : { headers: { ...options.headers } }),
    // A retry by the client would be sent after freshness was checked. Our own loops ask again before each send.
    maxRetries: 0,
    requestTimeout: options.requestTimeoutMs,
    // Sniffing finds addresses that only the cluster's own network can reach.
    sniffOnStart: false,
    sniffOnConnectionFault: false,
    compression: options.compression ?? false,
    enableMetaHeader: false,
    Serializer: ExactSerializer,
    Connection: KeptConnection,
  })

/** The addresses for messages: without user, password and query. */
export const describeNodes = (client: Client): string =>
  client.connectionPool.connections.map(({ url }) => `${url.origin}${url.pathname.replace(/\/$/, '')}`).join(', ')
