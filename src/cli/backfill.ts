/** `caes-sync backfill`: copies what was there before, part by part: by the workers, or in this process. */
import { openRunStore } from '../adapters/cassandra/run-store.js'
import { MemoryRunStore } from '../adapters/memory/memory-run-store.js'
import { connectPair, connections, pairRules, type Connections } from '../compose.js'
import type { PairConfig } from '../config/config.js'
import { exitCode } from '../core/errors.js'
import { printable } from '../core/printable.js'
import { rejectText } from '../core/reject.js'
import type { PartResult, Run, RunSource } from '../core/run.js'
import type { RunStore } from '../ports/run-store.js'
import { systemClock } from '../runtime/clock.js'
import { backfill as copyAll, openCopy } from '../sync/backfill.js'
import { paceFor } from '../sync/pace.js'
import { rulesFrom } from '../sync/work-on-part.js'
import { choosePairs } from './choose-pairs.js'
import type { GlobalOptions } from './global-options.js'
import { interruptible } from './interruptible.js'
import { progressFor } from './progress-line.js'
import { answer, withSession } from './session.js'
import { findWorkers, followRun, type Workers } from './workers.js'

export interface BackfillCommand {
  readonly from: RunSource
  readonly pair?: string
  readonly rate?: number
  readonly dryRun?: boolean
  /** In this process, whether there are workers or not. */
  readonly local?: boolean
}

interface Backfilling {
  readonly shared: Connections
  readonly options: BackfillCommand
  readonly global: GlobalOptions
  /** Undefined where this process does the work. */
  readonly workers: Workers | undefined
  readonly signal: AbortSignal
}

export const backfill = (options: BackfillCommand, global: GlobalOptions): Promise<number> =>
  withSession(global, async (session) => {
    const pairs = choosePairs(session.config.pairs, options.pair)
    // Said before anything is begun.
    for (const pair of pairs) rulesFrom(options.from, pair.name, pairRules(pair))
    const shared = connections(session.logger, session.releases)
    return interruptible(async (signal) => {
      const isLocal = options.local === true || options.dryRun === true
      const workers = isLocal ? undefined : await findWorkers(session)
      if (!isLocal && workers === undefined) say(global, 'no worker takes parts: copying in this process')
      let rejected = 0
      for (const pair of pairs) {
        rejected += (await copyPair(pair, { shared, options, global, workers, signal })).rejected
      }
      return rejected > 0 ? exitCode.rejected : exitCode.done
    })
  })

const say = (global: GlobalOptions, text: string): void => {
  if (global.quiet !== true) process.stderr.write(`${text}\n`)
}

/** More are in the count; whoever has that many mends the cause. */
const mostRejectsTold = 20

const copyPair = async (config: PairConfig, backfilling: Backfilling): Promise<PartResult> => {
  const { shared, options, global, workers } = backfilling
  const { name } = config
  const dryRun = options.dryRun === true
  // A dry run leaves no trace that another run could take for work that is done.
  const runs: RunStore = dryRun
    ? new MemoryRunStore()
    : await openRunStore(await shared.cassandra(config), config.cassandra.keyspace)
  const wanted = {
    ...(options.rate === undefined ? {} : { rate: options.rate }),
    ...(workers === undefined ? { local: true } : {}),
  }
  const { run, resumed } = await openCopy(name, options.from, wanted, { runs, clock: systemClock })
  if (resumed) {
    const since = new Date(run.startedAt).toISOString()
    say(global, `${printable(name)}: going on with the backfill that was started at ${since}`)
  }
  const result =
    workers === undefined
      ? await copyHere(config, run, runs, backfilling)
      : await followRun(run, { ...backfilling, workers, runs, clock: systemClock })
  const data = { pair: name, run: run.number, ...result, ...(dryRun ? { dryRun } : {}) }
  answer(global, data, describe(name, result, dryRun))
  return result
}

const copyHere = async (
  config: PairConfig,
  run: Run,
  runs: RunStore,
  { shared, options, global, signal }: Backfilling,
): Promise<PartResult> => {
  const pair = await connectPair(config, shared)
  const progress = progressFor(`copying ${pair.name}`, 'records read', global)
  const counts = { read: 0, done: 0, of: 0, rejects: 0 }
  const update = (): void => progress.update({ done: counts.read, note: `${counts.done} of ${counts.of} parts done` })
  try {
    return await copyAll(pair, run, runs, {
      dryRun: options.dryRun === true,
      pace: paceFor(options.rate, pair.clock),
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
