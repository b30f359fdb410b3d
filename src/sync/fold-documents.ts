/** The documents of a comparison by digests: each is read once and folded into the sketch, with the sign +1. */
import { forEachConcurrently } from '../core/concurrency.js'
import { recordDigest } from '../core/record-digest.js'
import type { Reject } from '../core/reject.js'
import type { DocumentPart } from '../core/run-part.js'
import type { Digest, Sketch } from '../core/sketch.js'
import type { Version } from '../core/version.js'
import type { StoredDocument } from '../ports/store.js'
import { readDocuments } from './candidate.js'
import { countsVersions, partsAtOnce } from './fold-rows.js'
import type { RunLabels } from './run-labels.js'
import type { ScannablePair } from './pair.js'

export interface FoldingDocuments {
  readonly parts: readonly DocumentPart[]
  readonly labels: RunLabels
  readonly sketch: Sketch
  /** An id to look at closely whatever the sketch says. */
  readonly onSuspect: (id: string) => void
  /** A document that breaks the contract: no row can be its counterpart. */
  readonly onReject: (reject: Reject) => void
  readonly onRead: (records: number) => void
  readonly signal: AbortSignal
}

/**
 * @param pair with the rules of a comparison of everything
 * Errors: those of the store. The sketch holds part of the documents then, and cannot be used any more.
 */
export const foldDocuments = async (pair: ScannablePair, folding: FoldingDocuments): Promise<void> => {
  const { parts, onRead, signal } = folding
  await forEachConcurrently(parts, partsAtOnce, async (part) => {
    for await (const page of pair.documents.scan(part, signal)) {
      foldPage(pair, page, folding)
      onRead(page.length)
    }
  })
}

const foldPage = (pair: ScannablePair, page: readonly StoredDocument[], folding: FoldingDocuments): void => {
  const { labels, sketch, onSuspect, onReject } = folding
  const { columns } = pair.rows
  const { candidates, rejected } = readDocuments(pair, page)
  for (const reject of rejected.values()) onReject(reject)
  for (const [id, { document, mismatch }] of candidates) {
    const version = countsVersions(pair.rules) ? document.version : undefined
    sketch.add(id, mismatch === undefined ? recordDigest(version, document.fields, columns) : likeNoRow, 1)
    if (isOlder(document.version, labels.get(id))) onSuspect(id)
  }
}

/** Equal content does not tell that a document is behind its row; an entry does. */
const isOlder = (version: Version, label: Version | undefined): boolean => label !== undefined && label > version

const likeNoRow: Digest = [0, 0]
