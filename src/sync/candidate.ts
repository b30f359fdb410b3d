import type { JsonObject } from '../core/json.js'
import { readSource } from '../core/mapping.js'
import type { Document } from '../core/record.js'
import type { Reject } from '../core/reject.js'
import { versionFault, type Micros } from '../core/version.js'
import type { StoredDocument } from '../ports/store.js'
import { versionReject } from './look.js'
import type { Pair } from './pair.js'

/** A document that keeps the contract, in canonical form as far as its columns allow. */
export interface Candidate {
  readonly document: Document
  readonly source: JsonObject
  /** Why its content cannot become a row. Matters only if this document is the winner. */
  readonly mismatch: string | undefined
}

export const canonicalUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Documents by id: those that keep the contract, and why the others do not. */
export interface ReadDocuments {
  readonly candidates: ReadonlyMap<string, Candidate>
  readonly rejected: ReadonlyMap<string, Reject>
}

export const readDocuments = (pair: Pair, documents: Iterable<StoredDocument>): ReadDocuments => {
  const now = pair.clock.now()
  const candidates = new Map<string, Candidate>()
  const rejected = new Map<string, Reject>()
  for (const stored of documents) {
    const read = readDocument(stored, pair, now)
    if ('reason' in read) rejected.set(stored.id, read)
    else candidates.set(stored.id, read)
  }
  return { candidates, rejected }
}

/** Rule 1: the version is `_version`, and the timestamp field says the same. Where it does not, nothing is guessed. */
const readDocument = (stored: StoredDocument, { rules, rows }: Pair, now: Micros): Candidate | Reject => {
  const { id, version, stamp, source } = stored
  const reject = (reason: Reject['reason'], detail: string): Reject => ({
    id,
    side: 'elasticsearch',
    reason,
    detail,
    version,
  })
  if (!canonicalUuid.test(id)) return reject('ID_NOT_UUID', `_id of ${id.length} characters`)
  const fault = versionFault(version, rules.unit, now, rules.maxFuture)
  if (fault !== undefined) return reject(versionReject[fault], `_version ${version}`)
  if (stamp !== version) {
    return reject('VERSION_CONTRACT', `_version is ${version}, the timestamp field is ${stamp ?? 'not a usable time'}`)
  }
  if (version > rows.maxVersion) return reject('VERSION_OVERFLOW', `version ${version} is beyond ${rows.maxVersion}`)
  const read = readSource(source, rows.columns)
  return 'mismatch' in read
    ? { document: { version, fields: new Map() }, source, mismatch: read.mismatch }
    : { document: { version, fields: read.fields }, source, mismatch: undefined }
}
