/** `caes-sync verify`: compares both stores in this process, in full or in part, and repairs what differs. */
import { loadConfig } from '../config/load.js'
import type { Config, PairConfig } from '../config/config.js'
import { connectPair, connections, pairRules } from '../compose.js'
import { exitCode, CaesError } from '../core/errors.js'
import { graceOf } from '../core/grace.js'
import { rejectText, type Reject } from '../core/reject.js'
import { printable } from '../core/printable.js'
import { isEmpty } from '../core/window.js'
import { createLogger } from '../runtime/logger.js'
import { createReleases } from '../runtime/releases.js'
import { compare, type Comparison, type Scope } from '../sync/compare.js'
import type { ScannablePair } from '../sync/pair.js'
import { choosePairs } from './choose-pairs.js'
import { configSource } from './config-source.js'
import { logOptions, useColor, type GlobalOptions } from './global-options.js'
import { interruptible } from './interruptible.js'
import { jsonLine } from './json-line.js'
import { parseVersion } from './parse-version.js'
import { progressFor, type ProgressLine } from './progress-line.js'
import { describeComparison, describeDifference, differenceLine, type Told } from './verify-text.js'

export interface VerifyOptions {
  readonly pair?: string
  readonly from?: string
  readonly to?: string
  readonly sample?: number
  readonly full?: boolean
  readonly repair?: boolean
}

export const verify = async (options: VerifyOptions, global: GlobalOptions): Promise<number> => {
  const config = await loadConfig(configSource(global))
  const logger = createLogger(logOptions(global, 'error'))
  const pairs = choosePairs(config.pairs, options.pair)
  const scopes = new Map(pairs.map((pair) => [pair.name, scopeOf(pair, options)]))
  const releases = createReleases(logger)
  try {
    const shared = connections(logger, releases)
    return await interruptible(async (signal) => {
      const results: Comparison[] = []
      for (const pairConfig of pairs) {
        const pair = await connectPair(pairConfig, shared)
        const scope = scopes.get(pairConfig.name)!
        results.push(
          await verifyPair({ pair, pairConfig, config, scope, repair: options.repair === true, global, signal }),
        )
      }
      const total = summed(results)
      if (global.json === true) process.stdout.write(`${jsonLine(total)}\n`)
      if (total.differences > total.repaired) return exitCode.different
      return total.rejected > 0 ? exitCode.rejected : exitCode.done
    })
  } finally {
    await releases.run()
  }
}

const scopeOf = ({ sync: { unit } }: PairConfig, { from, to, sample, full }: VerifyOptions): Scope => {
  const isRange = from !== undefined || to !== undefined
  if ([isRange, sample !== undefined, full === true].filter(Boolean).length > 1) {
    throw new CaesError('CAES_USAGE', 'a range, --sample and --full are three different comparisons', {
      hint: 'Give one of them. A range and a sample are always compared by content.',
    })
  }
  if (sample !== undefined) return { kind: 'sample', count: sample }
  if (!isRange) return { kind: full === true ? 'full' : 'digests' }
  if (from === undefined || to === undefined) {
    throw new CaesError('CAES_USAGE', `--${from === undefined ? 'from' : 'to'} is missing`, {
      hint: 'A range of versions is [from, to): give both ends.',
    })
  }
  const range = { from: parseVersion(from, '--from', unit), to: parseVersion(to, '--to', unit) }
  if (!isEmpty(range)) return { kind: 'range', range }
  throw new CaesError('CAES_USAGE', `the range is empty: --from ${from} is not before --to ${to}`, {
    hint: 'A range is [from, to): give a later --to.',
  })
}

interface Verifying {
  readonly pair: ScannablePair
  readonly pairConfig: PairConfig
  readonly config: Config
  readonly scope: Scope
  readonly repair: boolean
  readonly global: GlobalOptions
  readonly signal: AbortSignal
}

const verifyPair = async (verifying: Verifying): Promise<Comparison> => {
  const { pair, pairConfig, config, scope, repair, global, signal } = verifying
  const { unit } = pairConfig.sync
  const progress = progressFor(`comparing ${pair.name}`, 'records read', global)
  const counts = { done: 0, total: undefined as number | undefined, differences: 0, rejects: 0 }
  const update = (): void => {
    const { done, total, differences } = counts
    progress.update({ done, total, note: differences === 0 ? undefined : `${differences} different` })
  }
  const tell = teller(progress, global)
  try {
    const result = await compare(pair, {
      scope,
      repair,
      grace: graceOf(pairRules(pairConfig), config.intervalSeconds * 1_000_000),
      signal,
      onExpected: (records) => {
        counts.total = records === 0 ? undefined : records
        update()
      },
      onRead: (_, records) => {
        counts.done += records
        update()
      },
      onOverflow: () => {
        counts.done = 0
        progress.around(() =>
          process.stderr.write(`${pair.name}: too many records differ for digests; every record is looked at\n`),
        )
      },
      onDifference: (difference, repaired) => {
        counts.differences += 1
        tell.difference({ pair: pair.name, unit, columns: pair.rows.columns, difference, repaired })
        update()
      },
      onReject: (reject) => {
        counts.rejects += 1
        if (counts.rejects <= mostRejectsTold) tell.reject(pair.name, reject)
      },
    })
    progress.end()
    if (global.json !== true && global.quiet !== true) {
      process.stdout.write(describeComparison(pair.name, result, repair))
    }
    return result
  } finally {
    progress.end()
  }
}

/** More are in the count; whoever has that many mends the cause. */
const mostRejectsTold = 20

const teller = (progress: ProgressLine, global: GlobalOptions) => {
  const color = useColor(global, process.stdout)
  return {
    difference: (told: Told): void =>
      progress.around(() => {
        if (global.json === true) process.stdout.write(differenceLine(told))
        else if (global.quiet !== true) process.stdout.write(describeDifference(told, color))
      }),
    reject: (pair: string, reject: Reject): void =>
      progress.around(() => {
        if (global.quiet === true) return
        process.stderr.write(`${printable(`${pair}: ${reject.id} in ${reject.side}`)}: ${rejectText(reject)}\n`)
      }),
  }
}

const summed = (results: readonly Comparison[]): Comparison => {
  const sum = (of: (result: Comparison) => number): number => results.reduce((total, each) => total + of(each), 0)
  return {
    compared: sum(({ compared }) => compared),
    differences: sum(({ differences }) => differences),
    repaired: sum(({ repaired }) => repaired),
    rejected: sum(({ rejected }) => rejected),
    open: sum(({ open }) => open),
  }
}
