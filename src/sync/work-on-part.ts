/** What is done with one part of a run. */
import { CaesError } from '../core/errors.js'
import { partsOfCut, type Run, type RunSource } from '../core/run.js'
import type { Rules } from '../core/rules.js'
import { forEverything, type ScannablePair } from './pair.js'
import type { RunLabels } from './run-labels.js'
import { syncPart, type PartOptions, type PartOutcome } from './sync-part.js'

/**
 * @param number of a part of the run, which is cut
 * Errors: as for a window. Whatever was written then stands, and doing the part again is harmless.
 */
export const workOnPart = async (
  given: ScannablePair,
  run: Run,
  number: number,
  labels: RunLabels,
  options: Omit<PartOptions, 'since'>,
): Promise<PartOutcome> => {
  const { cut, source, since } = run.plan
  const part = cut === undefined ? undefined : partsOfCut(cut)[number]
  if (part === undefined) throw new CaesError('CAES_CONFIG_INVALID', `run ${run.number} has no part ${number}`)
  const pair = forEverything(given)
  return syncPart({ ...pair, rules: rulesFrom(source, given.name, pair.rules) }, labels, part, {
    ...options,
    ...(since === undefined ? {} : { since }),
  })
}

/** From one side means to the other, and not back. Errors: CAES_USAGE where the pair is not synced that way. */
export const rulesFrom = (source: RunSource, pair: string, rules: Rules): Rules => {
  if (source === 'both') return rules
  const direction = source === 'cassandra' ? 'to-elasticsearch' : 'to-cassandra'
  if (rules.direction !== 'both' && rules.direction !== direction) {
    throw new CaesError('CAES_USAGE', `pair "${pair}" is synced ${rules.direction} only`, {
      hint: 'Copy from the other side, or change sync.direction.',
    })
  }
  return { ...rules, direction }
}
