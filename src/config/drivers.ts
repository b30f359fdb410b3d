/**
 * From the options of the original's Python drivers (and of the Node.js ones) to connections in words of neither.
 * The original handed on whatever it was given, so an option that is not known is a warning, never an error.
 */
export type { CassandraConnection, ElasticsearchConnection, TlsOptions } from './connection.js'
export { cassandraConnection } from './cassandra-driver.js'
export { elasticsearchConnection } from './elasticsearch-driver.js'
export type { DriverContext } from './driver-options.js'
