/**
 * A part of an audit of everything: each of its records is looked up on the other side, and what seems to differ is looked
 * at closely and repaired. Documents are looked up for rows; of documents only those that have no row are left then.
 */
import { sameFields, type Row } from '../core/record.js'
import type { Difference } from '../core/difference.js'
import { labelOf } from '../core/label.js'
import type { Reject } from '../core/reject.js'
import { maxRejectsKept } from '../core/report.js'
import { isRowPart, type RunPart } from '../core/run-part.js'
import type { Micros } from '../core/version.js'
import type { Pace } from '../ports/pace.js'
import { canonicalUuid, readDocuments, type Candidate } from './candidate.js'
import { lookingAt } from './look-closely.js'
import type { ScannablePair } from './pair.js'
import type { RunLabels } from './run-labels.js'
import type { PartOutcome } from './sync-part.js'

export interface AuditOptions {
  /** What is younger is left to windows. */
  readonly grace: Micros
  readonly pace: Pace
  readonly signal: AbortSignal
  readonly onRead?: (records: number) => void
  readonly onDifference: (difference: Difference, repaired: boolean) => void
}

/**
 * @param pair with the rules of a comparison of everything
 * Errors: as for a window. What was repaired until then stands, and doing the part again is harmless.
 */
export const auditPart = async (
  pair: ScannablePair,
  labels: RunLabels,
  part: RunPart,
  options: AuditOptions,
): Promise<PartOutcome> => {
  const { grace, signal, onRead, onDifference } = options
  let read = 0
  const pace: Pace = async (records, given) => {
    await options.pace(records, given)
    read += records
    onRead?.(records)
  }
  const rejects: Reject[] = []
  const looking = lookingAt(
    { pair, labels, grace, signal, leavesYoung: true },
    {
      repair: true,
      onDifference: (difference, repaired) => onDifference(difference, repaired === true),
      onReject: (reject) => {
        if (rejects.length < maxRejectsKept) rejects.push(reject)
      },
    },
  )
  // What was read before by this process may have been told by newer entries since.
  await labels.looks.again([])
  const suspects = isRowPart(part)
    ? rowsThatDiffer(pair, labels, part, pace, signal)
    : documentsWithoutRow(pair, part, pace, signal)
  const { differences, repaired, rejected } = await looking.at(suspects)
  const written = { elasticsearch: 0, cassandra: 0 }
  return { result: { read, written, left: differences - repaired, rejected, differences, repaired }, rejects }
}

async function* rowsThatDiffer(
  pair: ScannablePair,
  labels: RunLabels,
  part: Parameters<ScannablePair['rows']['scan']>[0],
  pace: Pace,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const content = { writeTimes: pair.rules.labels === 'write-times' }
  for await (const page of pair.rows.scan(part, signal, content)) {
    await pace(page.size, signal)
    const { candidates } = readDocuments(pair, (await pair.documents.getMany([...page.keys()], signal)).values())
    yield [...page].flatMap(([id, row]) => (seemsEqual(pair, labels, id, row, candidates.get(id)) ? [] : [id]))
  }
}

const seemsEqual = (
  { rules, clock }: ScannablePair,
  labels: RunLabels,
  id: string,
  row: Row,
  candidate: Candidate | undefined,
): boolean => {
  if (candidate === undefined || candidate.mismatch !== undefined) return false
  const { document } = candidate
  if (!sameFields(document.fields, row.fields)) return false
  const label = labels.get(id)
  // Equal content does not tell that a document is behind its row; an entry does, and so do write times.
  if (label !== undefined && label > document.version) return false
  if (rules.labels !== 'write-times') return true
  return labelOf(rules, { id, document, label, row, labelReadAt: clock.now() }) === document.version
}

async function* documentsWithoutRow(
  pair: ScannablePair,
  part: Parameters<ScannablePair['documents']['scanIds']>[0],
  pace: Pace,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  for await (const ids of pair.documents.scanIds(part, signal)) {
    await pace(ids.length, signal)
    const uuids = ids.filter((id) => canonicalUuid.test(id))
    const rows = await pair.rows.getMany(uuids, signal)
    yield ids.filter((id) => !rows.has(id))
  }
}
