/**
 * How throughput grows with the number of workers when the stores are far away: each of them a process that works on one
 * window at a time, and lines to both stores on which every request and every answer takes its time. What is measured is
 * a gap of small windows, from the first that is acknowledged to the last.
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
import { configOf, fillIndex, fillTables, type Bench } from '../stores.js'

export interface Workers {
  readonly workers: number
  readonly windowsPerSecond: number
  readonly recordsPerSecond: number
}

const pairName = 'default'
/** Windows of one second, as many as the planner hands out before it makes them longer. */
const windows = 160
const recordsPerWindow = 20
/** Of one way. */
const latencyMs = 10
const pollMs = 50

export const workers = async (bench: Bench, count: number, say: (line: string) => void): Promise<Workers> => {
  const names = { index: await bench.newIndex(), keyspace: await bench.newKeyspace() }
  const from = Math.floor(Date.now() / 1_000) - windows - 300
  const records = makeRecords(`workers ${from}`, windows * recordsPerWindow, { from, to: from + windows })
  await fillIndex(
    bench.elasticsearch,
    names.index,
    records.filter((_, at) => at % 2 === 0),
  )
  await fillTables(
    bench.cassandra,
    names.keyspace,
    records.filter((_, at) => at % 2 === 1),
  )

  const endpoints = endpointsFrom(process.env)
  const [host = '', port = ''] = endpoints.cassandra.split(':')
  const elasticsearch = new URL(endpoints.elasticsearch)
  const session = await connectCassandra({ contactPoints: [host], port: Number(port), requestTimeoutMs: 12_000 })
  const lines = await Promise.all([
    openLine(elasticsearch.hostname, Number(elasticsearch.port)),
    openLine(host, Number(port)),
  ])
  const folder = mkdtempSync(join(tmpdir(), 'caes-sync-bench-'))
  const running: RoleProcess[] = []
  try {
    const checkpoints = await openCheckpointStore(session, names.keyspace)
    await checkpoints.create(pairName, startAt(from))
    const near = JSON.parse(configOf(names)) as Record<string, { readonly driver: object }>
    const [toElasticsearch, toCassandra] = lines.map((line) => line.port)
    const configFile = join(folder, 'caes-sync.yaml')
    writeFileSync(
      configFile,
      JSON.stringify({
        ...near,
        ElasticSearchConfig: {
          ...near['ElasticSearchConfig'],
          driver: { hosts: [`http://127.0.0.1:${toElasticsearch}`] },
        },
        CassandraConfig: {
          ...near['CassandraConfig'],
          driver: { contact_points: ['127.0.0.1'], port: toCassandra },
        },
        worker: { concurrency: 1 },
      }),
    )
    for (const line of lines) line.slow({ latencyMs })
    const options = { configFile, folder }
    for (let started = 0; started < count; started += 1) running.push(await startRole('worker', options))
    running.push(await startRole('scheduler', options))

    const done = async (): Promise<number> => doneOf((await checkpoints.read(pairName))!.progress, from)
    let first = 0
    while ((first = await done()) === 0) await sleep(pollMs)
    const began = performance.now()
    let last = first
    while ((last = await done()) < windows) await sleep(pollMs)
    const seconds = (performance.now() - began) / 1_000
    const rate = (windows - first) / seconds
    say(`${count} workers: ${last} windows, ${rate.toFixed(1)} a second`)
    return { workers: count, windowsPerSecond: rate, recordsPerSecond: rate * recordsPerWindow }
  } finally {
    await stopRoles(running, 60_000)
    for (const line of lines) await line.close()
    await session.shutdown()
    await wipeQueues(endpoints.redis, names.index)
    rmSync(folder, { recursive: true })
  }
}

/** Seconds of versions that are acknowledged, in order or not; those of the gap alone. */
const doneOf = ({ watermark, acknowledged }: Progress, from: number): number =>
  Math.min(
    windows,
    acknowledged.reduce((sum, range) => sum + range.to - range.from, watermark - from),
  )
