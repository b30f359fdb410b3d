/** The connection to one Cassandra cluster. */
import { Client, policies, types, type DseClientOptions } from 'cassandra-driver'
import { CaesError } from '../../core/errors.js'
import { connectionOptions, type TlsSettings } from '../../runtime/tls.js'
import { heardAlert } from '../../runtime/tls-alert.js'
import { connectFault, firstLine } from './errors.js'
import { isSocketError } from './faults.js'
import { driverEncoding } from './values.js'

export interface CassandraOptions {
  /** Host names and addresses; one with a port of its own has it: `host:9043`. */
  readonly contactPoints: readonly string[]
  readonly port: number
  /** Undefined: that of the first contact point that answers. */
  readonly localDataCenter?: string
  readonly credentials?: { readonly username: string; readonly password: string }
  readonly tls?: TlsSettings
  /** Secure connect bundle: a zip with addresses and certificates, instead of contact points and TLS. */
  readonly bundleFile?: string
  /** The highest version of the native protocol to use. */
  readonly protocolVersion?: number
  readonly connectTimeoutMs?: number
  readonly requestTimeoutMs: number
}

/**
 * Connects, or throws a CaesError. Close the client with `shutdown()`.
 * @param keyspace where table names without a keyspace are looked up; it must exist
 */
export const connectCassandra = async (options: CassandraOptions, keyspace?: string): Promise<Client> => {
  const client = new Client({
    ...clientOptions(options),
    ...(await localDataCenter(options)),
    ...(keyspace === undefined ? {} : { keyspace }),
  })
  return opened(client, options, keyspace)
}

/** A bundle has its own, and the driver bears no other beside it. */
const localDataCenter = async (options: CassandraOptions): Promise<{ localDataCenter?: string }> =>
  options.bundleFile === undefined
    ? { localDataCenter: options.localDataCenter ?? (await discoverDataCenter(options)) }
    : {}

/** The driver insists on a data center, which the original's configuration does not have: ask whoever answers first. */
const discoverDataCenter = async (options: CassandraOptions): Promise<string> => {
  const common = clientOptions(options)
  const client = new Client({
    ...common,
    policies: { ...common.policies, loadBalancing: new policies.loadBalancing.RoundRobinPolicy() },
    pooling: { warmup: false },
  })
  await opened(client, options, undefined)
  try {
    const answer = await client.execute('SELECT data_center FROM system.local', [], {
      isIdempotent: true,
      consistency: types.consistencies.localOne,
    })
    return String(answer.first().get('data_center'))
  } catch (error) {
    throw connectFault(error, describeEndpoints(options), undefined)
  } finally {
    await client.shutdown()
  }
}

const opened = async (client: Client, options: CassandraOptions, keyspace: string | undefined): Promise<Client> => {
  try {
    await client.connect()
    return client
  } catch (error) {
    await client.shutdown()
    const fault = bundleFault(error, options.bundleFile) ?? connectFault(error, describeEndpoints(options), keyspace)
    const alert = fault.code === 'CAES_CASSANDRA_DOWN' ? await alertFrom(options) : undefined
    throw alert === undefined ? fault : connectFault(alert, describeEndpoints(options), keyspace)
  }
}

/** What the driver finds wrong with the zip itself comes without a class of its own. */
const bundleFault = (error: unknown, bundleFile: string | undefined): CaesError | undefined => {
  if (bundleFile === undefined || !(error instanceof Error)) return undefined
  if (![Error, TypeError, SyntaxError].some((kind) => error.constructor === kind) || isSocketError(error))
    return undefined
  return new CaesError('CAES_CONFIG_INVALID', `the secure connect bundle cannot be used: ${firstLine(error)}`, {
    where: bundleFile,
    hint: 'Download it again, and name the zip as it is.',
  })
}

/** What the first contact point has against our certificate. */
const alertFrom = async (options: CassandraOptions): Promise<Error | undefined> => {
  const { tls, bundleFile } = options
  const [first] = endpointsOf(options)
  if (tls === undefined || bundleFile !== undefined || first === undefined) return undefined
  const [, host = '', port] = /^(.*):(\d+)$/.exec(first) ?? []
  return heardAlert({ ...connectionOptions(tls), host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) })
}

/** Where to, and how it is secured. */
const place = ({ bundleFile, contactPoints, tls }: CassandraOptions): DseClientOptions =>
  bundleFile === undefined
    ? {
        contactPoints: [...contactPoints],
        ...(tls === undefined ? {} : { sslOptions: connectionOptions(tls) }),
      }
    : { cloud: { secureConnectBundle: bundleFile } }

const clientOptions = (options: CassandraOptions): DseClientOptions => ({
  ...place(options),
  protocolOptions: {
    port: options.port,
    ...(options.protocolVersion === undefined ? {} : { maxVersion: options.protocolVersion }),
  },
  ...(options.credentials === undefined ? {} : { credentials: { ...options.credentials } }),
  encoding: driverEncoding,
  queryOptions: {
    consistency: types.consistencies.localQuorum,
    // Said anew with every request: what is not said to be idempotent is never sent twice.
    isIdempotent: false,
  },
  policies: {
    // A retry by the driver would be sent after freshness was checked. Our own loops ask again before each send.
    retry: new policies.retry.FallthroughRetryPolicy(),
    speculativeExecution: new policies.speculativeExecution.NoSpeculativeExecutionPolicy(),
    // The driver's own policy waits up to ten minutes, and a window would fail for as long after Cassandra is back.
    reconnection: new policies.reconnection.ExponentialReconnectionPolicy(500, 5_000),
  },
  socketOptions: {
    readTimeout: options.requestTimeoutMs,
    // A connection that leads nowhere any more, without being closed, is replaced when it owes more answers than these.
    // The driver's own 64 are many windows, of which only one at a time is tried while Cassandra seems to be away.
    defunctReadTimeoutThreshold: 2,
    ...(options.connectTimeoutMs === undefined ? {} : { connectTimeout: options.connectTimeoutMs }),
  },
  monitorReporting: { enabled: false },
})

type Endpoints = Pick<CassandraOptions, 'contactPoints' | 'port' | 'bundleFile'>

/** `10.0.0.1:9042`, one each; or the bundle that knows them. */
export const endpointsOf = ({ contactPoints, port, bundleFile }: Endpoints): string[] =>
  bundleFile === undefined
    ? contactPoints.map((point) => (hasPort(point) ? point : `${point}:${port}`))
    : [`of ${bundleFile}`]

/** The addresses for messages: `Cassandra 10.0.0.1:9042, 10.0.0.2:9042`. */
export const describeEndpoints = (endpoints: Endpoints): string => `Cassandra ${endpointsOf(endpoints).join(', ')}`

/** An address of IPv6 has colons of its own, and a port only behind brackets. */
const hasPort = (point: string): boolean => /^(?:[^:]+|\[.*\]):\d+$/.test(point)

/** What the adapters need of the client; a test can stand in between and count. */
export type Session = Pick<Client, 'execute' | 'batch' | 'hosts' | 'metadata' | 'getReplicas' | 'keyspace'>

/** The nodes that the client knows, for messages. */
export const describeNodes = (session: Pick<Session, 'hosts'>): string =>
  `Cassandra ${session.hosts
    .values()
    .map(({ address }) => address)
    .join(', ')}`

/** Release of the server, such as [5, 0]; [0, 0] where it cannot be told. */
export const readRelease = async (session: Pick<Session, 'execute'>): Promise<readonly [number, number]> => {
  const answer = await session.execute('SELECT release_version FROM system.local', [], { isIdempotent: true })
  const [, major = '0', minor = '0'] = /^(\d+)\.(\d+)/.exec(String(answer.first().get('release_version'))) ?? []
  return [Number(major), Number(minor)]
}
