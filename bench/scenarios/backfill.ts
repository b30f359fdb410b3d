/**
 * A copy of everything by worker processes, the first of which is killed in the middle, against a plain script with the
 * drivers' own helpers, and against the raw drivers; and a comparison of everything, against reading both sides. It fails
 * where a difference is left, where the copy begins again from the start, or where a worker takes too much memory.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { partsOfCut, type RunPlan } from '../../src/core/run.js'
import type { Window } from '../../src/core/window.js'
import { startRole, stopRoles, type RoleProcess } from '../../src/demo/processes.js'
import { endpointsFrom } from '../../src/demo/schema.js'
import { wipeQueues } from '../../src/demo/watch.js'
import { peakMemory } from '../peak-memory.js'
import { scrollAndInsert, streamAndBulk } from '../plain.js'
import { copyDocuments, copyRows, readDocuments, readEntries, scanRows } from '../raw.js'
import { makeRecords } from '../records.js'
import { configOf, fillIndex, fillTables, type Bench, type Names } from '../stores.js'

export type Source = 'cassandra' | 'elasticsearch'

export interface Backfill {
  readonly source: Source
  readonly records: number
  /** Seconds of the copy, the takeover from the killed worker included, of the script and of the raw drivers. */
  readonly copied: number
  readonly plain: number
  readonly raw: number
  /** Largest resident set of either worker, in bytes. */
  readonly peak: number
  /** Seconds of the comparison, and of reading both sides. */
  readonly verified: number
  readonly scanned: number
}

const mostMemory = 300 * 2 ** 20
/** Records in the memory of this process while it fills a store. */
const sliceSize = 20_000
/** Seconds of versions, all of them long ago. */
const span = 7_200

const main = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url))

export const backfill = async (
  bench: Bench,
  source: Source,
  records: number,
  say: (line: string) => void,
): Promise<Backfill> => {
  const names = { index: await bench.newIndex(), keyspace: await bench.newKeyspace() }
  const from = Math.floor(Date.now() / 1_000) - 2 * span
  const window = { from, to: from + span }
  say(`filling ${source} with ${records} records`)
  for (let done = 0; done < records; done += sliceSize) {
    const slice = makeRecords(`backfill ${done}`, Math.min(sliceSize, records - done), window)
    await (source === 'elasticsearch'
      ? fillIndex(bench.elasticsearch, names.index, slice)
      : fillTables(bench.cassandra, names.keyspace, slice))
  }
  say('copying with a plain script')
  const plain = await secondsOf(() => copyElsewhere(bench, names, source, records, plainScripts[source]))
  say('copying with the raw drivers')
  const raw = await secondsOf(() => copyElsewhere(bench, names, source, records, rawCopies(window)[source]))

  const folder = mkdtempSync(join(tmpdir(), 'caes-sync-bench-'))
  const configFile = join(folder, 'caes-sync.yaml')
  writeFileSync(configFile, configOf(names, { interval: 10 }))
  const running: RoleProcess[] = []
  try {
    const start = async (): Promise<RoleProcess> => {
      const worker = await startRole('worker', { configFile, folder })
      running.push(worker)
      return worker
    }
    let peak = 0
    const copied = await secondsOf(async () => {
      peak = await copyWithAKill(bench, names, { source, records, configFile, start, say })
    })
    say('comparing')
    let told = ''
    const verified = await secondsOf(async () => (told = await run(['verify', '--json', '-c', configFile])))
    const { compared, differences } = JSON.parse(told) as { readonly compared: number; readonly differences: number }
    if (compared !== records || differences !== 0) throw new Error(`not equal after the copy: ${told}`)
    say('reading both sides')
    const scanned = await secondsOf(() => scanBoth(bench, names, window))
    if (peak > mostMemory) throw new Error(`a worker took ${Math.round(peak / 2 ** 20)} MB`)
    return { source, records, copied, plain, raw, peak, verified, scanned }
  } finally {
    await stopRoles(running, 60_000)
    await wipeQueues(endpointsFrom(process.env).redis, names.index)
    rmSync(folder, { recursive: true })
  }
}

const secondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1_000
}

/** Resolves to the largest resident set of either worker. */
const copyWithAKill = async (
  { cassandra }: Bench,
  { keyspace }: Names,
  {
    source,
    records,
    configFile,
    start,
    say,
  }: {
    readonly source: Source
    readonly records: number
    readonly configFile: string
    readonly start: () => Promise<RoleProcess>
    readonly say: (line: string) => void
  },
): Promise<number> => {
  const victim = await start()
  const copying = run(['backfill', '--from', source, '--json', '-c', configFile])
  const parts = partsDone(cassandra, keyspace)
  // A copy that fails is not waited for.
  while (!(await parts()).isHalf) await Promise.race([sleep(100), copying])
  const before = peakMemory(victim.pid)
  victim.kill('SIGKILL')
  const { done, of } = await parts()
  if (done === of) throw new Error('the copy was done before its worker was killed: take more records')
  say(`killed the worker after ${done} of ${of} parts; ${Math.round(before / 2 ** 20)} MB at most`)
  const heir = await start()
  const { run: number, read } = JSON.parse(await copying) as { readonly run: number; readonly read: number }
  // It is still the first run: parts that were done stayed done.
  if (number !== 1 || read !== records) throw new Error(`run ${number} read ${read} records, and not ${records}`)
  return Math.max(before, peakMemory(heir.pid))
}

/** How far the copy has come, as it keeps it in Cassandra. */
const partsDone = (cassandra: Bench['cassandra'], keyspace: string) => async () => {
  // Neither table is there before the copy is announced.
  const nothing = { rows: [] as Record<string, unknown>[] }
  const rowsOf = async (cql: string) => (await cassandra.execute(cql).catch(() => nothing)).rows
  const [run] = await rowsOf(`SELECT plan FROM ${keyspace}.caes_run`)
  const { cut } = JSON.parse(String(run?.['plan'] ?? '{}')) as RunPlan
  const of = cut === undefined ? Infinity : partsOfCut(cut).length
  const done = (await rowsOf(`SELECT part FROM ${keyspace}.caes_run_part`)).length
  return { done, of, isHalf: done >= of / 2 }
}

/** Resolves to what it printed. Errors: where it ends with another code than 0. */
const run = (args: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args, '--quiet'], { stdio: ['ignore', 'pipe', 'inherit'] })
    let stdout = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve(stdout)
      else reject(new Error(`caes-sync ${args.join(' ')} ended with ${code}`))
    })
  })

type Copying = (bench: Bench, names: Names) => Promise<number>

const plainScripts: Readonly<Record<Source, Copying>> = { elasticsearch: scrollAndInsert, cassandra: streamAndBulk }

const rawCopies = (window: Window): Readonly<Record<Source, Copying>> => ({
  elasticsearch: (bench, names) => copyDocuments(bench, names, window),
  cassandra: (bench, names) => copyRows(bench, names, window),
})

/** Into an index or a keyspace of its own. */
const copyElsewhere = async (
  bench: Bench,
  { index, keyspace }: Names,
  source: Source,
  records: number,
  copying: Copying,
): Promise<void> => {
  const names =
    source === 'elasticsearch'
      ? { index, keyspace: await bench.newKeyspace() }
      : { index: await bench.newIndex(), keyspace }
  const copied = await copying(bench, names)
  if (copied !== records) throw new Error(`${copied} of ${records} records were copied`)
}

/** At the same time, as a comparison does. */
const scanBoth = async (bench: Bench, { index, keyspace }: Names, window: Window): Promise<void> => {
  await Promise.all([
    readAll(readDocuments(bench.elasticsearch, index, window)),
    readAll(readEntries(bench.cassandra, keyspace, window)),
    readAll(scanRows(bench.cassandra, keyspace)),
  ])
}

const readAll = async (pages: AsyncIterable<unknown>): Promise<void> => {
  const iterator = pages[Symbol.asyncIterator]()
  while ((await iterator.next()).done !== true);
}
