/** `caes-sync verify`: compares both stores in this process, in full or in part, and repairs what differs. */
import { loadConfig } from '../config/load.js'
import type { PairConfig } from '../config/config.js'
import { connectPair, connections } from '../compose.js'
import { exitCode, CaesError } from '../core/errors.js'
import { isEmpty } from '../core/window.js'
import { createLogger } from '../runtime/logger.js'
import { createReleases } from '../runtime/releases.js'
import type { Comparison, Scope } from '../sync/compare.js'
import { choosePairs } from './choose-pairs.js'
import { comparePair } from './compare-pair.js'
import { configSource } from './config-source.js'
import { logOptions, type GlobalOptions } from './global-options.js'
import { interruptible } from './interruptible.js'
import { jsonLine } from './json-line.js'
import { parseVersion } from './parse-version.js'

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
          await comparePair({ pair, pairConfig, config, scope, repair: options.repair === true, global, signal }),
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
