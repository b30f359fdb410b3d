/**
 * One side's part of a comparison by digests: every record is read once and folded into a sketch, documents with one
 * sign and rows with the other. What both sides hold alike leaves no trace there.
 */
import { isRowPart, type RunPart } from '../core/run-part.js'
import type { Reject } from '../core/reject.js'
import { recordDigest } from '../core/record-digest.js'
import type { Digest, Sketch } from '../core/sketch.js'
import { labelOf } from '../core/label.js'
import type { Row } from '../core/record.js'
import type { Version } from '../core/version.js'
import type { StoredDocument } from '../ports/store.js'
import { readDocuments } from './candidate.js'
import type { RunLabels } from './run-labels.js'
import type { ScannablePair } from './pair.js'

export interface Folding {
  /** With the rules of a comparison of everything. */
  readonly pair: ScannablePair
  readonly labels: RunLabels
  readonly sketch: Sketch
  /** An id to look at closely whatever the sketch says. */
  readonly onSuspect: (id: string) => void
  /** A document that breaks the contract: no row can be its counterpart. */
  readonly onReject: (reject: Reject) => void
  /** Awaited for each page. */
  readonly onRead: (side: RunPart['side'], records: number) => Promise<void> | void
  readonly signal: AbortSignal
}

/** Errors: those of the stores. The sketch holds part of the part then, and cannot be used any more. */
export const foldPart = async (folding: Folding, part: RunPart): Promise<void> => {
  const { pair, signal, onRead } = folding
  if (isRowPart(part)) {
    for await (const page of pair.rows.scan(part, signal)) {
      foldRows(folding, page)
      await onRead(part.side, page.size)
    }
  } else {
    for await (const page of pair.documents.scan(part, signal)) {
      foldDocuments(folding, page)
      await onRead(part.side, page.length)
    }
  }
}

const foldRows = ({ pair, labels, sketch }: Folding, page: ReadonlyMap<string, Row>): void => {
  const { rules, rows, clock } = pair
  for (const [id, row] of page) {
    const seen = { id, document: undefined, label: labels.get(id), row, labelReadAt: clock.now() }
    // Without write times the version of a row cannot be told in passing: entries expire.
    const label = rules.labels === 'write-times' ? labelOf(rules, seen) : undefined
    sketch.add(id, recordDigest(typeof label === 'object' ? undefined : label, row.fields, rows.columns), -1)
  }
}

const foldDocuments = (folding: Folding, page: readonly StoredDocument[]): void => {
  const { pair, labels, sketch, onSuspect, onReject } = folding
  const { rules, rows } = pair
  const { candidates, rejected } = readDocuments(pair, page)
  for (const reject of rejected.values()) onReject(reject)
  for (const [id, { document, mismatch }] of candidates) {
    const version = rules.labels === 'write-times' ? document.version : undefined
    sketch.add(id, mismatch === undefined ? recordDigest(version, document.fields, rows.columns) : likeNoRow, 1)
    if (isOlder(document.version, labels.get(id))) onSuspect(id)
  }
}

/** Equal content does not tell that a document is behind its row; an entry does. */
const isOlder = (version: Version, label: Version | undefined): boolean => label !== undefined && label > version

const likeNoRow: Digest = [0, 0]
