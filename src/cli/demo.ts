/** `caes-sync demo`: the whole system on local stores, with an application that writes on each side. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectCassandra } from '../adapters/cassandra/client.js'
import { connectPair, connections } from '../compose.js'
import { loadConfig } from '../config/load.js'
import { CaesError, exitCode } from '../core/errors.js'
import { compareStores } from '../demo/compare.js'
import { loadMovies } from '../demo/movies.js'
import { startRole, stopRoles, type RoleProcess } from '../demo/processes.js'
import { configText, createIndex, createTables, endpointsFrom, type Endpoints } from '../demo/schema.js'
import { watchWindows, wipeQueues, type Watch } from '../demo/watch.js'
import { cassandraWriter, elasticsearchWriter, seeded, writeBothSides, type Acknowledged } from '../demo/writers.js'
import { createLogger } from '../runtime/logger.js'
import { createReleases, type Releases } from '../runtime/releases.js'
import type { Pair } from '../sync/pair.js'
import { configSource } from './config-source.js'
import { logOptions, type GlobalOptions } from './global-options.js'

export interface DemoOptions {
  readonly once?: boolean
  /** How long the writers write with `once`. */
  readonly seconds: number
  /** host:port of the dashboard; by default the usual one of this machine, or a free port. */
  readonly listen?: string
  /** See run. */
  readonly insecure?: boolean
}

const interval = 2
/** Writes per second on each side. */
const rate = 40
const usualDashboardPort = 9464
/** After the last write: settle, interval, hold and a few rounds more. */
const convergenceLimitMs = 60_000
const drainMs = 20_000

export const demo = async (options: DemoOptions, global: GlobalOptions): Promise<number> => {
  const logger = createLogger(logOptions(global, 'warn'))
  const releases = createReleases(logger)
  const stop = new AbortController()
  const onSignal = (): void => stop.abort()
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  releases.add('signals', () => process.off('SIGINT', onSignal).off('SIGTERM', onSignal))
  try {
    return await show(options, global, logger, releases, stop.signal)
  } catch (error) {
    if (!stop.signal.aborted) throw error
    return exitCode.done
  } finally {
    say('stopping')
    await releases.run()
  }
}

const show = async (
  options: DemoOptions,
  global: GlobalOptions,
  logger: ReturnType<typeof createLogger>,
  releases: Releases,
  signal: AbortSignal,
): Promise<number> => {
  const endpoints = endpointsFrom(process.env)
  const name = `caes_demo_${Date.now().toString(36)}`
  const folder = mkdtempSync(join(tmpdir(), 'caes-sync-demo-'))
  releases.add('demo folder', () => rmSync(folder, { recursive: true, force: true }))
  const configFile = join(folder, 'caes-sync.json')
  const listen = options.listen ?? `127.0.0.1:${await dashboardPort()}`
  writeFileSync(configFile, configText(name, endpoints, { interval, listen }))
  const config = await loadConfig({ ...configSource(global), path: configFile })

  const shared = connections(logger, releases)
  const pairConfig = config.pairs[0]!
  const elasticsearch = shared.elasticsearch(pairConfig)
  // The pair's own client starts in the keyspace, which is not there yet.
  const cassandra = await connectCassandra(pairConfig.cassandra.connection)
  releases.add('demo client', () => cassandra.shutdown())
  say(`creating index, keyspace and tables "${name}"`)
  await createTables(cassandra, name)
  releases.add('demo keyspace', () => cassandra.execute(`DROP KEYSPACE IF EXISTS ${name}`))
  await createIndex(elasticsearch, name)
  releases.add('demo index', () => elasticsearch.indices.delete({ index: name }))
  const pair = await connectPair(pairConfig, shared)
  const watch = await watchWindows(endpoints.redis, name)
  releases.add('demo queues', () => wipeQueues(endpoints.redis, name))
  releases.add('demo watch', () => watch.close())

  say('starting scheduler, two workers and dashboard')
  const processes: RoleProcess[] = []
  releases.add('demo processes', () => stopRoles(processes, drainMs))
  // The scheduler first: the pair begins with its first start.
  for (const role of ['scheduler', 'worker', 'worker', 'dashboard'] as const) {
    const args = role === 'dashboard' && options.insecure === true ? ['--insecure'] : []
    processes.push(await startRole(role, { configFile, folder, args }))
    signal.throwIfAborted()
  }
  tellAddresses(endpoints, processes, name)
  say('of several writes to one record, the newest is copied; of two with the same time (a tie), the document')
  say('the lag is the time since the end of the newest window')
  say(options.once === true ? `writing for ${options.seconds} s, then comparing both stores` : 'press Ctrl-C to end')

  const acknowledged: Acknowledged[] = []
  const writing = writingTime(options, signal, releases)
  const writers = writeBothSides({
    writes: {
      elasticsearch: elasticsearchWriter(elasticsearch, name),
      cassandra: cassandraWriter(cassandra, name, 'movies'),
    },
    movies: await loadMovies(),
    rate,
    random: seeded(20_150_325),
    signal: writing,
    onAcknowledged: (write) => acknowledged.push(write),
  })
  await Promise.all([writers, liveLines(acknowledged, watch, writing, processes)])
  if (signal.aborted) return exitCode.done
  say(`writers have stopped after ${acknowledged.length} acknowledged writes; waiting until both stores are equal`)
  return await convergence(pair, acknowledged, watch, signal)
}

/**
 * Ends with the demo, or after the given time. A timer and a controller of our own: nothing holds a time-out signal
 * that is only part of a combined one, and Node.js 20 may collect it before it fires.
 */
const writingTime = ({ once, seconds }: DemoOptions, signal: AbortSignal, releases: Releases): AbortSignal => {
  const writing = new AbortController()
  const end = (): void => writing.abort()
  signal.addEventListener('abort', end)
  releases.add('demo end', () => signal.removeEventListener('abort', end))
  if (once === true) {
    const timer = setTimeout(end, seconds * 1_000)
    releases.add('demo timer', () => clearTimeout(timer))
  }
  return writing.signal
}

/** Progress goes to stderr, the outcome to stdout. */
const say = (text: string): void => {
  process.stderr.write(`demo: ${text}\n`)
}

const tellAddresses = (endpoints: Endpoints, processes: readonly RoleProcess[], name: string): void => {
  const dashboard = processes.find(({ role }) => role === 'dashboard')!
  say(`Elasticsearch  ${endpoints.elasticsearch}/${name}/_search`)
  say(`Cassandra      ${endpoints.cassandra}, tables ${name}.movies and ${name}.ts`)
  say(`dashboard      ${dashboard.url}`)
  for (const { role, pid, url } of processes) say(`${role.padEnd(14)} pid ${pid}, ${url}/metrics`)
}

const liveLines = async (
  acknowledged: readonly Acknowledged[],
  watch: Watch,
  signal: AbortSignal,
  processes: readonly RoleProcess[],
): Promise<void> => {
  let lines = 0
  while (!signal.aborted) {
    if (lines % 15 === 0) {
      process.stdout.write(
        '    time   written ES   written C*   synced → ES   synced → C*   ties   lag s   windows   failed\n',
      )
    }
    lines += 1
    const written = (side: string): number => acknowledged.filter((write) => write.side === side).length
    const { totals } = watch
    const synced = watch.syncedTo()
    const lag = synced === undefined ? '–' : (Date.now() / 1_000 - synced).toFixed(1)
    const columns = [
      new Date().toTimeString().slice(0, 8).padStart(8),
      String(written('elasticsearch')).padStart(12),
      String(written('cassandra')).padStart(12),
      String(totals.toElasticsearch).padStart(13),
      String(totals.toCassandra).padStart(13),
      String(totals.ties).padStart(6),
      lag.padStart(7),
      String(totals.windows).padStart(9),
      String(totals.failed).padStart(8),
    ]
    process.stdout.write(`${columns.join(' ')}\n`)
    const ended = await Promise.race([
      wait(1_000, signal),
      ...processes.map(({ ended: end, role }) => end.then(() => role)),
    ])
    if (typeof ended === 'string' && !signal.aborted) {
      throw new CaesError('CAES_NOT_STARTED', `the ${ended} ended by itself`, {
        hint: 'Its log is in the demo folder.',
      })
    }
  }
}

const wait = async (ms: number, signal: AbortSignal): Promise<void> => {
  if (signal.aborted) return
  await sleep(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}

const convergence = async (
  pair: Pair,
  acknowledged: readonly Acknowledged[],
  watch: Watch,
  signal: AbortSignal,
): Promise<number> => {
  const began = Date.now()
  for (;;) {
    const { records, differences } = await compareStores(pair, acknowledged, signal)
    const seconds = Math.round((Date.now() - began) / 1_000)
    if (differences.length === 0) {
      const { ties, toElasticsearch, toCassandra } = watch.totals
      process.stdout.write(
        `EQUAL: ${records} records, ${acknowledged.length} acknowledged writes, none lost; ` +
          `${toElasticsearch} copied to Elasticsearch, ${toCassandra} to Cassandra, ${ties} ties; equal ${seconds} s after the last write\n`,
      )
      return exitCode.done
    }
    if (Date.now() - began > convergenceLimitMs) {
      process.stdout.write(`DIFFERENT: ${differences.length} of ${records} records after ${seconds} s\n`)
      for (const { id, what } of differences.slice(0, 20)) process.stdout.write(`  ${id}  ${what}\n`)
      return exitCode.failed
    }
    say(`${differences.length} of ${records} records still differ`)
    await wait(1_000, signal)
    signal.throwIfAborted()
  }
}

/** The usual port if it is free, so that the address can be remembered. */
const dashboardPort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(0))
    probe.listen(usualDashboardPort, '127.0.0.1', () => probe.close(() => resolve(usualDashboardPort)))
  })
