/** What a worker takes of memory at most while it works through many records, half of them written on either side. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectCassandra } from '../../src/adapters/cassandra/client.js'
import { openCheckpointStore } from '../../src/adapters/cassandra/checkpoint-store.js'
import { startAt } from '../../src/core/progress.js'
import { startRole, stopRoles, type RoleProcess } from '../../src/demo/processes.js'
import { endpointsFrom } from '../../src/demo/schema.js'
import { wipeQueues } from '../../src/demo/watch.js'
import { peakMemory } from '../peak-memory.js'
import { makeRecords } from '../records.js'
import { configOf, fillIndex, fillTables, type Bench } from '../stores.js'

export interface Memory {
  readonly shape: string
  readonly records: number
  readonly seconds: number
  /** Largest resident set of the worker, in bytes. */
  readonly peak: number
  /** Records of all jobs, those that were met again in the overlap of a later window included. */
  readonly met: number
  /** Records that were written to the other side. */
  readonly written: number
}

/** Seconds of versions that the records are spread over. */
export const shapes: Readonly<Record<string, number>> = {
  'in one version': 1,
  'in one gap of 2 minutes': 120,
  'in one gap of 50 minutes': 3_000,
}

const pairName = 'default'
/** Seconds; as the original's example has it. */
const interval = 60
/** Records in the memory of this process while it fills the stores. */
const sliceSize = 20_000

/** @param base see StartOptions */
export const memory = async (
  bench: Bench,
  shape: string,
  records: number,
  say: (line: string) => void,
  base?: string,
): Promise<Memory> => {
  const names = { index: await bench.newIndex(), keyspace: await bench.newKeyspace() }
  const span = shapes[shape]!
  // On the grid of the windows, and far enough back for all of them to be due when the scheduler starts.
  const from = Math.floor((Date.now() / 1_000 - span) / interval - 2) * interval
  say(`filling the stores with ${records} records ${shape}`)
  await fill(bench, names, records, { from, to: from + span })
  const [host = '', port = ''] = endpointsFrom(process.env).cassandra.split(':')
  const session = await connectCassandra({ contactPoints: [host], port: Number(port), requestTimeoutMs: 12_000 })
  const checkpoints = await openCheckpointStore(session, names.keyspace)
  await checkpoints.create(pairName, startAt(from))

  const folder = mkdtempSync(join(tmpdir(), 'caes-sync-bench-'))
  const configFile = join(folder, 'caes-sync.yaml')
  writeFileSync(configFile, configOf(names, { interval }))
  const running: RoleProcess[] = []
  try {
    const began = performance.now()
    const options = { configFile, folder, ...(base === undefined ? {} : { base }) }
    for (const role of ['scheduler', 'worker'] as const) running.push(await startRole(role, options))
    const [, worker] = running as [RoleProcess, RoleProcess]
    let watermark = from
    while (watermark < from + span) {
      await sleep(1_000)
      watermark = (await checkpoints.read(pairName))?.progress.watermark ?? from
      say(`${watermark - from} of ${span} s; at most ${Math.round(peakMemory(worker.pid) / 2 ** 20)} MB so far`)
    }
    const seconds = (performance.now() - began) / 1_000
    return { shape, records, seconds, peak: peakMemory(worker.pid), ...(await recordsOf(worker.url)) }
  } finally {
    await stopRoles(running, 60_000)
    await session.shutdown()
    await wipeQueues(endpointsFrom(process.env).redis, names.index)
    rmSync(folder, { recursive: true })
  }
}

const fill = async (
  bench: Bench,
  { index, keyspace }: { readonly index: string; readonly keyspace: string },
  records: number,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> => {
  for (let done = 0; done < records; done += sliceSize) {
    const count = Math.min(sliceSize, records - done)
    const versionAt = (record: number): number => from + Math.floor((record * (to - from)) / records)
    const slice = makeRecords(`memory ${done}`, count, { from: 0, to: 1 }).map((record, at) => ({
      ...record,
      version: versionAt(done + at),
    }))
    await Promise.all([
      fillIndex(
        bench.elasticsearch,
        index,
        slice.filter((_, at) => at % 2 === 0),
      ),
      fillTables(
        bench.cassandra,
        keyspace,
        slice.filter((_, at) => at % 2 === 1),
      ),
    ])
  }
}

const recordsOf = async (url: string): Promise<Pick<Memory, 'met' | 'written'>> => {
  const text = await (await fetch(`${url}/metrics`)).text()
  const sum = (counts: RegExp): number =>
    [...text.matchAll(counts)].reduce((total, [, count]) => total + Number(count), 0)
  return {
    met: sum(/^caes_sync_documents_total\{.*\} (\d+)$/gm),
    written: sum(/^caes_sync_documents_total\{.*result="written".*\} (\d+)$/gm),
  }
}
