/** The one place where adapters are built from the configuration. */
import type { Client as ElasticsearchClient } from '@elastic/elasticsearch'
import type { Client as CassandraClient } from 'cassandra-driver'
import { connectCassandra, endpointsOf } from './adapters/cassandra/client.js'
import { openCheckpointReader, openCheckpointStore } from './adapters/cassandra/checkpoint-store.js'
import { openPauseReader, openPauseStore } from './adapters/cassandra/pause-store.js'
import { openRunReader, openRunStore } from './adapters/cassandra/run-store.js'
import { openRowStore } from './adapters/cassandra/row-store.js'
import { connectElasticsearch } from './adapters/elasticsearch/client.js'
import { ElasticsearchDocumentStore } from './adapters/elasticsearch/document-store.js'
import { ElasticsearchIndexMove } from './adapters/elasticsearch/index-move.js'
import type { PairConfig } from './config/config.js'
import { cassandraOptions, elasticsearchOptions } from './connection-options.js'
import { CaesError } from './core/errors.js'
import type { Rules } from './core/rules.js'
import type { SharedStore } from './daemon/store-watch.js'
import type { CheckpointStore } from './ports/checkpoint.js'
import type { IndexMove } from './ports/index-move.js'
import type { Logger } from './ports/logger.js'
import type { PauseReader, PauseStore } from './ports/pause.js'
import { systemClock } from './runtime/clock.js'
import type { RunReader, RunStore } from './ports/run-store.js'
import type { DocumentScan } from './ports/scan.js'
import type { Releases } from './runtime/releases.js'
import { retriable } from './runtime/retriable.js'
import type { ScannablePair } from './sync/pair.js'
import type { PurgeablePair } from './sync/purge.js'
import type { WatchedPair } from './sync/read-status.js'

/** Clients, shared by the pairs that connect alike, closed with the releases. */
export interface Connections {
  readonly logger: Logger
  elasticsearch(pair: PairConfig): ElasticsearchClient
  cassandra(pair: PairConfig): Promise<CassandraClient>
}

export const connections = (logger: Logger, releases: Releases): Connections => {
  const elasticsearch = new Map<string, ElasticsearchClient>()
  const cassandra = new Map<string, () => Promise<CassandraClient>>()
  return {
    logger,
    elasticsearch: ({ elasticsearch: { connection } }) =>
      once(elasticsearch, JSON.stringify(connection), () => {
        const client = connectElasticsearch(elasticsearchOptions(connection))
        releases.add('Elasticsearch', () => client.close())
        return client
      }),
    // insertQuery looks its tables up in the keyspace of the client, so pairs of different keyspaces do not share one.
    cassandra: ({ cassandra: { connection, keyspace } }) => {
      const open = async (): Promise<CassandraClient> => {
        const client = await connectCassandra(cassandraOptions(connection), keyspace)
        releases.add('Cassandra', () => client.shutdown())
        return client
      }
      return once(cassandra, JSON.stringify([connection, keyspace]), () => retriable(open))()
    },
  }
}

const once = <T>(made: Map<string, T>, key: string, make: () => T): T => {
  const existing = made.get(key)
  if (existing !== undefined) return existing
  const fresh = make()
  made.set(key, fresh)
  return fresh
}

/**
 * Opens the tables of a pair.
 * Errors: CAES_SCHEMA_MISMATCH, CAES_CONFIG_INVALID, or that Cassandra is down.
 */
export const openRows = async (config: PairConfig, shared: Connections): ReturnType<typeof openRowStore> => {
  const { elasticsearch, cassandra } = config
  return openRowStore(
    await shared.cassandra(config),
    {
      ...cassandra,
      ttl: cassandra.ttlSeconds,
      documentTimestampField: elasticsearch.timestampField,
      ...(elasticsearch.include === undefined ? {} : { include: elasticsearch.include }),
      ...(elasticsearch.exclude === undefined ? {} : { exclude: elasticsearch.exclude }),
    },
    shared.logger,
  )
}

/**
 * Opens both stores of a pair and checks that index and tables fit.
 * Errors: CAES_SCHEMA_MISMATCH, CAES_CONFIG_INVALID, or which store is down.
 */
export const connectPair = async (config: PairConfig, shared: Connections): Promise<ScannablePair & PurgeablePair> => {
  const { elasticsearch, name, sync } = config
  const logger = shared.logger
  const rows = await openRows(config, shared)
  const documents = new ElasticsearchDocumentStore({
    client: shared.elasticsearch(config),
    index: elasticsearch.index,
    timestampField: elasticsearch.timestampField,
    unit: sync.unit,
    mirrored: new Set(rows.columns.map((column) => column.name)),
    clock: systemClock,
    logger,
  })
  await documents.readIndexInfo(new AbortController().signal)
  return { name, rules: pairRules(config), documents, rows, clock: systemClock, logger }
}

/** Moves the pair's alias to another index. */
export const indexMove = (config: PairConfig, target: string, shared: Connections): IndexMove => {
  const client = shared.elasticsearch(config)
  const { index: alias, timestampField } = config.elasticsearch
  const common = { client, timestampField, unit: config.sync.unit, clock: systemClock, logger: shared.logger }
  // Without fields that are columns none are put together from their parts: documents stay as they are.
  const scanOf = (index: string): DocumentScan =>
    new ElasticsearchDocumentStore({ ...common, index, mirrored: new Set() })
  return new ElasticsearchIndexMove({ client, alias, target, clock: systemClock, scanOf })
}

export const pairRules = ({ sync, cassandra }: PairConfig): Rules => ({
  unit: sync.unit,
  labels: cassandra.versioning === 'writetime' ? 'write-times' : 'entries',
  settle: sync.settleMs * 1_000,
  overlap: sync.overlapMs * 1_000,
  freshness: sync.freshnessMs * 1_000,
  maxFuture: sync.maxFutureMs * 1_000,
  direction: sync.direction,
  nulls: sync.nulls,
})

/** The clusters of each pair. Pairs that connect alike share one, whatever index or keyspace they use of it. */
export const sharedStores = (pairs: readonly PairConfig[]): ReadonlyMap<string, readonly SharedStore[]> => {
  const stores = new Map<string, SharedStore>()
  return new Map(
    pairs.map(({ name, elasticsearch, cassandra }) => {
      const { nodes, cloudId } = elasticsearch.connection
      return [
        name,
        [
          once(stores, JSON.stringify(['elasticsearch', elasticsearch.connection]), () => ({
            side: 'elasticsearch',
            name: cloudId ?? nodes.join(', '),
          })),
          once(stores, JSON.stringify(['cassandra', cassandra.connection]), () => ({
            side: 'cassandra',
            name: endpointsOf(cassandra.connection).join(', '),
          })),
        ],
      ]
    }),
  )
}

/** What to expect of a pair, for those who tell whether it is as it should be. */
export const watchedPair = (
  pair: PairConfig,
  { intervalSeconds }: { readonly intervalSeconds: number },
): WatchedPair => {
  const { unit, settle } = pairRules(pair)
  return { name: pair.name, unit, settle, interval: intervalSeconds * 1_000_000 }
}

/** Each pair keeps its progress in its own keyspace. Opened when asked for: one that is away fails its own pair only. */
export const checkpointStores = (pairs: readonly PairConfig[], shared: Connections): CheckpointStore => {
  const of = ofPair(pairs, async (pair) => openCheckpointStore(await shared.cassandra(pair), pair.cassandra.keyspace))
  return {
    read: async (pair) => (await of(pair)).read(pair),
    glance: async (pair) => (await of(pair)).glance(pair),
    create: async (pair, progress) => (await of(pair)).create(pair, progress),
    compareAndSet: async (pair, seen, progress) => (await of(pair)).compareAndSet(pair, seen, progress),
  }
}

/** And beside it, whether somebody paused it. */
export const pauseStores = (pairs: readonly PairConfig[], shared: Connections): PauseStore => {
  const of = ofPair(pairs, async (pair) => openPauseStore(await shared.cassandra(pair), pair.cassandra.keyspace))
  return {
    read: async (pair) => (await of(pair)).read(pair),
    pause: async (pair, pause) => (await of(pair)).pause(pair, pause),
    resume: async (pair) => (await of(pair)).resume(pair),
  }
}

/** And which runs over everything it had. */
export const runStores = (pairs: readonly PairConfig[], shared: Connections): RunStore => {
  const of = ofPair(pairs, async (pair) => openRunStore(await shared.cassandra(pair), pair.cassandra.keyspace))
  return {
    list: async (pair) => (await of(pair)).list(pair),
    create: async (run) => (await of(run.pair)).create(run),
    replan: async (run, plan) => (await of(run.pair)).replan(run, plan),
    finishPart: async (run, part, result) => (await of(run.pair)).finishPart(run, part, result),
    finishedParts: async (run) => (await of(run.pair)).finishedParts(run),
    finish: async (run, at, result) => (await of(run.pair)).finish(run, at, result),
    forget: async (run) => (await of(run.pair)).forget(run),
  }
}

/**
 * The same for those who only look. They connect when first asked, and again after a failure; they make no tables.
 * @returns readers for the names of these pairs
 */
export const progressReaders = (pairs: readonly PairConfig[], shared: Connections): ProgressReaders => {
  const configs = new Map(pairs.map((pair) => [pair.name, pair]))
  const reader = async <T>(name: string, open: (session: CassandraClient, keyspace: string) => T): Promise<T> => {
    const pair = configs.get(name)!
    return open(await shared.cassandra(pair), pair.cassandra.keyspace)
  }
  return {
    checkpoints: { read: async (name) => (await reader(name, openCheckpointReader)).read(name) },
    pauses: { read: async (name) => (await reader(name, openPauseReader)).read(name) },
    runs: {
      list: async (name) => (await reader(name, openRunReader)).list(name),
      finishedParts: async (run) => (await reader(run.pair, openRunReader)).finishedParts(run),
    },
  }
}

export interface ProgressReaders {
  readonly checkpoints: Pick<CheckpointStore, 'read'>
  readonly pauses: PauseReader
  readonly runs: RunReader
}

export interface OperatorStores {
  readonly checkpoints: Pick<CheckpointStore, 'read'>
  readonly pauses: PauseStore
  readonly runs: RunReader
}

/** The same for those who look, and sometimes pause. */
export const operatorStores = (pairs: readonly PairConfig[], shared: Connections): OperatorStores => {
  const { checkpoints, pauses, runs } = progressReaders(pairs, shared)
  return { checkpoints, runs, pauses: { ...pauseStores(pairs, shared), read: (pair) => pauses.read(pair) } }
}

/** Something of each pair, found by the pair's name and opened by whoever asks for it first. */
const ofPair = <T>(
  pairs: readonly PairConfig[],
  open: (pair: PairConfig) => Promise<T>,
): ((pair: string) => Promise<T>) => {
  const openers = new Map(pairs.map((pair) => [pair.name, retriable(() => open(pair))]))
  return async (name) => {
    const opener = openers.get(name)
    if (opener !== undefined) return opener()
    throw new CaesError('CAES_CONFIG_INVALID', `there is no pair "${name}" in this configuration`, {
      hint: 'Run all processes with the same configuration.',
    })
  }
}
