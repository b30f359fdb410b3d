/** `caes-sync sync`: one window now, in this process, without Redis. */
import { loadConfig } from '../config/load.js'
import type { PairConfig } from '../config/config.js'
import { CaesError, exitCode } from '../core/errors.js'
import type { WindowResult } from '../core/report.js'
import { isEmpty, type Window } from '../core/window.js'
import { createLogger } from '../runtime/logger.js'
import { createReleases } from '../runtime/releases.js'
import { syncWindow } from '../sync/sync-window.js'
import { connectPair, connections } from '../compose.js'
import { choosePairs } from './choose-pairs.js'
import { logOptions, type GlobalOptions } from './global-options.js'
import { configSource } from './config-source.js'
import { interruptible } from './interruptible.js'
import { parseVersion } from './parse-version.js'
import { describeWindow } from './window-text.js'

export interface SyncOptions {
  readonly from: string
  readonly to: string
  readonly pair?: string
  readonly dryRun?: boolean
}

export const sync = async (options: SyncOptions, global: GlobalOptions): Promise<number> => {
  const config = await loadConfig(configSource(global))
  const logger = createLogger(logOptions(global, 'warn'))
  for (const warning of config.warnings) logger.warn({}, warning)
  const pairs = choosePairs(config.pairs, options.pair)
  const windows = new Map(pairs.map((pair) => [pair.name, windowOf(pair, options)]))

  const releases = createReleases(logger)
  try {
    const shared = connections(logger, releases)
    return await interruptible(async (signal) => {
      let rejected = 0
      for (const pairConfig of pairs) {
        const pair = await connectPair(pairConfig, shared)
        const window = windows.get(pairConfig.name)!
        const result = await syncWindow(pair, window, { signal, dryRun: options.dryRun === true })
        rejected += result.report.rejected
        print(result, pairConfig, options.dryRun === true, global)
      }
      return rejected > 0 ? exitCode.rejected : exitCode.done
    })
  } finally {
    await releases.run()
  }
}

const windowOf = ({ sync: { unit } }: PairConfig, options: SyncOptions): Window => {
  const window = { from: parseVersion(options.from, '--from', unit), to: parseVersion(options.to, '--to', unit) }
  if (!isEmpty(window)) return window
  throw new CaesError('CAES_USAGE', `the window is empty: --from ${options.from} is not before --to ${options.to}`, {
    hint: 'A window is [from, to): give a later --to.',
  })
}

const print = (result: WindowResult, pair: PairConfig, dryRun: boolean, global: GlobalOptions): void => {
  const report = dryRun ? { ...result.report, dryRun } : result.report
  if (global.json === true) process.stdout.write(`${JSON.stringify(report)}\n`)
  else if (global.quiet !== true) process.stdout.write(describeWindow(result, pair.sync.unit, dryRun))
}
