/**
 * How throughput grows with the number of workers when the stores are far away: each of them a process that works on one
 * window at a time, and lines to both stores on which every request and every answer takes its time. What is measured is
 * a gap of small windows, from the first that is acknowledged to the last. A process that has just started spends most of
 * its time on compiling its code, so the same workers make up the gaps of other pairs before: one for each of them, or
 * many workers would have worked on fewer windows each than a single one.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectCassandra } from '../../src/adapters/cassandra/client.js'
import { openCheckpointStore } from '../../src/adapters/cassandra/checkpoint-store.js'
import { startAt, type Progress } from '../../src/core/progress.js'
import { startRole, stopRoles, type RoleProcess } from '../../src/demo/processes.js'
import { endpointsFrom } from '../../src/demo/schema.js'
import { wipeQueues } from '../../src/demo/watch.js'
import { openLine } from '../../test/support/tcp-line.js'
import { makeRecords } from '../records.js'
import { configOf, fillIndex, fillTables, type Bench, type Names } from '../stores.js'

export interface Workers {
  readonly workers: number
  readonly windowsPerSecond: number
  readonly recordsPerSecond: number
}

/** Windows of one second. With the margin they are as many as the planner hands out before it makes them longer. */
const windows = 160
const marginSeconds = 35
const recordsPerWindow = 20
/** Of one way. */
const latencyMs = 10
const pollMs = 50

export const workers = async (bench: Bench, count: number, say: (line: string) => void): Promise<Workers> => {
  const endpoints = endpointsFrom(process.env)
  const [host = '', port = ''] = endpoints.cassandra.split(':')
  const elasticsearch = new URL(endpoints.elasticsearch)
  const lines = {
    elasticsearch: await openLine(elasticsearch.hostname, Number(elasticsearch.port)),
    cassandra: await openLine(host, Number(port)),
  }
  for (const line of Object.values(lines)) line.slow({ latencyMs })
  const session = await connectCassandra({ contactPoints: [host], port: Number(port), requestTimeoutMs: 12_000 })
  const folder = mkdtempSync(join(tmpdir(), 'caes-sync-bench-'))
  const prefix = `caes-sync-bench-${process.pid}-${count}`
  const configFileOf = (name: string, pairs: readonly FarPair[]): string => {
    const path = join(folder, `${name}.yaml`)
    const sections = pairs.map((pair) => sectionOf(pair, lines.elasticsearch.port, lines.cassandra.port))
    const redis = { url: endpoints.redis, prefix }
    writeFileSync(path, JSON.stringify({ interval: 1, redis, pairs: sections, worker: { concurrency: 1 } }))
    return path
  }
  const running: RoleProcess[] = []
  /** Windows a second of a pair whose gap is filled now and made up by the running workers. */
  const makeUp = async (pair: FarPair): Promise<number> => {
    const from = await fillGap(bench, pair)
    const checkpoints = await openCheckpointStore(session, pair.keyspace)
    await checkpoints.create(pair.name, startAt(from))
    const scheduler = await startRole('scheduler', {
      configFile: configFileOf(`scheduler-${pair.name}`, [pair]),
      folder,
    })
    try {
      // Not a transaction, or watching would hold up those that it watches.
      const done = async (): Promise<number> => doneOf((await checkpoints.glance(pair.name))!.progress, from)
      let first = 0
      while ((first = await done()) === 0) await sleep(pollMs)
      const began = performance.now()
      while ((await done()) < windows) await sleep(pollMs)
      return (windows - first) / ((performance.now() - began) / 1_000)
    } finally {
      await stopRoles([scheduler], 60_000)
    }
  }
  try {
    const measured = await newPair(bench, 'measured')
    const warmUps: FarPair[] = []
    for (let number = 1; number <= count; number += 1) warmUps.push(await newPair(bench, `warm-up-${number}`))
    const configFile = configFileOf('workers', [...warmUps, measured])
    for (let started = 0; started < count; started += 1) running.push(await startRole('worker', { configFile, folder }))
    for (const pair of warmUps) {
      say(`${count} workers, ${pair.name}: ${(await makeUp(pair)).toFixed(1)} windows a second`)
    }
    const rate = await makeUp(measured)
    say(`${count} workers: ${rate.toFixed(1)} windows a second`)
    return { workers: count, windowsPerSecond: rate, recordsPerSecond: rate * recordsPerWindow }
  } finally {
    await stopRoles(running, 60_000)
    for (const line of Object.values(lines)) await line.close()
    await session.shutdown()
    await wipeQueues(endpoints.redis, prefix)
    rmSync(folder, { recursive: true })
  }
}

interface FarPair extends Names {
  readonly name: string
}

const newPair = async (bench: Bench, name: string): Promise<FarPair> => ({
  name,
  index: await bench.newIndex(),
  keyspace: await bench.newKeyspace(),
})

/** A pair in the words of the configuration, its stores behind these ports. */
const sectionOf = ({ name, ...names }: FarPair, toElasticsearch: number, toCassandra: number): object => {
  const near = JSON.parse(configOf(names)) as Record<string, object>
  return {
    name,
    ElasticSearchConfig: {
      ...near['ElasticSearchConfig'],
      driver: { hosts: [`http://127.0.0.1:${toElasticsearch}`] },
    },
    CassandraConfig: {
      ...near['CassandraConfig'],
      driver: { contact_points: ['127.0.0.1'], port: toCassandra },
    },
  }
}

/** Half of the records on either side. Resolves with the version that the gap begins at. */
const fillGap = async (bench: Bench, { index, keyspace, name }: FarPair): Promise<number> => {
  const from = Math.floor(Date.now() / 1_000) - windows - marginSeconds
  const records = makeRecords(`${name} ${from}`, windows * recordsPerWindow, { from, to: from + windows })
  await fillIndex(
    bench.elasticsearch,
    index,
    records.filter((_, at) => at % 2 === 0),
  )
  await fillTables(
    bench.cassandra,
    keyspace,
    records.filter((_, at) => at % 2 === 1),
  )
  return from
}

/** Seconds of versions that are acknowledged, in order or not; those of the gap alone. */
const doneOf = ({ watermark, acknowledged }: Progress, from: number): number =>
  Math.min(
    windows,
    acknowledged.reduce((sum, range) => sum + range.to - range.from, watermark - from),
  )
