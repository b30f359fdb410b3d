/**
 * How long an acknowledged write takes to be readable in the other store, with the service as processes of its own and
 * clients that write to both sides at a steady rate. Every twentieth write is watched by reading it by id, so that what
 * is measured is the service and not the refresh of an index. The clients write for a while before anything is watched:
 * stores and processes that have just started spend most of their time on compiling their code.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startRole, stopRoles, type RoleProcess } from '../../src/demo/processes.js'
import { endpointsFrom } from '../../src/demo/schema.js'
import { wipeQueues } from '../../src/demo/watch.js'
import { documentOf, makeRecords, type BenchRecord } from '../records.js'
import { configOf, writeRecord, type Bench, type Names } from '../stores.js'

export interface Freshness {
  /** Of both sides together, as asked for and as it was. */
  readonly wanted: number
  readonly writesPerSecond: number
  readonly watched: number
  /** Of those that were watched, how many had not arrived when it was given up. */
  readonly missing: number
  /** Seconds that a write of these clients was acknowledged at most after its version began. */
  readonly latest: number
  /** Seconds; what is missing counts as never. */
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

export interface FreshnessOptions {
  readonly writesPerSecond: number
  readonly seconds: number
}

const pollMs = 20
const watchEvery = 20
/** A service that has not brought a record by then does not keep up. */
const limitMs = 60_000
const warmUpSeconds = 60
/** Half of the overlap: clients whose writes land later break the contract. */
const contractSeconds = 10

export const freshness = async (bench: Bench, options: FreshnessOptions): Promise<Freshness> => {
  const names = { index: await bench.newIndex(), keyspace: await bench.newKeyspace() }
  const folder = mkdtempSync(join(tmpdir(), 'caes-sync-bench-'))
  const configFile = join(folder, 'caes-sync.yaml')
  writeFileSync(configFile, configOf(names))
  const running: RoleProcess[] = []
  try {
    for (const role of ['scheduler', 'worker'] as const) running.push(await startRole(role, { configFile, folder }))
    await measure(bench, names, { ...options, seconds: warmUpSeconds })
    return await measure(bench, names, options)
  } finally {
    await stopRoles(running, 60_000)
    await wipeQueues(endpointsFrom(process.env).redis, names.index)
    rmSync(folder, { recursive: true })
  }
}

interface Watched {
  readonly id: string
  readonly acknowledgedAt: number
}

const measure = async (bench: Bench, names: Names, options: FreshnessOptions): Promise<Freshness> => {
  const inElasticsearch = new Map<string, Watched>()
  const inCassandra = new Map<string, Watched>()
  const taken: number[] = []
  let done = false
  const watching = [
    watch(
      inElasticsearch,
      taken,
      () => done,
      (ids) => idsInIndex(bench, names, ids),
    ),
    watch(
      inCassandra,
      taken,
      () => done,
      (ids) => idsInTable(bench, names, ids),
    ),
  ]
  const began = performance.now()
  let written = 0
  let latest = 0
  const acknowledged = (records: readonly BenchRecord[], other: Map<string, Watched>): void => {
    for (const { id, version } of records) {
      written += 1
      const late = Date.now() / 1_000 - version
      latest = Math.max(latest, late)
      // The stores of a machine that is far too busy are no measure of the service.
      if (late > contractSeconds) continue
      if (written % watchEvery === 0) other.set(id, { id, acknowledgedAt: performance.now() })
    }
  }
  const perTick = Math.max(1, Math.round((options.writesPerSecond * pollMs) / 1_000 / 2))
  const underWay = new Set<Promise<void>>()
  for (let tick = 0; performance.now() - began < options.seconds * 1_000; tick += 1) {
    const version = Math.floor(Date.now() / 1_000)
    const records = makeRecords(`freshness ${version} ${tick}`, 2 * perTick, { from: version, to: version + 1 })
    const [documents, rows] = [records.slice(0, perTick), records.slice(perTick)]
    for (const write of [
      writeDocuments(bench, names, documents).then(() => acknowledged(documents, inCassandra)),
      writeRows(bench, names, rows).then(() => acknowledged(rows, inElasticsearch)),
    ]) {
      underWay.add(write)
      void write.finally(() => underWay.delete(write))
    }
    // Open loop: a slow store does not slow the clients down.
    const next = began + (tick + 1) * pollMs
    await sleep(Math.max(0, next - performance.now()))
  }
  await Promise.all(underWay)
  const seconds = (performance.now() - began) / 1_000
  done = true
  const missing = (await Promise.all(watching)).reduce((sum, count) => sum + count, 0)
  for (let count = 0; count < missing; count += 1) taken.push(Infinity)
  taken.sort((a, b) => a - b)
  const at = (share: number): number => taken[Math.min(taken.length - 1, Math.floor(taken.length * share))]! / 1_000
  return {
    wanted: options.writesPerSecond,
    writesPerSecond: written / seconds,
    watched: taken.length,
    missing,
    latest,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
  }
}

/** Asks for what is awaited until all of it has arrived. Resolves with how many had not when it gave up. */
const watch = async (
  awaited: Map<string, Watched>,
  taken: number[],
  isDone: () => boolean,
  find: (ids: readonly string[]) => Promise<readonly string[]>,
): Promise<number> => {
  while (!isDone() || awaited.size > 0) {
    const ids = [...awaited.keys()]
    for (const id of ids.length === 0 ? [] : await find(ids)) {
      taken.push(performance.now() - awaited.get(id)!.acknowledgedAt)
      awaited.delete(id)
    }
    const [oldest] = awaited.values()
    if (isDone() && oldest !== undefined && performance.now() - oldest.acknowledgedAt > limitMs) return awaited.size
    await sleep(pollMs)
  }
  return 0
}

const idsInIndex = async ({ elasticsearch }: Bench, { index }: Names, ids: readonly string[]): Promise<string[]> => {
  const { docs } = await elasticsearch.mget({ index, ids: [...ids], _source: false })
  return docs.flatMap((each) => ('found' in each && each.found ? [each._id] : []))
}

const idsInTable = async ({ cassandra }: Bench, { keyspace }: Names, ids: readonly string[]): Promise<string[]> => {
  const answer = await cassandra.execute(`SELECT did FROM ${keyspace}.data WHERE did IN ?`, [ids], { prepare: true })
  return answer.rows.map((row) => String(row['did']))
}

const writeDocuments = async (
  { elasticsearch }: Bench,
  { index }: Names,
  records: readonly BenchRecord[],
): Promise<void> => {
  const { errors } = await elasticsearch.bulk({
    operations: records.flatMap((record) => [
      { index: { _index: index, _id: record.id, version: record.version, version_type: 'external' } },
      documentOf(record),
    ]),
  })
  if (errors) throw new Error('Elasticsearch did not take all of the documents')
}

const writeRows = async ({ cassandra }: Bench, { keyspace }: Names, records: readonly BenchRecord[]): Promise<void> => {
  await Promise.all(records.map((record) => writeRecord(cassandra, keyspace, record)))
}
