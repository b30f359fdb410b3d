import type { WriteDocument, WriteRow } from '../core/decide.js'
import type { JsonObject } from '../core/json.js'
import { toSource } from '../core/mapping.js'
import type { Reject } from '../core/reject.js'
import type { DocumentWrite, MaySend, WriteOutcome } from '../ports/store.js'
import type { Pair } from './pair.js'
import type { Tally } from './tally.js'

/** Writes that may be sent as long as the reading behind them is fresh. */
export interface Sending {
  readonly pair: Pair
  readonly tally: Tally
  readonly maySend: MaySend
  readonly signal: AbortSignal
}

/** The writes in their JSON form. Rows that JSON cannot carry are set aside, in a dry run as well. */
export const encodeDocuments = (
  writes: readonly WriteDocument[],
  { pair, tally }: Pick<Sending, 'pair' | 'tally'>,
): DocumentWrite[] => {
  const requests: DocumentWrite[] = []
  for (const { id, version, fields } of writes) {
    const encoded = toSource(fields, pair.rows.columns)
    if ('mismatch' in encoded) {
      const detail = encoded.mismatch
      rejectRecord({ pair, tally }, { id, side: 'cassandra', reason: 'NOT_REPRESENTABLE', detail, version })
    } else {
      requests.push({ id, version, source: encoded.source })
    }
  }
  return requests
}

/** Sends documents. Returns the ids that were not sent because the reading had become too old. */
export const applyDocuments = async (writes: readonly WriteDocument[], sending: Sending): Promise<string[]> => {
  const { pair, tally, maySend, signal } = sending
  const requests = encodeDocuments(writes, sending)
  if (requests.length === 0) return []
  const outcomes = await pair.documents.write(requests, maySend, signal)
  return unsent(requests, outcomes, sending, 'elasticsearch', () => {
    tally.report.written.elasticsearch += 1
  })
}

/**
 * Sends rows, their entries first and acknowledged (rule 12): whoever sees our row must be able to see its label.
 * Returns the ids that were not sent.
 * @param labelled ids whose entry of this very version was written in this run; added to
 */
export const applyRows = async (
  writes: readonly WriteRow[],
  sources: ReadonlyMap<string, JsonObject>,
  labelled: Set<string>,
  sending: Sending,
): Promise<string[]> => {
  if (writes.length === 0) return []
  const { pair, tally, maySend, signal } = sending
  const entries = writes.filter(({ needsEntry }) => needsEntry).map(({ id, version }) => ({ id, version }))
  const entered = await pair.rows.writeEntries(entries, maySend, signal)
  const withoutEntry = new Set(entries.filter((_, index) => entered[index] !== true).map(({ id }) => id))
  const ready = writes.filter(({ id }) => !withoutEntry.has(id))

  const outcomes = await pair.rows.writeRows(ready, sources, maySend, signal)
  const late = unsent(ready, outcomes, sending, 'cassandra', ({ id, tie, version }) => {
    tally.report.written.cassandra += 1
    // Our own entry, seen again after its row could not be sent in time, is not a tie.
    if (!tie || labelled.has(id)) return
    tally.report.ties += 1
    pair.logger.info({ pair: pair.name, id, version }, 'tie: the document of Elasticsearch replaces the row')
  })
  for (const { id } of entries) if (!withoutEntry.has(id)) labelled.add(id)
  return [...withoutEntry, ...late]
}

export const rejectRecord = ({ pair, tally }: Pick<Sending, 'pair' | 'tally'>, reject: Reject): void => {
  if (tally.reject(reject)) pair.logger.warn({ pair: pair.name, ...reject }, 'record set aside')
}

const unsent = <W extends { readonly id: string; readonly version: number }>(
  writes: readonly W[],
  outcomes: readonly WriteOutcome[],
  sending: Sending,
  target: 'elasticsearch' | 'cassandra',
  onWritten: (write: W) => void,
): string[] => {
  const ids: string[] = []
  for (const [index, write] of writes.entries()) {
    const outcome = outcomes[index]
    if (outcome === undefined) throw new Error(`${target} gave ${outcomes.length} outcomes for ${writes.length} writes`)
    switch (outcome.kind) {
      case 'written':
        onWritten(write)
        break
      case 'superseded':
        sending.tally.report.superseded += 1
        break
      case 'rejected': {
        // The record at fault is the one that was copied, so it lies on the other side.
        const side = target === 'cassandra' ? 'elasticsearch' : 'cassandra'
        const { reason, detail } = outcome
        rejectRecord(sending, { id: write.id, side, reason, detail, version: write.version })
        break
      }
      case 'unsent':
        ids.push(write.id)
        break
    }
  }
  return ids
}
