/** Names in CQL. Quoted always, so that case and reserved words are kept as Cassandra stores them. */

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

export const qualified = (keyspace: string, table: string): string => `${quoted(keyspace)}.${quoted(table)}`
