/** How to reach a store, in words of neither driver. File paths are absolute. */

export interface TlsOptions {
  readonly caFile?: string
  readonly certFile?: string
  readonly keyFile?: string
  readonly keyPassphrase?: string
  /** Whether a certificate that no trusted authority has signed is refused. */
  readonly verify: boolean
  /** Whether the certificate must name the host that was dialled; only meaningful with `verify`. */
  readonly verifyHostname: boolean
}

export interface ElasticsearchConnection {
  /** Origins with optional path, without credentials: `https://host:9200/prefix`. Empty with `cloudId`. */
  readonly nodes: readonly string[]
  /** `apiKey` is the encoded form, base64 of `id:key`. */
  readonly auth?: { readonly username: string; readonly password: string } | { readonly apiKey: string }
  readonly tls?: TlsOptions
  readonly requestTimeoutMs: number
  readonly maxRetries?: number
  readonly retryOnTimeout?: boolean
  readonly compression?: boolean
  readonly headers?: Readonly<Record<string, string>>
  readonly cloudId?: string
}

export interface CassandraConnection {
  /** Host names and addresses; one with a port of its own has it: `host:9043`. */
  readonly contactPoints: readonly string[]
  readonly port: number
  /** Undefined: that of the first contact point that answers. */
  readonly localDataCenter?: string
  readonly credentials?: { readonly username: string; readonly password: string }
  readonly tls?: TlsOptions
  /** The highest version of the native protocol to use. */
  readonly protocolVersion?: number
  readonly connectTimeoutMs?: number
  readonly requestTimeoutMs: number
}
