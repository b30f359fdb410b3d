/** From the checked file to the configuration that the program works with. */
import type { LoggingPlan } from '../core/log-plan.js'
import type { Config, PairConfig, SyncSettings } from './config.js'
import { given } from './driver-options.js'
import { cassandraConnection } from './cassandra-driver.js'
import type { DriverContext, Files } from './driver-options.js'
import { elasticsearchConnection } from './elasticsearch-driver.js'
import type { Environment } from './interpolate.js'
import { nodeAt, type Node, type Path } from './nodes.js'
import { redisConnection } from './redis.js'
import type { ConfigFile } from './schema.js'

type Connections = Pick<PairConfig['elasticsearch'], 'connection'> & {
  cassandra: PairConfig['cassandra']['connection']
}

/** Both connections of the pair whose block is at `base`. */
export const connectionsAt = (root: Node, base: Path, context: DriverContext): Connections => {
  const elasticsearch = [...base, 'ElasticSearchConfig', 'driver']
  const cassandra = [...base, 'CassandraConfig', 'driver']
  return {
    connection: elasticsearchConnection(nodeAt(root, elasticsearch), elasticsearch, context),
    cassandra: cassandraConnection(nodeAt(root, cassandra), cassandra, context),
  }
}

type FileSync = ConfigFile['sync']
type FilePair = Omit<NonNullable<ConfigFile['pairs']>[number], 'sync'> & {
  sync?: { [K in keyof FileSync]?: FileSync[K] | undefined } | undefined
}

const settingsOf = (sync: FileSync): SyncSettings => ({
  unit: sync.unit,
  settleMs: sync.settle,
  overlapMs: sync.overlap,
  freshnessMs: sync.freshness,
  auditIntervalMs: sync.auditInterval,
  auditSpanMs: sync.auditSpan,
  fullAuditIntervalMs: sync.fullAuditInterval,
  fullAuditRate: sync.fullAuditRate,
  direction: sync.direction,
  maxRecordsPerJob: sync.maxRecordsPerJob,
  maxFutureMs: sync.maxFuture,
  nulls: sync.nulls,
  ...given({ deletes: sync.deletes && deletesOf(sync.deletes) }),
})

const deletesOf = ({ field, purgeAfter }: NonNullable<FileSync['deletes']>): NonNullable<SyncSettings['deletes']> => ({
  field,
  ...given({ purgeAfterMs: purgeAfter }),
})

const pairOf = (pair: FilePair, sync: FileSync, connections: Connections): PairConfig => {
  const { index, type, include, exclude, timestampField } = pair.ElasticSearchConfig
  const cassandra = pair.CassandraConfig
  return {
    name: pair.name,
    elasticsearch: {
      index,
      timestampField,
      // As in the original, include wins.
      ...given({ type, include, exclude: include ? undefined : exclude }),
      connection: connections.connection,
    },
    cassandra: {
      keyspace: cassandra.keyspace,
      dataTable: cassandra.dataColumnFamily,
      timeseriesTable: cassandra.timeseriesColumnFamily,
      timeseriesIdField: cassandra.timeseriesIdFieldName,
      dataIdField: cassandra.dataIdFieldName,
      timestampField: cassandra.timestampFieldName,
      versioning: cassandra.versioning,
      timeseriesBuckets: cassandra.timeseriesBuckets,
      ...given({ insertQuery: cassandra.insertQuery }),
      ttlSeconds: cassandra.ttl / 1000,
      connection: connections.cassandra,
    },
    sync: settingsOf({ ...sync, ...given(pair.sync ?? {}) }),
  }
}

/** The top level as a pair, then the others. */
const filePairs = ({ ElasticSearchConfig, CassandraConfig, pairs = [] }: ConfigFile): FilePair[] =>
  ElasticSearchConfig && CassandraConfig ? [{ name: 'default', ElasticSearchConfig, CassandraConfig }, ...pairs] : pairs

/**
 * What a dead process was working on waits for its lock and half of it again; within the two intervals that it may take
 * to be in sync again there has to be room for that. Shorter locks are lost by processes that are merely busy, longer
 * ones help nobody.
 *
 * @param interval milliseconds
 */
const lockFor = (interval: number): number => Math.min(30_000, Math.max(5_000, interval / 2))

/** `connections` has one entry a pair, in the file's order. */
export const normalise = (
  file: ConfigFile,
  connections: readonly Connections[],
  extra: Files & {
    readonly source: string
    readonly env: Environment
    readonly warnings: readonly string[]
    readonly logging: LoggingPlan | undefined
  },
): Config => ({
  source: extra.source,
  intervalSeconds: file.interval / 1000,
  pairs: filePairs(file).flatMap((pair, index) => {
    const own = connections[index]
    return own ? [pairOf(pair, file.sync, own)] : []
  }),
  redis: redisConnection(file.redis, extra.env, extra),
  sync: settingsOf(file.sync),
  worker: {
    concurrency: file.worker.concurrency,
    parts: file.worker.parts,
    attempts: file.worker.attempts,
    backoffMs: file.worker.backoff,
    lockMs: file.worker.lock ?? lockFor(file.interval),
    shutdownTimeoutMs: file.worker.shutdownTimeout,
  },
  http: {
    ...given({ listen: file.http.listen, users: file.http.users }),
    metrics: file.http.metrics,
    behindProxy: file.http.behindProxy,
  },
  ...given({ logging: extra.logging }),
  warnings: extra.warnings,
})
