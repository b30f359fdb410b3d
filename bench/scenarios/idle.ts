/** What the service costs while nothing is written: processor time of its processes, from the system's own accounting. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startRole, stopRoles, type RoleProcess } from '../../src/demo/processes.js'
import { endpointsFrom } from '../../src/demo/schema.js'
import { wipeQueues } from '../../src/demo/watch.js'
import { configOf, type Bench } from '../stores.js'

export interface Idle {
  readonly pairs: number
  /** Shares of one core. */
  readonly scheduler: number
  readonly worker: number
}

/** Linux counts processor time in hundredths of a second. */
const ticksPerSecond = 100
/** Connecting, preparing statements and compiling code are not what an idle pair costs. */
const warmUpMs = 60_000

/** @param seconds how long to look, after a while in which everything has been opened */
export const idle = async (bench: Bench, pairs: number, seconds: number): Promise<Idle> => {
  const main = { index: await bench.newIndex(), keyspace: await bench.newKeyspace() }
  const more: object[] = []
  const { ElasticSearchConfig, CassandraConfig } = JSON.parse(configOf(main)) as Record<string, object>
  for (let number = 2; number <= pairs; number += 1) {
    more.push({
      name: `pair-${number}`,
      ElasticSearchConfig: { ...ElasticSearchConfig, index: await bench.newIndex() },
      CassandraConfig: { ...CassandraConfig, ...(await bench.newTables(main.keyspace, number)) },
    })
  }
  const folder = mkdtempSync(join(tmpdir(), 'caes-sync-bench-'))
  const configFile = join(folder, 'caes-sync.yaml')
  writeFileSync(configFile, configOf(main, { pairs: more }))
  const running: RoleProcess[] = []
  try {
    for (const role of ['scheduler', 'worker'] as const) running.push(await startRole(role, { configFile, folder }))
    await sleep(warmUpMs)
    const before = running.map(({ pid }) => processorSeconds(pid))
    const began = performance.now()
    await sleep(seconds * 1_000)
    const taken = (performance.now() - began) / 1_000
    const [scheduler = 0, worker = 0] = running.map(
      ({ pid }, index) => (processorSeconds(pid) - before[index]!) / taken,
    )
    return { pairs, scheduler, worker }
  } finally {
    await stopRoles(running, 60_000)
    await wipeQueues(endpointsFrom(process.env).redis, main.index)
    rmSync(folder, { recursive: true })
  }
}

/** User and system time of a process and its threads; fields 14 and 15 of /proc/PID/stat, behind the name in brackets. */
const processorSeconds = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}
