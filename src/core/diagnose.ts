/** What is wrong with a pair, or could be better, out of what was read about it. Pure; the reading is in cli/doctor.ts. */
import { describeType, type Column } from './column.js'
import type { Rules } from './rules.js'
import { columnFor, mappingFor, typeFit } from './type-fit.js'
import type { Micros } from './version.js'

export interface Finding {
  /** `broken` keeps records from being synced; a `warning` works, for now. */
  readonly severity: 'broken' | 'warning'
  readonly what: string
  readonly why: string
  /** The statement or request that mends it. */
  readonly mend?: string
}

export interface PairFacts {
  readonly rules: Rules
  readonly interval: Micros
  /** Of the entries that we write, in seconds. */
  readonly ttl: number
  readonly index: string
  readonly timestampField: string
  readonly keyspace: string
  readonly dataTable: string
  readonly timeseriesTable: string
  readonly columns: readonly Column[]
  /** Types of the mapping's fields by name, that of the timestamp field left out. */
  readonly mapping: ReadonlyMap<string, string>
  /** Fields that are kept out on purpose. */
  readonly isExcluded: (field: string) => boolean
  readonly documents: number
  readonly withoutTimestamp: number
  readonly sampled: number
  readonly sampleAtFault: number
  readonly maxVersion: number
  readonly timeseries: TableSettings
  readonly data: TableSettings
  readonly replication: number | undefined
  readonly nodes: number
}

export interface TableSettings {
  readonly defaultTtl: number
  readonly gcGrace: number
}

const statement = (keyspace: string, table: string, rest: string): string => `ALTER TABLE ${keyspace}.${table} ${rest};`
const request = (index: string, name: string, mapping: object): string =>
  `curl -XPUT 'HOST:9200/${index}/_mapping' -H 'content-type: application/json' -d '${JSON.stringify({ properties: { [name]: mapping } })}'`

export const diagnosePair = (facts: PairFacts): Finding[] => [
  ...fieldFindings(facts),
  ...documentFindings(facts),
  ...tableFindings(facts),
]

const fieldFindings = ({ columns, mapping, isExcluded, index, keyspace, dataTable }: PairFacts): Finding[] => {
  const mirrored = new Map(columns.map((column) => [column.name, column]))
  const findings: Finding[] = []
  for (const { name, type } of columns) {
    const mapped = mapping.get(name)
    if (mapped === undefined) {
      findings.push({
        severity: 'warning',
        what: `the column "${name}" has no mapping`,
        why: 'Elasticsearch guesses one from the first value that comes, and refuses later ones that do not fit it',
        mend: request(index, name, mappingFor(type)),
      })
      continue
    }
    const fit = typeFit(type, mapped)
    if (fit.kind === 'fits') continue
    findings.push({
      severity: fit.kind === 'none' ? 'broken' : 'warning',
      what: `the field "${name}" is mapped as ${mapped}, and its column is ${describeType(type)}`,
      why: `refused, and so set aside: ${fit.refused}`,
      mend: `a mapping cannot be changed: make a new index with ${JSON.stringify({ [name]: mappingFor(type) })} and reindex, or keep the field out with ElasticSearchConfig.exclude`,
    })
  }
  for (const [name, mapped] of mapping) {
    if (mirrored.has(name) || isExcluded(name)) continue
    const column = columnFor(mapped)
    findings.push({
      severity: 'warning',
      what: `the field "${name}" has no column`,
      why: 'it is not mirrored; it survives in its documents',
      ...(column === undefined ? {} : { mend: statement(keyspace, dataTable, `ADD "${name}" ${column}`) }),
    })
  }
  return findings
}

const documentFindings = (facts: PairFacts): Finding[] => {
  const { index, timestampField, documents, withoutTimestamp, sampled, sampleAtFault } = facts
  const findings: Finding[] = []
  if (withoutTimestamp > 0) {
    findings.push({
      severity: 'warning',
      what: `${withoutTimestamp} of ${documents} documents of "${index}" have no field "${timestampField}"`,
      why: 'no window finds them',
      mend: `index them again with version_type=external and "${timestampField}" equal to the version`,
    })
  }
  if (sampleAtFault > 0) {
    findings.push({
      severity: 'broken',
      what: `in ${sampleAtFault} of ${sampled} documents that were looked at, _version and "${timestampField}" differ`,
      why: 'they are set aside as VERSION_CONTRACT: which version they are cannot be told',
      mend: `index them again with version_type=external and "${timestampField}" equal to the version`,
    })
  }
  return findings
}

const tableFindings = (facts: PairFacts): Finding[] => {
  const {
    keyspace,
    dataTable,
    timeseriesTable,
    timeseries,
    data,
    ttl,
    rules,
    interval,
    maxVersion,
    replication,
    nodes,
  } = facts
  const findings: Finding[] = []
  const add = (severity: Finding['severity'], what: string, why: string, mend: string): void => {
    findings.push({ severity, what, why, mend })
  }
  const shortest = Math.ceil((rules.overlap + interval) / 1_000_000)
  if (timeseries.defaultTtl === 0) {
    add(
      'warning',
      `entries of ${keyspace}.${timeseriesTable} that clients write never expire (default_time_to_live is 0)`,
      'the table grows for ever, and so does one of its partitions',
      statement(keyspace, timeseriesTable, `WITH default_time_to_live = ${ttl}`),
    )
  } else if (timeseries.defaultTtl <= shortest) {
    add(
      'broken',
      `entries of ${keyspace}.${timeseriesTable} expire after ${timeseries.defaultTtl} s, within interval and sync.overlap (${shortest} s)`,
      'they are gone before the last window that has to read them',
      statement(keyspace, timeseriesTable, `WITH default_time_to_live = ${Math.max(ttl, 3_600)}`),
    )
  }
  if (timeseries.gcGrace > 24 * Math.max(ttl, 3_600)) {
    add(
      'warning',
      `expired entries of ${keyspace}.${timeseriesTable} are kept for another ${timeseries.gcGrace} s (gc_grace_seconds)`,
      'every look at the entries passes over them',
      statement(keyspace, timeseriesTable, 'WITH gc_grace_seconds = 10800'),
    )
  }
  if (data.gcGrace === 0) {
    add(
      'warning',
      `gc_grace_seconds of ${keyspace}.${dataTable} is 0`,
      'a node that missed a null brings the old value back',
      statement(keyspace, dataTable, 'WITH gc_grace_seconds = 864000'),
    )
  }
  if (maxVersion < 2 ** 31) {
    const isTooSmall = rules.unit !== 's'
    add(
      isTooSmall ? 'broken' : 'warning',
      `the version column of ${keyspace}.${timeseriesTable} is an int`,
      isTooSmall ? `versions in ${rules.unit} do not fit it` : 'seconds fit it until January 2038',
      `the type cannot be altered: make a new table with a bigint, let clients write to it, and name it in CassandraConfig.timeseriesColumnFamily`,
    )
  }
  if (replication === 1) {
    add(
      'warning',
      `the keyspace "${keyspace}" is kept once (replication factor 1${nodes > 1 ? `, on ${nodes} nodes` : ''})`,
      'the loss of a node is the loss of its data, and while it is away nothing of it can be synced',
      `ALTER KEYSPACE ${keyspace} WITH replication = {'class': 'NetworkTopologyStrategy', 'replication_factor': 3};`,
    )
  }
  return findings
}

export interface RedisFacts {
  readonly evicts: string
  readonly appendOnly: boolean
}

export const diagnoseRedis = ({ evicts, appendOnly }: RedisFacts): Finding[] => {
  const findings: Finding[] = []
  if (evicts !== 'noeviction') {
    findings.push({
      severity: 'warning',
      what: `Redis may throw jobs away when its memory is full (maxmemory-policy ${evicts})`,
      why: 'lost windows are planned again, but only when the gap is noticed',
      mend: 'redis-cli CONFIG SET maxmemory-policy noeviction',
    })
  }
  if (!appendOnly) {
    findings.push({
      severity: 'warning',
      what: 'Redis forgets recent jobs when it is restarted (appendonly is no)',
      why: 'no data is lost, but open windows are planned again and the list of rejects is lost',
      mend: 'redis-cli CONFIG SET appendonly yes',
    })
  }
  return findings
}

/** @param ahead how far each clock is ahead of ours, as nearly as an answer can tell */
export const diagnoseClocks = (
  ahead: ReadonlyMap<string, Micros>,
  { overlap, settle }: Pick<Rules, 'overlap' | 'settle'>,
): Finding[] =>
  [...ahead].flatMap(([store, offset]): Finding[] => {
    const distance = Math.abs(offset)
    if (distance <= Math.max(settle, 1_000_000)) return []
    return [
      {
        severity: distance > overlap / 4 ? 'broken' : 'warning',
        what: `the clock of ${store} is ${(distance / 1_000_000).toFixed(1)} s ${offset > 0 ? 'ahead of' : 'behind'} that of this host`,
        why: 'windows end by the clock of this host: what a store writes by another one looks late, or of the future',
        mend: 'run an NTP client, such as chrony, on all hosts',
      },
    ]
  })
