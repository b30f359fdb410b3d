/** The configuration that the program works with: complete, checked, in the program's own words. */
import type { LoggingPlan } from '../core/log-plan.js'
import type { Direction } from '../core/rules.js'
import type { Unit } from '../core/version.js'
import type { CassandraConnection, ElasticsearchConnection, RedisConnection } from './connection.js'

export interface SyncSettings {
  readonly unit: Unit
  readonly settleMs: number
  readonly overlapMs: number
  readonly freshnessMs: number
  readonly auditIntervalMs: number
  /** 0 for no audits. */
  readonly auditSpanMs: number
  /** 0 for no audits of everything. */
  readonly fullAuditIntervalMs: number
  /** Records a second. */
  readonly fullAuditRate: number
  readonly direction: Direction
  readonly maxRecordsPerJob: number
  /** A version further ahead of the clock than this is a reject. */
  readonly maxFutureMs: number
  readonly nulls: 'needed' | 'always'
  readonly deletes?: {
    readonly field: string
    /** How old a deleted record must be to be removed for good; absent where none ever is. */
    readonly purgeAfterMs?: number
  }
}

export interface PairConfig {
  readonly name: string
  readonly elasticsearch: {
    readonly index: string
    /** Accepted for the sake of the original's files; it has no effect. */
    readonly type?: string
    /** At most one of include and exclude is there. */
    readonly include?: readonly string[]
    readonly exclude?: readonly string[]
    readonly timestampField: string
    readonly connection: ElasticsearchConnection
  }
  /** Names of tables and columns are as Cassandra stores them, to be quoted where CQL needs it. */
  readonly cassandra: {
    readonly keyspace: string
    readonly dataTable: string
    readonly timeseriesTable: string
    readonly timeseriesIdField: string
    readonly dataIdField: string
    readonly timestampField: string
    readonly versioning: 'timeseries' | 'writetime'
    readonly timeseriesBuckets: number
    readonly insertQuery?: string
    readonly ttlSeconds: number
    readonly connection: CassandraConnection
  }
  /** The top level's settings with the pair's own over them. */
  readonly sync: SyncSettings
}

export interface HttpUser {
  readonly name: string
  readonly role: 'viewer' | 'operator' | 'admin'
  readonly password: string
}

export interface Config {
  /** Path of the file, or `<inline>`. */
  readonly source: string
  readonly intervalSeconds: number
  /** At least one; the top level of the file is the pair `default`. */
  readonly pairs: readonly PairConfig[]
  /** `prefix` has a hash tag where there is a cluster: the keys of a queue must lie together. */
  readonly redis: RedisConnection & { readonly prefix: string }
  readonly sync: SyncSettings
  readonly worker: {
    readonly concurrency: number
    readonly parts: number
    readonly attempts: number
    readonly backoffMs: number
    readonly lockMs: number
    readonly shutdownTimeoutMs: number
  }
  readonly http: {
    readonly listen?: string
    readonly users?: readonly HttpUser[]
    readonly metrics: 'login' | 'open'
    readonly behindProxy: boolean
  }
  /** What the original's logging block says; without one the default applies. */
  readonly logging?: LoggingPlan
  /** What was accepted but has no effect, each with its place. */
  readonly warnings: readonly string[]
}
