/** Reading the rows of a chunk, once its documents and entries have been read. */
import { sameFields, type Row } from '../core/record.js'
import type { Version } from '../core/version.js'
import type { Candidate } from './candidate.js'
import type { Reading, Run } from './sync-chunk.js'

type Rows = ReadonlyMap<string, Row>

/** What is known of an id before its row. */
export interface Known {
  readonly id: string
  /** The newest entry. */
  readonly label: Version | undefined
  readonly candidate: Candidate | undefined
}

/**
 * Where an entry tells the version that the document has, equal content needs no more (rule 9): such rows are read
 * without their write times, which take as long as the values, and once more with them only where they turn out to differ.
 */
export const readRows = async (run: Run, known: readonly Known[], reading: Reading): Promise<Rows> => {
  const { pair, signal } = run
  if (reading.readRows !== undefined) return reading.readRows(known.map(({ id }) => id))
  const settled = await settledRows(run, known)
  const others = known.filter(({ id }) => !settled.has(id))
  if (others.length === 0) return settled
  const ids = others.map(({ id }) => id)
  const read = await pair.rows.getMany(ids, signal)
  return settled.size === 0 ? read : new Map([...settled, ...read])
}

const settledRows = async ({ pair: { rows, rules }, signal }: Run, known: readonly Known[]): Promise<Rows> => {
  const settled = new Map<string, Row>()
  // Where cells tell versions, a row may be newer than its entry.
  const alike = rules.labels === 'write-times' ? [] : known.filter(isAlike)
  if (alike.length === 0) return settled
  const ids = alike.map(({ id }) => id)
  const read = await rows.getMany(ids, signal, { writeTimes: false })
  for (const { id, candidate } of alike) {
    const { fields } = candidate.document
    const row = read.get(id)
    // The document's own fields stand for equal ones: whoever compares the two again sees one and the same.
    if (row !== undefined && sameFields(fields, row.fields)) settled.set(id, { fields, writeTime: undefined })
  }
  return settled
}

const isAlike = (known: Known): known is Known & { readonly candidate: Candidate } =>
  known.candidate !== undefined &&
  known.candidate.document.version === known.label &&
  known.candidate.mismatch === undefined
