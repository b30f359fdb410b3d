/** `caes-sync doctor`: looks at everything that a configuration names, and says what to mend and how. Changes nothing. */
import type { Client as ElasticsearchClient, estypes } from '@elastic/elasticsearch'
import type { Client as CassandraClient } from 'cassandra-driver'
import { attempt } from '../adapters/cassandra/errors.js'
import { openRedis } from '../adapters/bullmq/connection.js'
import { readRelease } from '../adapters/cassandra/client.js'
import { requestError } from '../adapters/elasticsearch/errors.js'
import { readIndexInfo } from '../adapters/elasticsearch/index-info.js'
import { connectPair, connections, pairRules, type Connections } from '../compose.js'
import type { Config, PairConfig } from '../config/config.js'
import { redisEndpoint } from '../connection-options.js'
import {
  diagnoseClocks,
  diagnosePair,
  diagnoseRedis,
  type Finding,
  type PairFacts,
  type TableSettings,
} from '../core/diagnose.js'
import { CaesError, exitCode } from '../core/errors.js'
import type { JsonObject } from '../core/json.js'
import type { Micros } from '../core/version.js'
import type { Logger } from '../ports/logger.js'
import type { Pair } from '../sync/pair.js'
import { cassandraClocks, elasticsearchNodes, noteClocks, redisClocks } from './doctor-clocks.js'
import { describeFindings, type Examined } from './doctor-text.js'
import { useColor, type GlobalOptions } from './global-options.js'
import { answer, redisLimitMs, withSession, type Session } from './session.js'

export const doctor = (global: GlobalOptions): Promise<number> =>
  withSession(global, async (session) => {
    const shared = connections(quiet, session.releases)
    const ahead = new Map<string, Micros>()
    const examined: Examined[] = []
    for (const pair of session.config.pairs) examined.push(await examinePair(pair, session.config, shared, ahead))
    examined.push(await examineRedis(session, ahead))
    const rules = pairRules(session.config.pairs[0]!)
    examined.push({ part: 'clocks', versions: [], findings: diagnoseClocks(ahead, rules) })
    const findings = examined.flatMap(({ part, findings }) => findings.map((finding) => ({ part, ...finding })))
    const broken = findings.some(({ severity }) => severity === 'broken')
    answer(global, { ok: !broken, findings }, describeFindings(examined, useColor(global, process.stdout)))
    // What is away is not looked at, so that the rest is only a part of the answer.
    if (examined.some(({ isDown }) => isDown === true)) return exitCode.storeDown
    return broken ? exitCode.failed : exitCode.done
  })

/** What opening a pair says about its columns is found out here in more detail. */
const quiet: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

/** A store that is away, or a table that does not fit, is a finding as well; what else is examined goes on. */
const examining = async (part: string, examine: () => Promise<Omit<Examined, 'part'>>): Promise<Examined> => {
  try {
    return { part, ...(await examine()) }
  } catch (error) {
    if (!(error instanceof CaesError)) throw error
    const { code, message, where, hint } = error
    const isDown = error.exitCode === exitCode.storeDown
    const finding: Finding = {
      severity: 'broken',
      what: message,
      why: [code, where].filter((each) => each !== undefined).join(', '),
      ...(hint === undefined ? {} : { mend: hint }),
    }
    return { part, versions: [], findings: [finding], isDown }
  }
}

const examinePair = (
  config: PairConfig,
  whole: Config,
  shared: Connections,
  ahead: Map<string, Micros>,
): Promise<Examined> =>
  examining(`pair ${config.name}`, async () => {
    const pair = await connectPair(config, shared)
    const elasticsearch = shared.elasticsearch(config)
    const cassandra = await shared.cassandra(config)
    const { version: oldest, clocks } = await asking(config, () => elasticsearchNodes(elasticsearch))
    noteClocks(ahead, 'Elasticsearch', clocks)
    noteClocks(ahead, 'Cassandra', await asking(config, () => cassandraClocks(cassandra)))
    const release = await readRelease(cassandra)
    const facts = await asking(config, () => pairFacts(pair, config, whole, elasticsearch, cassandra))
    const versions = [
      `Elasticsearch ${oldest ?? 'of a version that this user may not see'}`,
      `Cassandra ${release.join('.')}`,
    ]
    return { versions, findings: [...versionFindings(oldest, release), ...diagnosePair(facts)] }
  })

/** What the clients throw, in words. */
const asking = async <T>({ elasticsearch, cassandra }: PairConfig, ask: () => Promise<T>): Promise<T> => {
  const where = `index "${elasticsearch.index}" and keyspace ${cassandra.keyspace}`
  const doing = 'looking for what could be wrong'
  return attempt({ doing, where }, async () => {
    try {
      return await ask()
    } catch (error) {
      throw requestError(error, { doing, where })
    }
  })
}

/** @param elasticsearch undefined where the user may not see it */
const versionFindings = (elasticsearch: string | undefined, [major]: readonly [number, number]): Finding[] => {
  const findings: Finding[] = []
  const [first = 0, second = 0] = (elasticsearch ?? '').split('.').map(Number)
  if (elasticsearch !== undefined && (first < 8 || (first === 8 && second < 19))) {
    findings.push({
      severity: 'broken',
      what: `Elasticsearch is ${elasticsearch}`,
      why: 'caes-sync works with 8.19 and 9',
      mend: 'upgrade it to 8.19 or 9',
    })
  }
  if (major < 4) {
    findings.push({
      severity: 'broken',
      what: `Cassandra is ${major}`,
      why: 'caes-sync works with 4.1 and 5',
      mend: 'upgrade it',
    })
  }
  return findings
}

const sampleSize = 200

const pairFacts = async (
  pair: Pair,
  config: PairConfig,
  whole: Config,
  client: ElasticsearchClient,
  cassandra: CassandraClient,
): Promise<PairFacts> => {
  const { index, timestampField, include, exclude } = config.elasticsearch
  const { keyspace, dataTable, timeseriesTable, ttlSeconds } = config.cassandra
  const question = {
    index,
    timestampField,
    unit: config.sync.unit,
    mirrored: new Set(pair.rows.columns.map(({ name }) => name)),
  }
  const { timestamp } = await readIndexInfo(
    client,
    question,
    { doing: 'looking at the index', where: `index "${index}"` },
    never,
  )
  const mappings = Object.values(await client.indices.getMapping({ index }))[0]?.mappings ?? {}
  const missing = { bool: { must_not: { exists: { field: timestampField } } } }
  const found = await client.search<JsonObject>({
    index,
    size: sampleSize,
    version: true,
    query: { exists: { field: timestampField } },
  })
  const atFault = found.hits.hits.filter(
    ({ _version: version, _source: source }) => source === undefined || timestamp.stampOf(source) !== version,
  )
  return {
    rules: pair.rules,
    interval: whole.intervalSeconds * 1_000_000,
    ttl: ttlSeconds,
    index,
    timestampField,
    keyspace,
    dataTable,
    timeseriesTable,
    columns: pair.rows.columns,
    mapping: mappedTypes(mappings, timestampField),
    isExcluded: (field) => (include === undefined ? (exclude ?? []).includes(field) : !include.includes(field)),
    documents: (await client.count({ index })).count,
    withoutTimestamp: (await client.count({ index, query: missing })).count,
    sampled: found.hits.hits.length,
    sampleAtFault: atFault.length,
    maxVersion: pair.rows.maxVersion,
    timeseries: await tableSettings(cassandra, keyspace, timeseriesTable),
    data: await tableSettings(cassandra, keyspace, dataTable),
    replication: await replicationOf(cassandra, keyspace),
    nodes: cassandra.hosts.length,
  }
}

const never = new AbortController().signal

/** A field alias is a name for searching and never stands in a document. */
const mappedTypes = (
  { properties = {} }: estypes.MappingTypeMapping,
  timestampField: string,
): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(properties)
      .filter(([name, { type }]) => name !== timestampField && type !== 'alias')
      .map(([name, { type }]) => [name, type ?? 'object']),
  )

const tableSettings = async (client: CassandraClient, keyspace: string, table: string): Promise<TableSettings> => {
  const { rows } = await client.execute(
    'SELECT default_time_to_live, gc_grace_seconds FROM system_schema.tables WHERE keyspace_name = ? AND table_name = ?',
    [keyspace, table],
    { prepare: true, isIdempotent: true },
  )
  return { defaultTtl: Number(rows[0]?.get('default_time_to_live')), gcGrace: Number(rows[0]?.get('gc_grace_seconds')) }
}

/** Our encoding gives a map's pairs. The smallest factor of any data center; undefined where each node has a copy of its own. */
const replicationOf = async (client: CassandraClient, keyspace: string): Promise<number | undefined> => {
  const { rows } = await client.execute(
    'SELECT replication FROM system_schema.keyspaces WHERE keyspace_name = ?',
    [keyspace],
    {
      prepare: true,
      isIdempotent: true,
    },
  )
  const options = (rows[0]?.get('replication') ?? []) as Iterable<readonly [string, string]>
  const factors = [...options].filter(([name]) => name !== 'class').map(([, factor]) => Number.parseInt(factor, 10))
  return factors.length === 0 ? undefined : Math.min(...factors)
}

const examineRedis = ({ config, logger, releases }: Session, ahead: Map<string, Micros>): Promise<Examined> =>
  examining('redis', async () => {
    const link = openRedis(redisEndpoint(config.redis), 'producer', 'caes-sync doctor', logger)
    releases.add('redis', () => link.close())
    await link.untilReadyOrRefused(redisLimitMs)
    const { client } = link
    noteClocks(ahead, 'Redis', await redisClocks(client))
    const info = new Map(
      String(await client.call('INFO'))
        .split('\r\n')
        .map((line) => line.split(':') as [string, string]),
    )
    const facts = { evicts: info.get('maxmemory_policy') ?? 'unknown', appendOnly: info.get('aof_enabled') === '1' }
    return { versions: [`Redis ${info.get('redis_version')}`], findings: diagnoseRedis(facts) }
  })
