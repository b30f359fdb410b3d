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
  /** The name that the certificate must have instead, for servers that are dialled by address. */
  readonly serverName?: string
}

export interface Login {
  readonly username: string
  readonly password: string
}

export interface Address {
  readonly host: string
  readonly port: number
}

/** One server by `url`, or the servers behind a sentinel, or a cluster. */
export interface RedisConnection {
  /** `redis://` or `rediss://`, with credentials and database where needed. */
  readonly url?: string
  readonly sentinel?: {
    /** What the sentinels call the servers that they watch. */
    readonly name: string
    readonly nodes: readonly Address[]
    readonly login?: RedisLogin
  }
  readonly cluster?: readonly Address[]
  /** Over that of the URL. */
  readonly login?: RedisLogin
  readonly database?: number
  readonly tls?: TlsOptions
}

/** Without a user name it is the user `default`. */
export interface RedisLogin {
  readonly username?: string
  readonly password: string
}

export interface ElasticsearchConnection {
  /** Origins with optional path, without credentials: `https://host:9200/prefix`. Empty with `cloudId`. */
  readonly nodes: readonly string[]
  /** `apiKey` is the encoded form, base64 of `id:key`. */
  readonly auth?: Login | { readonly apiKey: string } | { readonly bearer: string }
  readonly tls?: TlsOptions
  readonly requestTimeoutMs: number
  readonly maxRetries?: number
  readonly retryOnTimeout?: boolean
  readonly compression?: boolean
  readonly headers?: Readonly<Record<string, string>>
  readonly cloudId?: string
}

export interface CassandraConnection {
  /** Host names and addresses; one with a port of its own has it: `host:9043`. Not looked at with `bundleFile`. */
  readonly contactPoints: readonly string[]
  readonly port: number
  /** Undefined: that of the first contact point that answers. */
  readonly localDataCenter?: string
  readonly credentials?: Login
  readonly tls?: TlsOptions
  /** Secure connect bundle: a zip with addresses and certificates, instead of contact points and TLS. */
  readonly bundleFile?: string
  /** The highest version of the native protocol to use. */
  readonly protocolVersion?: number
  readonly connectTimeoutMs?: number
  readonly requestTimeoutMs: number
}
