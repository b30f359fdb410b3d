/** Copies a part of a run: its records go through the reading, deciding and writing of a window. */
import { decide, type Decision } from '../core/decide.js'
import { regrouped } from '../core/regrouped.js'
import type { Reject } from '../core/reject.js'
import type { PartResult } from '../core/run.js'
import { isRowPart, shorter, type DocumentPart, type RowPart, type RunPart } from '../core/run-part.js'
import { versionAt, type Version } from '../core/version.js'
import type { Pace } from '../ports/pace.js'
import { Freshness } from './freshness.js'
import type { ScannablePair } from './pair.js'
import type { RunLabels } from './run-labels.js'
import { readAgain, readingOf, syncChunk, type Reading, type Run } from './sync-chunk.js'
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
/** Of a part of documents: what is read of one at once should be written while its reading is fresh. */
const readings = 5

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
  const chunks = isRowPart(part) ? chunksOfRows(pair, part, signal) : chunksOfDocuments(pair, part, signal)
  for await (const { records, work } of chunks) {
    await pace(records, signal)
    // What is younger belongs to windows, as far as they have come by now.
    const window = { from: 0, to: versionAt(clock.now() - rules.settle, rules.unit) }
    const laterIds = new Set<string>()
    await work({
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
    })
    later += laterIds.size
    read += records
    onRead?.(records)
  }
  const { report, rejects } = tally.result(0)
  const { written, held, unlabelled, orphaned, rejected } = report
  return { result: { read, written: { ...written }, left: held + unlabelled + orphaned + later, rejected }, rejects }
}

const isOlder = (decision: Decision, since: Version): boolean =>
  (decision.kind === 'write-document' || decision.kind === 'write-row') && decision.version < since

interface Chunk {
  readonly records: number
  readonly work: (run: Run) => Promise<void>
}

/** Ids, by which both sides are read in the order of a window. The rows of a chunk lie side by side. */
async function* chunksOfRows({ rows }: ScannablePair, part: RowPart, signal: AbortSignal): AsyncGenerator<Chunk> {
  for await (const ids of regrouped(rows.scanIds(part, signal), chunkSize)) {
    const work = async (run: Run): Promise<void> => {
      const { reading, todo } = await readAgain(run, ids)
      // Where most are left to windows, what lies between the others would be read for nothing.
      const readRows: Reading['readRows'] = (own) =>
        own.length > ids.length / 2 ? rows.getNeighbours(own, signal) : rows.getMany(own, signal)
      await syncChunk(run, todo, { ...reading, readRows })
    }
    yield { records: ids.length, work }
  }
}

/** Documents as they are read for the part; their rows lie anywhere. */
async function* chunksOfDocuments(
  { documents, rules, clock }: ScannablePair,
  part: DocumentPart,
  signal: AbortSignal,
): AsyncGenerator<Chunk> {
  for (const piece of shorter(part, readings)) {
    const freshness = new Freshness(clock, rules)
    for await (const chunk of regrouped(documents.scan(piece, signal), chunkSize)) {
      const ids = chunk.map(({ id }) => id)
      const work = async (run: Run): Promise<void> => {
        const { reading, todo } = await readingOf(run, ids, chunk, freshness)
        await syncChunk(run, todo, reading)
      }
      yield { records: chunk.length, work }
    }
  }
}
