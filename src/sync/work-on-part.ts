/** What is done with one part of a run. */
import { CaesError } from '../core/errors.js'
import { partsOfCut, type Run, type RunSource } from '../core/run.js'
import type { RunPart } from '../core/run-part.js'
import type { Rules } from '../core/rules.js'
import type { Micros } from '../core/version.js'
import { auditPart } from './audit-part.js'
import { forEverything, type ScannablePair } from './pair.js'
import type { RunLabels } from './run-labels.js'
import { syncPart, type PartOptions, type PartOutcome } from './sync-part.js'

export interface WorkOptions extends Omit<PartOptions, 'since'> {
  /** How old a write is when windows have come to it; see graceOf. */
  readonly grace: Micros
}

/**
 * @param number of a part of the run, which is cut
 * Errors: as for a window. Whatever was written then stands, and doing the part again is harmless.
 */
export const workOnPart = async (
  given: ScannablePair,
  run: Run,
  number: number,
  labels: RunLabels,
  options: WorkOptions,
): Promise<PartOutcome> => {
  const { cut, source, since } = run.plan
  const part = cut === undefined ? undefined : partsOfCut(cut)[number]
  if (part === undefined) throw new CaesError('CAES_CONFIG_INVALID', `run ${run.number} has no part ${number}`)
  const pair = forEverything(given)
  if (run.plan.purpose === 'audit') return audit(pair, run, number, part, labels, options)
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

/** More are in the count. */
const mostIdsTold = 20

/** What an audit finds and mends is never done in silence. */
const audit = async (
  pair: ScannablePair,
  run: Run,
  number: number,
  part: RunPart,
  labels: RunLabels,
  { grace, pace, signal, onRead }: WorkOptions,
): Promise<PartOutcome> => {
  const ids: string[] = []
  const outcome = await auditPart(pair, labels, part, {
    grace,
    pace,
    signal,
    ...(onRead === undefined ? {} : { onRead }),
    onDifference: ({ id, kind }, repaired) => {
      if (ids.length < mostIdsTold) ids.push(`${id} (${kind}${repaired ? '' : ', not repaired'})`)
    },
  })
  const { differences = 0, repaired = 0 } = outcome.result
  if (differences > 0) {
    pair.logger.warn(
      { pair: pair.name, run: run.number, part: number, differences, repaired, records: ids },
      'an audit found records that differ',
    )
  }
  return outcome
}
