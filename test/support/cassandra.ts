/** Real Cassandra for tests: a client, and a keyspace of its own for each fixture. */
import { randomBytes } from 'node:crypto'
import type { Client } from 'cassandra-driver'
import { connectCassandra, type CassandraOptions, type Session } from '../../src/adapters/cassandra/client.js'
import type { RowStoreOptions } from '../../src/adapters/cassandra/row-store.js'

const [host = '127.0.0.1', port = '9042'] = (process.env['CAES_TEST_CASSANDRA'] ?? '127.0.0.1:9042').split(':')

export const cassandraOptions: CassandraOptions = {
  contactPoints: [host],
  port: Number(port),
  requestTimeoutMs: 30_000,
}

export interface TestKeyspace {
  readonly name: string
  /** Connected to the keyspace. */
  readonly client: Client
  /** Drops the keyspace and closes the client. */
  drop(): Promise<void>
}

/** Creates a keyspace under a name that no other test has. */
export const testKeyspace = async (): Promise<TestKeyspace> => {
  const name = `caes_test_${randomBytes(6).toString('hex')}`
  const first = await connectCassandra(cassandraOptions)
  try {
    await first.execute(
      `CREATE KEYSPACE ${name} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`,
    )
  } finally {
    await first.shutdown()
  }
  const client = await connectCassandra(cassandraOptions, name)
  return {
    name,
    client,
    drop: async () => {
      try {
        await client.execute(`DROP KEYSPACE IF EXISTS ${name}`)
      } finally {
        await client.shutdown()
      }
    },
  }
}

/** The original's two tables. @param columns of the data table beside `did`, as CQL */
export const originalTables = (columns = 'vint int, vstring text'): string[] => [
  'CREATE TABLE ts (id int, timestamp int, did uuid, PRIMARY KEY (id, timestamp, did))',
  `CREATE TABLE data (did uuid PRIMARY KEY, ${columns})`,
]

/** What a row store has to know of them. */
export const originalStore = (keyspace: string): RowStoreOptions => ({
  keyspace,
  dataTable: 'data',
  timeseriesTable: 'ts',
  timeseriesIdField: 'id',
  timestampField: 'timestamp',
  dataIdField: 'did',
  timeseriesBuckets: 1,
  ttl: 3_600,
  documentTimestampField: 'timestamp',
})

export const createTables = async ({ client }: TestKeyspace, ...ddl: string[]): Promise<void> => {
  for (const statement of ddl) await client.execute(statement)
}

/** One request that a session is about to send. */
export interface SessionCall {
  readonly method: 'execute' | 'batch'
  /** The statement, or the first one of a batch. */
  readonly cql: string
  /** Sends it. */
  readonly run: () => Promise<unknown>
}

/** The same session, with a test standing before every request. */
export const interceptedSession = (client: Client, intercept: (call: SessionCall) => Promise<unknown>): Session =>
  new Proxy(client, {
    get: (target, property) => {
      const value: unknown = Reflect.get(target, property, target)
      if (typeof value !== 'function') return value
      const method = value as (...args: readonly unknown[]) => Promise<unknown>
      if (property !== 'execute' && property !== 'batch') return method.bind(target)
      return (...args: [unknown, ...unknown[]]) => {
        const cql = property === 'execute' ? String(args[0]) : (args[0] as { query: string }[])[0]!.query
        return intercept({ method: property, cql, run: () => method.apply(target, args) })
      }
    },
  })

/** The same session, with its requests counted. A batch is one request. */
export const countingSession = (client: Client): { readonly session: Session; readonly requests: () => number } => {
  let requests = 0
  const session = interceptedSession(client, ({ run }) => {
    requests += 1
    return run()
  })
  return { session, requests: () => requests }
}
