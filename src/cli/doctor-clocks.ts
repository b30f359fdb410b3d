/** How far the clocks of the stores are from that of this host, each node by its own. */
import { errors, type Client as ElasticsearchClient } from '@elastic/elasticsearch'
import { types, type Client as CassandraClient, type Host as CassandraHost } from 'cassandra-driver'
import { Cluster, type Redis } from 'ioredis'
import type { Micros } from '../core/version.js'

/** How far ahead each node is, by its name or address. */
export type Clocks = ReadonlyMap<string, Micros>

/** A store of one node goes by its own name. @param ahead of all stores, so far */
export const noteClocks = (ahead: Map<string, Micros>, store: string, clocks: Clocks): void => {
  for (const [node, offset] of clocks) ahead.set(clocks.size === 1 ? store : `${store} node ${node}`, offset)
}

interface ElasticsearchNodes {
  /** That of the oldest node: during an upgrade there are several. Undefined where the user may not see it. */
  readonly version: string | undefined
  readonly clocks: Clocks
}

export const elasticsearchNodes = async (client: ElasticsearchClient): Promise<ElasticsearchNodes> => {
  try {
    const { nodes } = await client.nodes.info({ metric: 'os' })
    const [version] = Object.values(nodes)
      .map(({ version }) => version)
      .toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true }))
    const times = Object.entries((await client.nodes.stats({ metric: 'os' })).nodes)
    return {
      version,
      clocks: new Map(times.map(([id, { name, timestamp }]) => [name ?? id, offsetOf(timestamp ?? Number.NaN)])),
    }
  } catch (error) {
    if (!(error instanceof errors.ResponseError) || error.statusCode !== 403) throw error
    // Nobody needs rights on the cluster to sync an index.
    return { version: undefined, clocks: new Map() }
  }
}

/** Each node by its own clock: a client's write is stamped by whichever of them took it. */
export const cassandraClocks = async (client: CassandraClient): Promise<Clocks> => {
  const clocks = new Map<string, Micros>()
  // The driver holds no connections to other data centers.
  for (const host of client.getState().getConnectedHosts()) {
    clocks.set(host.address, offsetOf(await cassandraTime(client, host)))
  }
  return clocks
}

export const redisClocks = async (client: Redis | Cluster): Promise<Clocks> => {
  const clocks = new Map<string, Micros>()
  for (const node of client instanceof Cluster ? client.nodes('master') : [client]) {
    const [seconds = 0, micros = 0] = ((await node.call('TIME')) as (string | number)[]).map(Number)
    clocks.set(`${node.options.host}:${node.options.port}`, offsetOf(seconds * 1_000 + micros / 1_000))
  }
  return clocks
}

/** Nothing closer says anything: an answer takes a while, and some count whole seconds. */
const offsetOf = (milliseconds: number): Micros => {
  const offset = milliseconds - Date.now()
  return Number.isNaN(offset) || Math.abs(offset) < 1_500 ? 0 : offset * 1_000
}

const cassandraTime = async (client: CassandraClient, host: CassandraHost): Promise<number> => {
  const { rows } = await client.execute('SELECT toUnixTimestamp(now()) AS time FROM system.local', [], {
    host,
    isIdempotent: true,
    consistency: types.consistencies.localOne,
  })
  return Number(rows[0]?.get('time'))
}
