/** `caes-sync purge`: removes what was deleted long ago, in this process, without Redis. */
import { connectPair, connections } from '../compose.js'
import type { PairConfig } from '../config/config.js'
import { CaesError, exitCode } from '../core/errors.js'
import type { PurgeRules } from '../core/purge.js'
import type { Unit } from '../core/version.js'
import { versionLabel } from '../core/window-label.js'
import { purge as purgePair, type PurgeReport } from '../sync/purge.js'
import { choosePairs } from './choose-pairs.js'
import type { GlobalOptions } from './global-options.js'
import { interruptible } from './interruptible.js'
import { answer, withSession } from './session.js'

export interface PurgeOptions {
  readonly pair?: string
  readonly dryRun?: boolean
}

export const purge = ({ pair: name, dryRun = false }: PurgeOptions, global: GlobalOptions): Promise<number> =>
  withSession(global, ({ config, logger, releases }) => {
    const pairs = purgeable(choosePairs(config.pairs, name))
    const shared = connections(logger, releases)
    return interruptible(async (signal) => {
      for (const { pair, rules } of pairs) {
        const report = await purgePair(await connectPair(pair, shared), rules, { signal, dryRun })
        answer(global, dryRun ? { ...report, dryRun } : report, describePurge(report, pair.sync.unit, dryRun))
      }
      return exitCode.done
    })
  })

/** Those that are configured for it. Errors: CAES_USAGE where none is. */
const purgeable = (
  pairs: readonly PairConfig[],
): readonly { readonly pair: PairConfig; readonly rules: PurgeRules }[] => {
  const found = pairs.flatMap((pair) => {
    const { deletes } = pair.sync
    if (deletes?.purgeAfterMs === undefined) return []
    return [{ pair, rules: { field: deletes.field, after: deletes.purgeAfterMs * 1_000 } }]
  })
  if (found.length > 0) return found
  const names = pairs.map(({ name }) => `"${name}"`).join(', ')
  throw new CaesError('CAES_USAGE', `nothing may be purged of ${pairs.length === 1 ? 'pair' : 'the pairs'} ${names}`, {
    hint: 'Set sync.deletes: { field: deleted, purgeAfter: 720h } in the configuration.',
  })
}

export const describePurge = (report: PurgeReport, unit: Unit, dryRun: boolean): string => {
  const { pair, before, purged, kept, durationMs } = report
  const lines = [
    `${pair}  deleted before ${versionLabel(before, unit)}  ${(durationMs / 1_000).toFixed(2)} s`,
    `  ${dryRun ? 'to purge' : 'purged  '}   ${purged}`,
  ]
  if (kept > 0) lines.push(`  kept       ${kept} (the other store holds something else, or was written since)`)
  return `${lines.join('\n')}\n`
}
