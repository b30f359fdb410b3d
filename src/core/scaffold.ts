/** What a new pair is made of: the statements for its tables and the body of its index, each from what is there already. */
import type { Column } from './column.js'
import { columnFor, mappingFor } from './type-fit.js'

export interface PairNames {
  readonly index: string
  readonly keyspace: string
  readonly dataTable: string
  readonly timeseriesTable: string
}

/** As CQL wants it: quoted where it would be folded or is no plain word. */
const cqlName = (name: string): string => (/^[a-z][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`)

/** The tables in the order that they have to be made in. */
export const tableStatements = (
  { keyspace, dataTable, timeseriesTable }: PairNames,
  fields: ReadonlyMap<string, string>,
  replication: number,
): string[] => {
  const space = cqlName(keyspace)
  const columns = [...fields].flatMap(([name, mapped]) => {
    const type = columnFor(mapped)
    return type === undefined ? [] : [`${cqlName(name)} ${type}`]
  })
  return [
    `CREATE KEYSPACE IF NOT EXISTS ${space} WITH replication = {'class': 'NetworkTopologyStrategy', 'replication_factor': ${replication}}`,
    `CREATE TABLE IF NOT EXISTS ${space}.${cqlName(timeseriesTable)} (id int, timestamp bigint, did uuid, PRIMARY KEY (id, timestamp, did))` +
      ' WITH default_time_to_live = 3600 AND gc_grace_seconds = 10800' +
      " AND compaction = {'class': 'TimeWindowCompactionStrategy', 'compaction_window_unit': 'MINUTES', 'compaction_window_size': 10}",
    `CREATE TABLE IF NOT EXISTS ${space}.${cqlName(dataTable)} (${['did uuid PRIMARY KEY', ...columns].join(', ')})`,
  ]
}

/** The body that the index is created with. */
export const indexBody = (
  columns: readonly Column[],
): { readonly mappings: { readonly properties: Record<string, object> } } => ({
  mappings: {
    properties: {
      timestamp: { type: 'long' },
      ...Object.fromEntries(columns.map(({ name, type }) => [name, mappingFor(type)])),
    },
  },
})

export interface Addresses {
  readonly elasticsearch: string
  readonly cassandra: { readonly host: string; readonly port: number }
  readonly redis: string
}

const text = (value: string): string => JSON.stringify(value)

/** A commented file; what is commented out is the default. */
export const configTemplate = (
  { index, keyspace, dataTable, timeseriesTable }: PairNames,
  { elasticsearch, cassandra, redis }: Addresses,
): string => {
  // A name that CQL would fold stands in quotes within the quotes.
  const table = (name: string): string => text(cqlName(name))
  return `# Configuration of caes-sync. All keys: docs/configuration.md. Check it with: caes-sync validate, caes-sync doctor

# Seconds between windows.
interval: 10

ElasticSearchConfig:
  # The index, or an alias of one.
  index: ${text(index)}
  # The field of each document that repeats its external version.
  # timestampField: timestamp
  # Which fields are mirrored: only these, or all but these.
  # include: [user, message]
  # exclude: [secret]
  driver:
    hosts: [${text(elasticsearch)}]
    # http_auth: [sync, "\${ES_PASSWORD}"]
    # ca_certs: /etc/caes/ca.pem

CassandraConfig:
  keyspace: ${text(keyspace)}
  # The table with the data; its primary key is one uuid.
  dataColumnFamily: ${table(dataTable)}
  # The table with one entry for each write.
  timeseriesColumnFamily: ${table(timeseriesTable)}
  # How long the entries live that we write, in seconds.
  # ttl: 3600
  driver:
    contact_points: [${text(cassandra.host)}]
    port: ${cassandra.port}
    # auth_provider: { username: sync, password: { file: /run/secrets/cassandra } }

# The queue. Losing it loses no data.
redis:
  url: ${text(redis)}

sync:
  # What versions count: s, ms or us.
  unit: s
  # How far behind a window both sides are read again for late writes.
  # overlap: 20s

# The dashboard.
# http: { listen: "127.0.0.1:9464" }
`
}
