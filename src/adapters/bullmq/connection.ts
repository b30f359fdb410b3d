/** Connections to Redis: one for producing, one for each worker, and one line in the log per outage of any of them. */
import { Redis, type RedisOptions } from 'ioredis'
import { CaesError } from '../../core/errors.js'
import type { Logger } from '../../ports/logger.js'
import { isDenial, linkFault } from './redis-faults.js'

export interface RedisEndpoint {
  /** redis:// or rediss://, with credentials and database where needed. */
  readonly url: string
  /** Prefix of every key; installations that share a Redis differ in it. */
  readonly prefix: string
}

/** Host, port and database: everything of the URL that may be shown. */
export const shownUrl = (url: string): string => {
  if (!URL.canParse(url)) return 'redis.url'
  const { hostname, port, pathname } = new URL(url)
  return `${hostname}:${port === '' ? '6379' : port}${pathname === '/' ? '' : pathname}`
}

const kinds = {
  // A producer has to say that Redis is down instead of remembering what it should have sent.
  producer: { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 5_000 },
  // A worker outlives any outage; BullMQ requires null here.
  worker: { maxRetriesPerRequest: null },
} as const satisfies Record<string, RedisOptions>

export interface RedisLink {
  readonly client: Redis
  /** For messages; without credentials. */
  readonly where: string
  isReady(): boolean
  /** Errors: CAES_REDIS_DOWN after `limitMs` without a connection, CAES_REDIS_DENIED at once. */
  untilReady(limitMs: number): Promise<void>
  close(): void
}

/** Opens a connection in the background and keeps it until `close`. Errors: CAES_CONFIG_INVALID for a bad URL. */
export const openRedis = (url: string, kind: keyof typeof kinds, name: string, logger: Logger): RedisLink => {
  const where = shownUrl(url)
  if (!/^rediss?:\/\//.test(url) || !URL.canParse(url)) {
    // The URL itself is not repeated: it may hold a password.
    throw new CaesError('CAES_CONFIG_INVALID', 'redis.url is not a redis:// or rediss:// URL', { where: 'redis.url' })
  }
  const client = new Redis(url, {
    ...kinds[kind],
    connectionName: name,
    connectTimeout: 5_000,
    retryStrategy: (times) => Math.min(2 ** Math.min(times, 6) * 50, 2_000),
  })
  let lastError: Error | undefined
  let outage = false
  let closing = false
  client.on('error', (error: Error) => {
    lastError = error
  })
  client.on('close', () => {
    if (outage || closing) return
    outage = true
    logger.warn({ redis: where, connection: name, reason: lastError?.message }, 'Redis is out of reach; retrying')
  })
  client.on('ready', () => {
    lastError = undefined
    if (outage) logger.info({ redis: where, connection: name }, 'Redis is back')
    outage = false
  })
  return {
    client,
    where,
    isReady: () => client.status === 'ready',
    untilReady: (limitMs) => untilReady(client, limitMs, () => linkFault(where, lastError)),
    close: () => {
      closing = true
      client.disconnect()
    },
  }
}

const untilReady = async (client: Redis, limitMs: number, failure: () => CaesError): Promise<void> => {
  if (client.status === 'ready') return
  await new Promise<void>((resolve, reject) => {
    const settle = (done: () => void) => (): void => {
      clearTimeout(timer)
      client.off('ready', onReady)
      client.off('end', onEnd)
      client.off('error', onError)
      done()
    }
    const onReady = settle(resolve)
    const onEnd = settle(() => reject(failure()))
    // Tried again it would say the same.
    const onError = (error: Error): void => (isDenial(error) ? onEnd() : undefined)
    const timer = setTimeout(onEnd, limitMs)
    client.once('ready', onReady)
    client.once('end', onEnd)
    client.on('error', onError)
  })
}
