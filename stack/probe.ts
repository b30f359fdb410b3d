import type { ServerName } from './settings.js'

const patienceMs = 5_000

/** Asks a server on 127.0.0.1 for a real answer and returns its version. Rejects when there is none. */
export type Probe = (port: number) => Promise<string>

/** One real request a server. The drivers are loaded when they are needed: `--help` must not wait for them. */
export const probes: Readonly<Record<ServerName, Probe>> = {
  elasticsearch: probeElasticsearch,
  cassandra: probeCassandra,
  redis: probeRedis,
}

/** Not `GET /`: the build from Maven Central has no handler for it. */
async function probeElasticsearch(port: number): Promise<string> {
  const base = `http://127.0.0.1:${port}`
  const health = await askElasticsearch(`${base}/_cluster/health?wait_for_status=yellow&timeout=1s`)
  if (health['timed_out'] !== false) throw new Error('the cluster is not ready yet')
  const answer = await askElasticsearch(`${base}/_nodes/_local?filter_path=nodes.*.version`)
  const [node] = Object.values((answer['nodes'] ?? {}) as Record<string, { version?: string }>)
  if (node?.version === undefined) throw new Error('the answer names no version')
  return node.version
}

async function askElasticsearch(url: string): Promise<Record<string, unknown>> {
  const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) })
  const body: unknown = await response.json()
  if (!response.ok || typeof body !== 'object' || body === null) throw new Error(`HTTP ${response.status} from ${url}`)
  return body as Record<string, unknown>
}

async function probeCassandra(port: number): Promise<string> {
  const { Client } = await import('cassandra-driver')
  const client = new Client({
    contactPoints: [`127.0.0.1:${port}`],
    localDataCenter: 'datacenter1',
    socketOptions: { connectTimeout: patienceMs, readTimeout: patienceMs },
  })
  try {
    const { rows } = await client.execute('SELECT release_version FROM system.local')
    return String(rows[0]?.['release_version'])
  } finally {
    await client.shutdown()
  }
}

async function probeRedis(port: number): Promise<string> {
  const { Redis } = await import('ioredis')
  const client = new Redis({
    host: '127.0.0.1',
    port,
    lazyConnect: true,
    connectTimeout: patienceMs,
    commandTimeout: patienceMs,
    retryStrategy: () => null,
  })
  let failure: Error | undefined
  // Without a listener the client prints it; connect() then only says that the connection was closed.
  client.on('error', (error: Error) => (failure = error))
  try {
    await client.connect()
    if ((await client.ping()) !== 'PONG') throw new Error('PING was not answered with PONG')
    return /^redis_version:(\S+)/m.exec(await client.info('server'))?.[1] ?? 'unknown'
  } catch (error) {
    throw failure ?? error
  } finally {
    client.disconnect()
  }
}
