/** Compares one pair in this process, and tells what it finds: on a terminal for people, else as lines of JSON. */
import type { Config, PairConfig } from '../config/config.js'
import { pairRules } from '../compose.js'
import { graceOf } from '../core/grace.js'
import { printable } from '../core/printable.js'
import { rejectText, type Reject } from '../core/reject.js'
import { compare, type Comparison, type Scope } from '../sync/compare.js'
import type { ScannablePair } from '../sync/pair.js'
import { foldRowsApart } from './fold-rows-apart.js'
import { useColor, type GlobalOptions } from './global-options.js'
import { progressFor, type ProgressLine } from './progress-line.js'
import { describeComparison, describeDifference, differenceLine, type Told } from './verify-text.js'

export interface Comparing {
  readonly pair: ScannablePair
  readonly pairConfig: PairConfig
  readonly config: Config
  readonly scope: Scope
  readonly repair: boolean
  readonly global: GlobalOptions
  readonly signal: AbortSignal
}

export const comparePair = async (comparing: Comparing): Promise<Comparison> => {
  const { pair, pairConfig, config, scope, repair, global, signal } = comparing
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
      foldRows: foldRowsApart(pairConfig),
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
