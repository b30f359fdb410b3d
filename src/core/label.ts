/**
 * The version of a row (rule 2). Cassandra has no version of its own to read, so it is told from what was written
 * beside the row, or from the time at which the row's cells were written.
 */
import type { Decision, Observation } from './decide.js'
import { sameFields } from './record.js'
import type { Rules } from './rules.js'
import { isClock, micros, microsAfter, versionAt, type Version } from './version.js'

/** The version, undefined for a row that is older than any reading asks for, or what to do where it cannot be told. */
export const labelOf = (rules: Rules, seen: Observation): Version | undefined | Decision => {
  if (rules.labels === 'write-times') return newest(seen.label, writtenAt(rules, seen))
  if (rules.labels !== 'entries-or-cells') return seen.label
  // Nothing is left that could tell equal content apart, once the entry of its version has expired.
  const expired = seen.label === undefined || seen.label < (seen.document?.version ?? -1)
  if (expired && holdsSame(seen)) return seen.document?.version
  return seen.label ?? labelAfterExpiry(rules, seen)
}

const holdsSame = ({ document, row }: Observation): boolean =>
  document !== undefined && row !== undefined && sameFields(document.fields, row.fields)

/** The unit in which the newest readable cell was written. */
const writtenAt = ({ unit }: Rules, { row }: Observation): Version | undefined =>
  row?.writeTime === undefined || row.writeTime < 0 ? undefined : versionAt(row.writeTime, unit)

const newest = (a: Version | undefined, b: Version | undefined): Version | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.max(a, b)

/**
 * A row whose entry has expired. Its cells were written around the time of its version, by contract and by our own
 * writes no more than the overlap later. What lies within that span is not guessed.
 */
const labelAfterExpiry = (rules: Rules, seen: Observation): Version | undefined | Decision => {
  const { document, row, labelReadAt } = seen
  if (row === undefined) return undefined
  const { writeTime } = row
  if (writeTime === undefined) return document === undefined ? { kind: 'unlabelled' } : undefined
  // Young enough for a window, which sees the entry; here it may still be on its way.
  if (labelReadAt - writeTime < rules.overlap) return { kind: 'later' }
  if (document === undefined) return isWallClock(writeTime) ? versionAt(writeTime, rules.unit) : { kind: 'unlabelled' }
  // Whoever counts versions has cells that say nothing about them.
  if (!isClock(document.version, rules.unit)) return { kind: 'unlabelled' }
  const after = microsAfter(document.version, rules.unit)
  if (writeTime < after) return undefined
  return writeTime >= after + rules.overlap ? versionAt(writeTime, rules.unit) : { kind: 'unlabelled' }
}

const isWallClock = (time: number): boolean => isClock(time, 'us')

/** In writetime mode cells that are as young as a version belong to it: no batch that is torn can show them earlier. */
export const provesContent = ({ labels, unit }: Rules, version: Version, { row }: Observation): boolean =>
  labels === 'write-times' && row?.writeTime !== undefined && row.writeTime >= micros(version, unit)
