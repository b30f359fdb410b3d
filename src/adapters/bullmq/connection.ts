/** Connections to Redis: one for producing, one for each worker, and one line in the log per outage of any of them. */
import type { Cluster, Redis } from 'ioredis'
import type { CaesError } from '../../core/errors.js'
import type { Logger } from '../../ports/logger.js'
import { redisClient, shownPlace, unheardRefusal, type RedisClientOptions, type RedisPlace } from './redis-client.js'
import { isNobodyThere, linkFault, staysRefused } from './redis-faults.js'

// A connection that leads nowhere any more, without being closed, owes an answer for ever: after `socketTimeout` it is
// given up for a new one. A worker waits for jobs for up to ten seconds at a time, and renews its locks well after that.
const kinds = {
  // A producer has to say that Redis is down instead of remembering what it should have sent.
  producer: {
    offlineQueue: false,
    behaviour: { maxRetriesPerRequest: 1, commandTimeout: 5_000, socketTimeout: 5_000 },
  },
  // A worker outlives any outage; BullMQ requires null here.
  worker: { offlineQueue: true, behaviour: { maxRetriesPerRequest: null, socketTimeout: 13_000 } },
} as const satisfies Record<string, RedisClientOptions>

export interface RedisLink {
  readonly client: Redis | Cluster
  /** For messages; without credentials. */
  readonly where: string
  isReady(): boolean
  /** Errors: CAES_REDIS_DOWN after `limitMs` without a connection; at once CAES_REDIS_DENIED, CAES_CERTIFICATE_REFUSED. */
  untilReady(limitMs: number): Promise<void>
  /** The same for whoever only looks: where nothing listens, nobody is waited for. */
  untilReadyOrRefused(limitMs: number): Promise<void>
  close(): void
}

/** Opens a connection in the background and keeps it until `close`. Errors: CAES_CONFIG_INVALID for a bad URL. */
export const openRedis = (place: RedisPlace, kind: keyof typeof kinds, name: string, logger: Logger): RedisLink => {
  const where = shownPlace(place)
  const { offlineQueue, behaviour } = kinds[kind]
  const client = redisClient(place, { offlineQueue, behaviour: { ...behaviour, connectionName: name } })
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
  const failures = {
    fault: (error: unknown = lastError) => linkFault(where, error),
    unheard: () => unheardRefusal(place),
  }
  return {
    client,
    where,
    isReady: () => client.status === 'ready',
    untilReady: (limitMs) => untilReady(client, limitMs, { ...failures, isFinal: staysRefused }),
    untilReadyOrRefused: (limitMs) =>
      untilReady(client, limitMs, { ...failures, isFinal: (error) => staysRefused(error) || isNobodyThere(error) }),
    close: () => {
      closing = true
      client.disconnect()
    },
  }
}

interface Failures {
  readonly fault: (error?: unknown) => CaesError
  /** See unheardRefusal. */
  readonly unheard: () => Promise<Error | undefined>
  /** Whether it is not to be waited for anything else. */
  readonly isFinal: (error: unknown) => boolean
}

const untilReady = async (client: Redis | Cluster, limitMs: number, failures: Failures): Promise<void> => {
  if (client.status === 'ready') return
  const { fault, unheard, isFinal } = failures
  await new Promise<void>((resolve, reject) => {
    let asked = false
    const settle = (done: () => void): void => {
      clearTimeout(timer)
      client.off('ready', onReady)
      client.off('end', onEnd)
      client.off('error', onError)
      done()
    }
    const onReady = (): void => settle(resolve)
    const onEnd = (): void => settle(() => reject(fault()))
    const onError = (error: unknown): void => {
      // Tried again it would say the same.
      if (isFinal(error)) settle(() => reject(fault(error)))
      else if (!asked) void ask()
    }
    const ask = async (): Promise<void> => {
      asked = true
      const heard = await unheard()
      if (staysRefused(heard)) onError(heard)
    }
    const timer = setTimeout(onEnd, limitMs)
    client.once('ready', onReady)
    client.once('end', onEnd)
    client.on('error', onError)
  })
}
