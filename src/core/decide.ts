/**
 * What to do about one id, as a pure function of what was read and when. All I/O stands outside; the same function
 * runs in production and in simulation. The numbered rules are those of SPEC.md.
 */
import { labelOf, provesContent } from './label.js'
import { isBeyondLook } from './look-end.js'
import { differingFields, sameFields, type Document, type Fields, type Row } from './record.js'
import { hold, type Rules } from './rules.js'
import { isClock, micros, microsAfter, type Micros, type Version } from './version.js'
import type { Window } from './window.js'

/** Everything that was read about one id. The times are those of starting to read, so they never flatter. */
export interface Observation {
  readonly id: string
  /** The document, if its version lies in what the window reads or it was fetched by id. */
  readonly document: Document | undefined
  /** Version of the newest timeseries entry at or after `from − overlap`: what we believe the row's content to be. */
  readonly label: Version | undefined
  readonly row: Row | undefined
  /** Where the look at the entries ended; undefined where it had no end. */
  readonly lookedUpTo?: Version | undefined
  /** Wall clock when reading the timeseries table began. */
  readonly labelReadAt: Micros
}

export type Decision =
  | { readonly kind: 'unchanged' }
  /** A newer state exists than this window may carry; a later window does. */
  | {
      readonly kind: 'later'
      /** Not because of what was read, but because of what may lie beyond it (look-end.ts). */
      readonly unseen?: true
    }
  /** The winner stands on the side that `direction` does not copy from. */
  | { readonly kind: 'ignored' }
  /** Cannot be told apart from a batch that is still landing; a later window decides. */
  | { readonly kind: 'held'; readonly because: HoldReason }
  /** The row was written after the document, but no entry tells its version. Left to verify. */
  | { readonly kind: 'unlabelled' }
  /** An entry whose row never came. */
  | { readonly kind: 'orphaned' }
  /** Read again, `wait` microseconds after this reading began, and decide with both readings at hand. */
  | { readonly kind: 'again'; readonly wait: Micros }
  | WriteDocument
  | WriteRow

export type HoldReason = 'row not visible yet' | 'content older than its entry' | 'row written after the version'

/** Replace the document: an external-versioned `index` request. */
export interface WriteDocument {
  readonly kind: 'write-document'
  readonly id: string
  readonly version: Version
  readonly fields: Fields
}

/** Replace the row's mirrored columns, all with one write time, and record the version as an entry. */
export interface WriteRow {
  readonly kind: 'write-row'
  readonly id: string
  readonly version: Version
  readonly fields: Fields
  /** Which of the columns that are missing in `fields` to null: those in this set, or every one. */
  readonly clear: ReadonlySet<string> | 'all'
  /** Write time of every cell, in microseconds. */
  readonly writeTime: Micros
  /** False where an entry of this version is already there. */
  readonly needsEntry: boolean
  /** The write time goes over something already in the row: look at the entries once more before sending (rule 4). */
  readonly bumped: boolean
  /** Both sides held this version with different content; Elasticsearch wins (rule 5). */
  readonly tie: boolean
}

/**
 * @param before an earlier reading of the same id, when the previous decision was `again`; its `labelReadAt` is the time
 *   at which all of it, the row too, had been read
 */
export const decide = (rules: Rules, window: Window, read: Observation, before?: Observation): Decision => {
  const label = labelOf(rules, read)
  if (typeof label === 'object') return label
  const { document, row } = read
  if (document === undefined && label === undefined) return { kind: 'unchanged' }
  if (Math.max(document?.version ?? -1, label ?? -1) >= window.to) return { kind: 'later' }
  if (document !== undefined && inSync(rules, document, label, row)) return { kind: 'unchanged' }
  if (isBeyondLook(rules, read)) return { kind: 'later', unseen: true }
  const seen: Seen = { ...read, label, entry: read.label }
  if (document === undefined || (label !== undefined && label > document.version)) {
    return rules.direction === 'to-cassandra' ? { kind: 'ignored' } : towardsElasticsearch(rules, seen, label!, before)
  }
  return rules.direction === 'to-elasticsearch' ? { kind: 'ignored' } : towardsCassandra(rules, document, seen, before)
}

export type Decide = typeof decide

/** What was read, with the row's version in the place of its newest entry. */
interface Seen extends Observation {
  readonly entry: Version | undefined
}

/** Rules 3, 7 and 8: the row's content goes to Elasticsearch, unless it may not belong to its label. */
const towardsElasticsearch = (rules: Rules, seen: Seen, label: Version, before?: Observation): Decision => {
  const { row, labelReadAt } = seen
  if (row !== undefined && provesContent(rules, label, seen)) return writeDocument(seen.id, label, row)
  const clock = isClock(label, rules.unit)
  const written = micros(label, rules.unit)
  const age = labelReadAt - written
  // A logical version says nothing about time: only a second look tells that its batch is whole.
  if (!clock && !isLabelledStill(rules, seen, before)) return { kind: 'again', wait: rules.settle }
  if (row === undefined) {
    // A logged batch is atomic but not isolated: its entry may be visible before its row.
    return clock && age < rules.overlap ? { kind: 'held', because: 'row not visible yet' } : { kind: 'orphaned' }
  }
  const contentMayBeOlder = clock && (row.writeTime === undefined || row.writeTime < written)
  if (contentMayBeOlder && age < hold(rules)) return { kind: 'held', because: 'content older than its entry' }
  return writeDocument(seen.id, label, row)
}

const writeDocument = (id: string, version: Version, { fields }: Row): WriteDocument => ({
  kind: 'write-document',
  id,
  version,
  fields,
})

/** Rule 9. Where the entry has expired, a write time inside the version's own unit says the same as the entry did. */
const inSync = (rules: Rules, document: Document, label: Version | undefined, row: Row | undefined): boolean => {
  if (row === undefined || !sameFields(document.fields, row.fields)) return false
  if (label === document.version) return true
  return (
    label === undefined &&
    isClock(document.version, rules.unit) &&
    row.writeTime !== undefined &&
    row.writeTime >= micros(document.version, rules.unit) &&
    row.writeTime < microsAfter(document.version, rules.unit)
  )
}

/** Rule 4: the document's content goes to Cassandra, at a write time that wins over the row and over nothing newer. */
const towardsCassandra = (rules: Rules, document: Document, seen: Seen, before?: Observation): Decision => {
  const writeTime = writeTimeOver(rules, document, seen, before)
  if (typeof writeTime !== 'number') return writeTime
  return {
    kind: 'write-row',
    id: seen.id,
    version: document.version,
    fields: document.fields,
    clear: columnsToClear(rules, document, seen.row),
    writeTime,
    needsEntry: seen.entry !== document.version,
    bumped: rules.labels !== 'write-times' && writeTime > micros(document.version, rules.unit),
    tie: seen.label === document.version && !contentIsOlder(rules, document.version, seen.row),
  }
}

/** The write time that wins over what is there, or why to wait. */
const writeTimeOver = (rules: Rules, document: Document, seen: Seen, before?: Observation): Micros | Decision => {
  // Clients write at the first microsecond of a version. The next one wins over them as a whole and is no other version.
  if (rules.labels === 'write-times') return micros(document.version, rules.unit) + 1
  const time = isClock(document.version, rules.unit)
    ? writeTimeOverClock(rules, document.version, seen, before)
    : writeTimeOverLogical(rules, document.version, seen, before)
  return typeof time === 'number' ? Math.max(time, hiddenNullFloor(rules, document, seen)) : time
}

const writeTimeOverClock = (
  rules: Rules,
  version: Version,
  seen: Seen,
  before: Observation | undefined,
): Micros | Decision => {
  const own = micros(version, rules.unit)
  const there = seen.row?.writeTime
  if (there === undefined || there < own) return own
  if (there < microsAfter(version, rules.unit)) return there + 1
  // The row was written after this version's own unit: a client's late write, or a batch whose entry is still to come.
  if (seen.label === undefined) return { kind: 'unlabelled' }
  if (seen.labelReadAt - there >= hold(rules)) return there + 1
  if (seen.labelReadAt - own < rules.overlap) return { kind: 'held', because: 'row written after the version' }
  // No later window covers this version, so holding would forget it.
  return stoodStill(rules, seen, before) ? there + 1 : { kind: 'again', wait: rules.settle }
}

/** Two looks, settle apart, that saw the same newest entry. */
const isLabelledStill = (rules: Rules, seen: Seen, before: Observation | undefined): before is Observation =>
  before !== undefined && seen.labelReadAt - before.labelReadAt >= rules.settle && seen.entry === before.label

/** The same, and the same row. */
const stoodStill = (rules: Rules, seen: Seen, before: Observation | undefined): boolean =>
  isLabelledStill(rules, seen, before) &&
  seen.row?.writeTime === before.row?.writeTime &&
  (seen.row === undefined || before.row === undefined
    ? seen.row === before.row
    : sameFields(seen.row.fields, before.row.fields))

/** Syncs of neighbouring versions that read the same row must not write at the same time: cells would mix. */
const versionSpread = 100_000

const writeTimeOverLogical = (
  rules: Rules,
  version: Version,
  seen: Seen,
  before: Observation | undefined,
): Micros | Decision => {
  const own = micros(version, rules.unit)
  const there = seen.row?.writeTime
  if (there === undefined || there < own) return own
  // What was written longer ago than the hold is whole by contract; before that, only two looks can tell.
  const isWhole = seen.labelReadAt - there >= hold(rules) || stoodStill(rules, seen, before)
  if (!isWhole) return { kind: 'again', wait: rules.settle }
  return there + 1 + Math.min(version, versionSpread)
}

/**
 * A client may have written nulls at this very version. The time of a tombstone cannot be read, so a write just above
 * the readable cells might lose against it, and be tried again for ever.
 */
const hiddenNullFloor = (rules: Rules, document: Document, seen: Observation): Micros => {
  const { row, label, labelReadAt } = seen
  if (row === undefined || label !== document.version) return 0
  const onlyNullsDiffer = differingFields(document.fields, row.fields).every((name) => !row.fields.has(name))
  if (!onlyNullsDiffer) return 0
  const landed = labelReadAt - hold(rules)
  if (!isClock(document.version, rules.unit)) return landed
  return Math.min(landed, micros(document.version, rules.unit) + rules.overlap)
}

/** Under an entry that was written before its row, ours or a client's, stands the content of an older version: no tie. */
const contentIsOlder = (rules: Rules, version: Version, row: Row | undefined): boolean =>
  row === undefined ||
  ((rules.labels === 'write-times' || isClock(version, rules.unit)) &&
    row.writeTime !== undefined &&
    row.writeTime < micros(version, rules.unit))

/** Rule 6: replace, don't merge, but without tombstones that nothing needs. */
const columnsToClear = (rules: Rules, document: Document, row: Row | undefined): ReadonlySet<string> | 'all' => {
  if (rules.nulls === 'always' || !isClock(document.version, rules.unit)) return 'all'
  if (row === undefined) return nothing
  const names = [...row.fields.keys()].filter((name) => !document.fields.has(name))
  return names.length === 0 ? nothing : new Set(names)
}

const nothing: ReadonlySet<string> = new Set()
