/**
 * Applications that write to both stores by the contract of docs/contract.md, and remember every attempt. Each has a clock
 * of its own, up to a second off, from which it takes versions and write times.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { errors as elasticsearchErrors } from '@elastic/elasticsearch'
import cassandra from 'cassandra-driver'
import { connectElasticsearch } from '../../../src/adapters/elasticsearch/client.js'
import type { Random } from '../../simulation/random.js'
import { columns, type Attempt, type Content, type Outcome } from './history.js'

/** Where clients find the stores: ports of 127.0.0.1, and the name of index and keyspace. */
export interface Place {
  readonly elasticsearch: number
  readonly cassandra: number
  readonly name: string
}

export interface Clients {
  /** Attempts so far, those without an answer yet as unknown. */
  readonly attempts: readonly Attempt[]
  /** Writes no more; resolves when every request has its outcome. */
  stop(): Promise<void>
}

export interface Load {
  readonly ids: readonly string[]
  readonly random: Random
  /** Writes of each client. */
  readonly perSecond: number
}

/** Names of clients, and how far their clocks are ahead, in milliseconds. */
const clients = [
  { name: 'e1', side: 'elasticsearch', ahead: 900 },
  { name: 'e2', side: 'elasticsearch', ahead: -1_000 },
  { name: 'c1', side: 'cassandra', ahead: 1_000 },
  { name: 'c2', side: 'cassandra', ahead: -900 },
] as const

const requestMs = 3_000
const mostUnderWay = 8
/** After an attempt without an answer the client looks this often whether it may try again, with a greater version. */
const retryMs = 300
/** So many records get a tenth of the writes: there both sides meet within a second. */
const contested = 5

type Send = (id: string, version: number, content: Content) => Promise<Outcome>

export const startClients = async (place: Place, { ids, random, perSecond }: Load): Promise<Clients> => {
  const attempts: Attempt[] = []
  const stopping = new AbortController()
  const sendTo = { elasticsearch: openElasticsearch(place), cassandra: await openCassandra(place) }

  const runClient = async ({ name, side, ahead }: (typeof clients)[number]): Promise<void> => {
    const now = (): number => Date.now() + ahead
    const send = sendTo[side].writer(now)
    /** The newest version of each record that this client knows of: it never writes one that is not greater. */
    const known = new Map<string, number>()
    const underWay = new Set<Promise<void>>()
    let writes = 0

    const attempt = async (id: string, version: number, content: Content): Promise<Outcome> => {
      const made: Attempt = { id, side, version, content, outcome: 'unknown' }
      attempts.push(made)
      made.outcome = await send(id, version, content)
      return made.outcome
    }
    const write = async (id: string): Promise<void> => {
      const names = columns.filter((_, index) => index === 0 || random.chance(0.7))
      const mayTry = (): boolean => Math.floor(now() / 1_000) > (known.get(id) ?? 0)
      while (mayTry() && !stopping.signal.aborted) {
        const version = Math.floor(now() / 1_000)
        known.set(id, version)
        writes += 1
        // Every value tells whose it is, so that a mixed row is recognised.
        const content = Object.fromEntries(names.map((column) => [column, `${name}-${writes}`]))
        if ((await attempt(id, version, content)) !== 'unknown') return
        while (!mayTry() && !stopping.signal.aborted) await pause(retryMs, stopping.signal)
      }
    }
    while (!stopping.signal.aborted) {
      if (underWay.size < mostUnderWay) {
        const id = ids[random.chance(0.1) ? random.int(0, contested - 1) : random.int(0, ids.length - 1)]!
        const writing = write(id).finally(() => underWay.delete(writing))
        underWay.add(writing)
      }
      await pause((1_000 / perSecond) * (0.5 + random.next()), stopping.signal)
    }
    await Promise.all(underWay)
  }
  const running = Promise.all(clients.map(runClient))
  // A client that breaks is a fault of the test: it must not end the process before `stop` tells.
  running.catch(() => stopping.abort())
  return {
    attempts,
    stop: async () => {
      stopping.abort()
      try {
        await running
      } finally {
        await sendTo.elasticsearch.close()
        await sendTo.cassandra.close()
      }
    },
  }
}

const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  if (signal.aborted) return
  await sleep(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}

const openElasticsearch = ({ elasticsearch: port, name }: Place) => {
  const client = connectElasticsearch({ nodes: [`http://127.0.0.1:${port}`], requestTimeoutMs: requestMs })
  const write: Send = async (id, version, content) => {
    try {
      await client.index({
        index: name,
        id,
        version,
        version_type: 'external',
        document: { ...content, timestamp: version },
      })
      return 'acknowledged'
    } catch (error) {
      if (!(error instanceof elasticsearchErrors.ElasticsearchClientError)) throw error
      // Something newer is there, or the index is blocked, which is looked at before anything is written.
      const refused =
        error instanceof elasticsearchErrors.ResponseError && [403, 409, 429].includes(error.statusCode ?? 0)
      return refused ? 'refused' : 'unknown'
    }
  }
  return { writer: () => write, close: () => client.close() }
}

const openCassandra = async ({ cassandra: port, name }: Place) => {
  const { policies, types } = cassandra
  const client = new cassandra.Client({
    contactPoints: ['127.0.0.1'],
    protocolOptions: { port },
    localDataCenter: 'datacenter1',
    keyspace: name,
    socketOptions: { readTimeout: requestMs, connectTimeout: requestMs },
    policies: {
      retry: new policies.retry.FallthroughRetryPolicy(),
      reconnection: new policies.reconnection.ConstantReconnectionPolicy(500),
    },
  })
  await client.connect()
  let writers = 0
  const writer = (now: () => number): Send => {
    writers += 1
    const own = writers
    let last = 0
    return async (id, version, content) => {
      // The driver would take it from the clock of this machine. No two writes have the same: cells would mix.
      const timestamp = Math.max(now() * 1_000 + own, last + 10)
      last = timestamp
      try {
        await client.batch(
          [
            { query: 'INSERT INTO ts (id, timestamp, did) VALUES (0, ?, ?)', params: [version, id] },
            {
              query: `INSERT INTO data (did, ${columns.join(', ')}) VALUES (?, ?, ?, ?)`,
              params: [id, ...columns.map((column) => content[column] ?? null)],
            },
          ],
          { prepare: true, logged: true, consistency: types.consistencies.quorum, timestamp },
        )
        return 'acknowledged'
      } catch (error) {
        if (error instanceof TypeError || isRefusal(error)) throw error
        return 'unknown'
      }
    }
  }
  return { writer, close: () => client.shutdown() }
}

const { invalid, syntaxError } = cassandra.types.responseErrorCodes
const refusals: ReadonlySet<number> = new Set([invalid, syntaxError])

/** Not the store is at fault, but the statement. */
const isRefusal = (error: unknown): boolean => {
  return error instanceof cassandra.errors.ResponseError && refusals.has(error.code)
}
