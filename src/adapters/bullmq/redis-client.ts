/** The client for one server, for the servers behind sentinels, or for a cluster. It connects in the background. */
import { Cluster, Redis, type RedisOptions } from 'ioredis'
import { CaesError } from '../../core/errors.js'
import { connectionOptions, type TlsSettings } from '../../runtime/tls.js'
import { heardAlert } from '../../runtime/tls-alert.js'

/** Without a user name it is the user `default`. */
export interface RedisLogin {
  readonly username?: string
  readonly password: string
}

export interface RedisAddress {
  readonly host: string
  readonly port: number
}

/** One of url, sentinel and cluster. */
export interface RedisEndpoint {
  /** redis:// or rediss://, with credentials and database where needed. */
  readonly url?: string
  readonly sentinel?: {
    readonly name: string
    readonly nodes: readonly RedisAddress[]
    readonly login?: RedisLogin
  }
  readonly cluster?: readonly RedisAddress[]
  /** Over that of the URL. */
  readonly login?: RedisLogin
  readonly database?: number
  /** Sentinels are asked over TLS as well. */
  readonly tls?: TlsSettings
  /** Prefix of every key; installations that share a Redis differ in it. */
  readonly prefix: string
}

export type RedisPlace = Omit<RedisEndpoint, 'prefix'>

const joined = (nodes: readonly RedisAddress[]): string => nodes.map(({ host, port }) => `${host}:${port}`).join(', ')

/** Everything of the address that may be shown: no user, no password, no query. */
export const shownPlace = ({ url, sentinel, cluster }: RedisPlace): string => {
  if (sentinel !== undefined) return `${sentinel.name} of sentinel ${joined(sentinel.nodes)}`
  if (cluster !== undefined) return `cluster ${joined(cluster)}`
  if (url === undefined || !URL.canParse(url)) return 'redis.url'
  const { hostname, port, pathname } = new URL(url)
  return `${hostname}:${port === '' ? '6379' : port}${pathname === '/' ? '' : pathname}`
}

const retry = (times: number): number => Math.min(2 ** Math.min(times, 6) * 50, 2_000)

/** How a connection behaves, apart from where it leads. */
export type RedisBehaviour = Pick<
  RedisOptions,
  'maxRetriesPerRequest' | 'commandTimeout' | 'socketTimeout' | 'connectionName'
>

export interface RedisClientOptions {
  readonly behaviour: RedisBehaviour
  /** Whether commands wait for a connection. */
  readonly offlineQueue: boolean
}

/** Errors: CAES_CONFIG_INVALID for a URL that is none. */
export const redisClient = (place: RedisPlace, { behaviour, offlineQueue }: RedisClientOptions): Redis | Cluster => {
  const { url, sentinel, cluster, login, database, tls } = place
  const each = {
    ...behaviour,
    connectTimeout: 5_000,
    // Keeps a process from ending, also after a connection that never stood.
    disconnectTimeout: 200,
    ...login,
    ...(database === undefined ? {} : { db: database }),
    ...(tls === undefined ? {} : { tls: connectionOptions(tls) }),
  }
  const common = { ...each, enableOfflineQueue: offlineQueue, retryStrategy: retry }
  if (cluster !== undefined) {
    return new Cluster([...cluster], {
      enableOfflineQueue: offlineQueue,
      clusterRetryStrategy: retry,
      // A certificate names the host that was dialled, not the address that it resolves to.
      dnsLookup: (host, done) => done(null, host),
      redisOptions: each,
    })
  }
  if (sentinel !== undefined) {
    return new Redis({
      ...common,
      name: sentinel.name,
      sentinels: [...sentinel.nodes],
      ...(sentinel.login === undefined ? {} : sentinelLogin(sentinel.login)),
      ...(tls === undefined ? {} : { sentinelTLS: connectionOptions(tls), enableTLSForSentinelMode: true }),
      sentinelRetryStrategy: retry,
    })
  }
  if (url === undefined || !/^rediss?:\/\//.test(url) || !URL.canParse(url)) {
    // The URL itself is not repeated: it may hold a password.
    throw new CaesError('CAES_CONFIG_INVALID', 'redis.url is not a redis:// or rediss:// URL', { where: 'redis.url' })
  }
  return new Redis(fullUrl(url, place), common)
}

/** For the client a URL comes before all other options, so what stands over it has to go into it. */
const fullUrl = (written: string, { login, database }: RedisPlace): string => {
  const url = new URL(written)
  if (login !== undefined) {
    url.username = encodeURIComponent(login.username ?? '')
    url.password = encodeURIComponent(login.password)
  }
  if (database !== undefined) url.pathname = `/${database}`
  return url.href
}

/**
 * What the first server has against us that the client does not tell: of a certificate it may learn no more than that
 * the connection was closed, and of a sentinel it passes on no error but its own.
 */
export const unheardRefusal = async ({ url, sentinel, cluster, tls }: RedisPlace): Promise<Error | undefined> => {
  if (sentinel !== undefined) return sentinelError(sentinel, tls)
  if (tls === undefined) return undefined
  const first = cluster?.[0] ?? new URL(url ?? '')
  const host = ('hostname' in first ? first.hostname : first.host).replace(/^\[(.*)\]$/, '$1')
  return heardAlert({ ...connectionOptions(tls), host, port: Number(first.port || 6379) })
}

const sentinelError = async (
  { nodes, login }: NonNullable<RedisPlace['sentinel']>,
  tls: TlsSettings | undefined,
): Promise<Error | undefined> => {
  const client = new Redis({
    ...nodes[0],
    ...login,
    ...(tls === undefined ? {} : { tls: connectionOptions(tls) }),
    lazyConnect: true,
    connectTimeout: 2_000,
    retryStrategy: null,
  })
  let found: Error | undefined
  client.on('error', (error: Error) => (found ??= error))
  // What it rejects with says only that the connection was closed.
  await client.connect().catch(() => undefined)
  client.disconnect()
  return found
}

const sentinelLogin = ({ username, password }: RedisLogin) => ({
  ...(username === undefined ? {} : { sentinelUsername: username }),
  sentinelPassword: password,
})
