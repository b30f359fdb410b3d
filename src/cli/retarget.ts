/** `caes-sync retarget`: moves a pair to a new index behind its alias, while everything goes on. */
import { connectPair, connections, indexMove, pauseStores } from '../compose.js'
import type { PairConfig } from '../config/config.js'
import { CaesError, exitCode } from '../core/errors.js'
import { printable } from '../core/printable.js'
import { systemClock } from '../runtime/clock.js'
import { retarget as moveTo, type Retargeted, type RetargetStage } from '../sync/retarget.js'
import { paceFor } from '../sync/pace.js'
import { choosePairs } from './choose-pairs.js'
import { comparePair } from './compare-pair.js'
import type { GlobalOptions } from './global-options.js'
import { interruptible } from './interruptible.js'
import { progressFor } from './progress-line.js'
import { answer, withSession } from './session.js'

export interface RetargetCommand {
  readonly index: string
  readonly pair?: string
  readonly rate?: number
  readonly switch?: boolean
}

export const retarget = (options: RetargetCommand, global: GlobalOptions): Promise<number> =>
  withSession(global, async ({ config, logger, releases }) => {
    const found = onlyPair(choosePairs(config.pairs, options.pair))
    const shared = connections(logger, releases)
    const { index: alias } = found.elasticsearch
    const target = options.index
    const move = indexMove(found, target, shared)
    return interruptible(async (signal) => {
      // Before anything about the new index: without an alias there is nothing to do with it.
      await move.current(signal)
      const pairConfig = { ...found, elasticsearch: { ...found.elasticsearch, index: target } }
      const pair = await connectPair(pairConfig, shared)
      const scope = { kind: 'full' } as const
      const progress = progressFor(`filling ${target}`, 'documents copied', global)
      const result = await moveTo(
        {
          pair: found.name,
          move,
          pauses: pauseStores([found], shared),
          clock: systemClock,
          verify: (either) => comparePair({ pair, pairConfig, config, scope, repair: false, global, signal: either }),
        },
        {
          switch: options.switch === true,
          pace: paceFor(options.rate, systemClock),
          signal,
          onStage: (stage) => {
            progress.end()
            if (global.quiet !== true) process.stderr.write(`${printable(saying(stage, alias, target))}\n`)
          },
          onProgress: (done, total) => progress.update({ done, total }),
        },
      )
      answer(global, { pair: found.name, alias, index: target, ...result }, describe(result, { alias, target }))
      return codeOf(result)
    })
  })

const onlyPair = (pairs: readonly PairConfig[]): PairConfig => {
  const [pair, ...others] = pairs
  if (others.length === 0) return pair!
  throw new CaesError('CAES_USAGE', 'one pair at a time is moved', {
    hint: `Give --pair with one of: ${pairs.map(({ name }) => name).join(', ')}.`,
  })
}

const saying = (stage: RetargetStage, alias: string, target: string): string =>
  ({
    filling: `${target} is filled from what ${alias} stands for, from where it was left`,
    comparing: `${target} is compared with the table, record by record, and goes on following`,
    switching: `${alias} is switched to ${target}; windows of the pair stand still until that is done`,
    finishing: `${alias} stands for ${target}; what was still on its way to the old index is brought along. If this is interrupted, run the same command again`,
  })[stage]

const describe = (
  result: Retargeted,
  { alias, target }: { readonly alias: string; readonly target: string },
): string => {
  const words: Record<Retargeted['kind'], string> = {
    there: `${alias} stands for ${target}; nothing is left to do`,
    different: `${alias} was not switched: ${target} and the table differ`,
    ready: `${target} holds the same as the table; switch with the same command and --switch`,
    switched: `${alias} stands for ${target}; the index that it stood for before takes no more writes and can be deleted`,
  }
  return printable(words[result.kind])
}

const codeOf = (result: Retargeted): number => {
  if (result.kind === 'different') return exitCode.different
  const rejected = 'comparison' in result ? (result.comparison?.rejected ?? 0) : 0
  return rejected > 0 ? exitCode.rejected : exitCode.done
}
