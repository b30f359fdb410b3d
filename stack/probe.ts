import { readFileSync } from 'node:fs'
import type { SecurePlace } from './secure-place.js'
import type { ServerName } from './settings.js'

const patienceMs = 5_000

/** Asks a server on 127.0.0.1 for a real answer and returns its version. Rejects when there is none. */
export type Probe = (port: number) => Promise<string>

/** What a secure server wants to see. */
interface Access {
  readonly username: string
  readonly password: string
  readonly tls: { readonly ca: Buffer; readonly cert: Buffer; readonly key: Buffer }
}

/**
 * One real request a server. The drivers are loaded when they are needed: `--help` must not wait for them. On a secure
 * stack everything is read with each probe: certificates and accounts are made after this is called.
 */
export function probesFor(secure?: SecurePlace): Readonly<Record<ServerName, Probe>> {
  const access = (name: ServerName): Access | undefined => {
    if (secure === undefined) return undefined
    const { cert, key } = secure.certificate('client')
    const tls = { ca: secure.certificate('ca').cert, cert, key }
    return {
      ...secure.accounts()[name].admin,
      tls: { ca: readFileSync(tls.ca), cert: readFileSync(tls.cert), key: readFileSync(tls.key) },
    }
  }
  return {
    elasticsearch: (port) => probeElasticsearch(port, access('elasticsearch')),
    cassandra: (port) => probeCassandra(port, access('cassandra')),
    redis: (port) => probeRedis(port, access('redis')),
  }
}

/** Not `GET /`: the build from Maven Central has no handler for it. */
async function probeElasticsearch(port: number, access: Access | undefined): Promise<string> {
  const ask = (path: string) => askElasticsearch(port, path, access)
  const health = await ask('/_cluster/health?wait_for_status=yellow&timeout=1s')
  if (health['timed_out'] !== false) throw new Error('the cluster is not ready yet')
  const answer = await ask('/_nodes/_local?filter_path=nodes.*.version')
  const [node] = Object.values((answer['nodes'] ?? {}) as Record<string, { version?: string }>)
  if (node?.version === undefined) throw new Error('the answer names no version')
  return node.version
}

/** Not with `fetch`, which knows no certificates. */
async function askElasticsearch(
  port: number,
  path: string,
  access: Access | undefined,
): Promise<Record<string, unknown>> {
  const { request } = access === undefined ? await import('node:http') : await import('node:https')
  const login = access === undefined ? {} : { auth: `${access.username}:${access.password}`, ...access.tls }
  const text = await new Promise<string>((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, ...login, agent: false, signal: AbortSignal.timeout(patienceMs) }
    const asked = request(options, (answer) => {
      let body = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
      answer.once('error', reject)
      answer.once('end', () => {
        if (answer.statusCode === 200) resolve(body)
        else reject(new Error(`HTTP ${answer.statusCode} from ${path}`))
      })
    })
    asked.once('error', reject).end()
  })
  const body: unknown = JSON.parse(text)
  if (typeof body !== 'object' || body === null) throw new Error(`no object from ${path}`)
  return body as Record<string, unknown>
}

async function probeCassandra(port: number, access: Access | undefined): Promise<string> {
  const { Client } = await import('cassandra-driver')
  const client = new Client({
    contactPoints: [`127.0.0.1:${port}`],
    localDataCenter: 'datacenter1',
    socketOptions: { connectTimeout: patienceMs, readTimeout: patienceMs },
    ...(access === undefined
      ? {}
      : {
          credentials: { username: access.username, password: access.password },
          sslOptions: { ...access.tls, rejectUnauthorized: true },
        }),
  })
  try {
    const { rows } = await client.execute('SELECT release_version FROM system.local')
    return String(rows[0]?.['release_version'])
  } finally {
    await client.shutdown()
  }
}

async function probeRedis(port: number, access: Access | undefined): Promise<string> {
  const { Redis } = await import('ioredis')
  const client = new Redis({
    host: '127.0.0.1',
    port,
    lazyConnect: true,
    connectTimeout: patienceMs,
    commandTimeout: patienceMs,
    retryStrategy: () => null,
    ...access,
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
