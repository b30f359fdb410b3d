/** Copies a part of a run: its records go through the reading, deciding and writing of a window, by their ids. */
import { decide, type Decision } from '../core/decide.js'
import { regrouped } from '../core/regrouped.js'
import type { Reject } from '../core/reject.js'
import type { PartResult } from '../core/run.js'
import { isRowPart, type RunPart } from '../core/run-part.js'
import { versionAt, type Version } from '../core/version.js'
import type { Pace } from '../ports/pace.js'
import type { ScannablePair } from './pair.js'
import type { RunLabels } from './run-labels.js'
import { syncChunk, type Run } from './sync-chunk.js'
import { uuidsOf } from './strangers.js'
import { Tally } from './tally.js'

export interface PartOptions {
  readonly dryRun: boolean
  readonly pace: Pace
  readonly signal: AbortSignal
  readonly onRead?: (records: number) => void
  /** States of older versions are left as they are. */
  readonly since?: Version
}

export interface PartOutcome {
  readonly result: PartResult
  /** At most so many as a window keeps. */
  readonly rejects: readonly Reject[]
}

/** As large as a chunk of a window. */
const chunkSize = 2_000

/**
 * @param pair with the rules of a comparison of everything
 * Errors: as for a window. Whatever was written then stands, and doing the part again is harmless.
 */
export const syncPart = async (
  pair: ScannablePair,
  labels: RunLabels,
  part: RunPart,
  { dryRun, pace, signal, onRead, since = 0 }: PartOptions,
): Promise<PartOutcome> => {
  const { rules, clock } = pair
  const tally = new Tally(pair.name, { from: 0, to: versionAt(clock.now(), rules.unit) })
  let read = 0
  /** Those that windows carry, which no report counts. */
  let later = 0
  const ids = isRowPart(part) ? pair.rows.scanIds(part, signal) : pair.documents.scanIds(part, signal)
  for await (const chunk of regrouped(ids, chunkSize)) {
    await pace(chunk.length, signal)
    // What is younger belongs to windows, as far as they have come by now.
    const window = { from: 0, to: versionAt(clock.now() - rules.settle, rules.unit) }
    const laterIds = new Set<string>()
    const run: Run = {
      pair,
      window,
      looks: labels.looks,
      tally,
      dryRun,
      signal,
      decide: (rules, own, seen, before) => {
        const decision = decide(rules, own, seen, before)
        if (decision.kind === 'later') laterIds.add(seen.id)
        return isOlder(decision, since) ? { kind: 'ignored' } : decision
      },
    }
    const uuids = await uuidsOf(run, chunk)
    if (uuids.length > 0) await syncChunk(run, uuids)
    later += laterIds.size
    read += chunk.length
    onRead?.(chunk.length)
  }
  const { report, rejects } = tally.result(0)
  const { written, held, unlabelled, orphaned, rejected } = report
  return { result: { read, written: { ...written }, left: held + unlabelled + orphaned + later, rejected }, rejects }
}

const isOlder = (decision: Decision, since: Version): boolean =>
  (decision.kind === 'write-document' || decision.kind === 'write-row') && decision.version < since
