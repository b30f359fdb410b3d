/** `caes-sync backfill`: copies what was there before, in this process, part by part. */
import { openRunStore } from '../adapters/cassandra/run-store.js'
import { MemoryRunStore } from '../adapters/memory/memory-run-store.js'
import { connectPair, connections, type Connections } from '../compose.js'
import type { PairConfig } from '../config/config.js'
import { loadConfig } from '../config/load.js'
import { exitCode } from '../core/errors.js'
import { printable } from '../core/printable.js'
import { rejectText } from '../core/reject.js'
import type { PartResult, RunSource } from '../core/run.js'
import type { RunStore } from '../ports/run-store.js'
import { createLogger } from '../runtime/logger.js'
import { createReleases } from '../runtime/releases.js'
import { backfill as copyAll, openRun } from '../sync/backfill.js'
import { paceOf, unhurried } from '../sync/pace.js'
import { choosePairs } from './choose-pairs.js'
import { configSource } from './config-source.js'
import { logOptions, type GlobalOptions } from './global-options.js'
import { interruptible } from './interruptible.js'
import { progressFor } from './progress-line.js'
import { answer } from './session.js'

export interface BackfillCommand {
  readonly from: RunSource
  readonly pair?: string
  readonly rate?: number
  readonly dryRun?: boolean
}

export const backfill = async (options: BackfillCommand, global: GlobalOptions): Promise<number> => {
  const config = await loadConfig(configSource(global))
  const logger = createLogger(logOptions(global, 'error'))
  const pairs = choosePairs(config.pairs, options.pair)
  const releases = createReleases(logger)
  try {
    const shared = connections(logger, releases)
    return await interruptible(async (signal) => {
      let rejected = 0
      for (const pair of pairs) rejected += (await copyPair(pair, shared, options, global, signal)).rejected
      return rejected > 0 ? exitCode.rejected : exitCode.done
    })
  } finally {
    await releases.run()
  }
}

/** More are in the count; whoever has that many mends the cause. */
const mostRejectsTold = 20

const copyPair = async (
  config: PairConfig,
  shared: Connections,
  options: BackfillCommand,
  global: GlobalOptions,
  signal: AbortSignal,
): Promise<PartResult> => {
  const dryRun = options.dryRun === true
  const pair = await connectPair(config, shared)
  // A dry run leaves no trace that another run could take for work that is done.
  const runs: RunStore = dryRun
    ? new MemoryRunStore()
    : await openRunStore(await shared.cassandra(config), config.cassandra.keyspace)
  const { run, resumed } = await openRun(pair, options.from, runs, signal)
  const progress = progressFor(`copying ${pair.name}`, 'records read', global)
  if (resumed && global.quiet !== true) {
    const since = new Date(run.startedAt).toISOString()
    process.stderr.write(`${printable(pair.name)}: going on with the backfill that was started at ${since}\n`)
  }
  const counts = { read: 0, done: 0, of: 0, rejects: 0 }
  const update = (): void => progress.update({ done: counts.read, note: `${counts.done} of ${counts.of} parts done` })
  try {
    const result = await copyAll(pair, run, runs, {
      dryRun,
      pace: options.rate === undefined ? unhurried : paceOf(options.rate, pair.clock),
      signal,
      onParts: (done, of) => {
        Object.assign(counts, { done, of })
        update()
      },
      onRead: (records) => {
        counts.read += records
        update()
      },
      onReject: (reject) => {
        counts.rejects += 1
        if (counts.rejects > mostRejectsTold || global.quiet === true) return
        progress.around(() =>
          process.stderr.write(`${printable(`${pair.name}: ${reject.id} in ${reject.side}`)}: ${rejectText(reject)}\n`),
        )
      },
    })
    progress.end()
    answer(
      global,
      { pair: pair.name, run: run.number, ...result, ...(dryRun ? { dryRun } : {}) },
      describe(pair.name, result, dryRun),
    )
    return result
  } finally {
    progress.end()
  }
}

const number = (value: number): string => value.toLocaleString('en-US')

const describe = (pair: string, { read, written, left, rejected }: PartResult, dryRun: boolean): string => {
  const lines = [
    `${printable(pair)}: read ${number(read)} records, ${dryRun ? 'would write' : 'wrote'} ` +
      `${number(written.elasticsearch)} to Elasticsearch and ${number(written.cassandra)} to Cassandra`,
  ]
  if (left > 0)
    lines.push(`  left to windows, or without a winner that can be told: ${number(left)} (see caes-sync verify)`)
  if (rejected > 0) lines.push(`  cannot be synced as they are: ${number(rejected)}; see docs/rejects.md`)
  return `${lines.join('\n')}\n`
}
