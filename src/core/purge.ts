/**
 * Whether a record that was deleted long ago may be removed for good (rule 13 of SPEC.md), as a pure function of what
 * was read of it. Its entries have expired by then, so its row's version is told from content and cells.
 */
import { sameFields, type Document, type Row } from './record.js'
import type { Rules } from './rules.js'
import { isClock, micros, versionAt, type Micros, type Version } from './version.js'

export interface PurgeRules {
  /** The boolean field that says that a record is deleted. */
  readonly field: string
  /** How long a deleted record is kept; longer than anything may go on working on its version. */
  readonly after: Micros
}

/** A removal from both stores that cannot touch anything newer: by write time in Cassandra, by version in Elasticsearch. */
export interface Removal {
  readonly id: string
  readonly version: Version
  readonly writeTime: Micros
}

export interface PurgeCandidate {
  readonly id: string
  readonly document: Document
  readonly row: Row | undefined
}

/** Versions before this one are old enough. */
export const purgeBefore = ({ unit }: Rules, { after }: PurgeRules, now: Micros): Version =>
  Math.max(0, versionAt(now - after, unit))

/** The removal, or undefined for a record that stays. */
export const decidePurge = (
  rules: Rules,
  { field }: PurgeRules,
  before: Version,
  { id, document, row }: PurgeCandidate,
): Removal | undefined => {
  const { version, fields } = document
  // A counted version has no age, and the next one would have to be written at a time that the removal covers.
  if (!isClock(version, rules.unit) || version >= before) return undefined
  if (fields.get(field) !== true) return undefined
  // Without a row it is a purge that was interrupted, or nothing ever was there: either way nothing else is lost.
  if (row !== undefined && !isOfVersion(rules, document, row, before)) return undefined
  return { id, version, writeTime: Math.max(ownTime(rules, version), row?.writeTime ?? 0) }
}

/**
 * Equal content, in cells that were all written long ago: whatever a client wrote since would be among them. Where cells
 * carry versions, an older one is that of a write which found its content there already.
 */
const isOfVersion = (rules: Rules, document: Document, { fields, writeTime }: Row, before: Version): boolean =>
  sameFields(document.fields, fields) &&
  writeTime !== undefined &&
  writeTime < micros(before, rules.unit) &&
  (rules.labels !== 'write-times' || versionAt(writeTime, rules.unit) <= document.version)

/** Of a row that a window writes at this version, perhaps at this very moment, having read the document before. */
const ownTime = (rules: Rules, version: Version): Micros =>
  micros(version, rules.unit) + (rules.labels === 'write-times' ? 1 : 0)
