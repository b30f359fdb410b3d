/**
 * Syncs single records that were set aside before: the same reading, deciding and writing as for a window, by id.
 * Unlike a window, this may come days later, when the entries that told a row's version have expired.
 */
import { decide, type Decide, type Decision, type Observation } from '../core/decide.js'
import { sameFields } from '../core/record.js'
import type { Reject } from '../core/reject.js'
import { overlapUnits, type Rules } from '../core/rules.js'
import type { RecordOutcome, SetAside } from '../core/set-aside.js'
import { isClock, microsAfter, versionAt, type Version } from '../core/version.js'
import { withOverlap } from '../core/window.js'
import { rejectRecord } from './apply.js'
import { canonicalUuid, readDocuments, type Candidate } from './candidate.js'
import { Freshness } from './freshness.js'
import { Looks, versionReject, type Look } from './look.js'
import type { Pair } from './pair.js'
import { syncChunk, type Run } from './sync-chunk.js'
import { Tally } from './tally.js'

/**
 * One outcome for each record, in order. Records of one id are synced once.
 * Memory: the given records alone, however much the timeseries table holds.
 * Errors: as for a window; nothing is known then about any of the records.
 */
export const syncRecords = async (
  pair: Pair,
  records: readonly SetAside[],
  { signal }: { readonly signal: AbortSignal },
): Promise<readonly RecordOutcome[]> => {
  const wanted = new Set(records.map(({ id }) => id))
  const ids = [...wanted]
  const decisions = new Map<string, Decision['kind']>()
  const freshness = new Freshness(pair.clock, pair.rules)
  const stored = await pair.documents.getMany(ids, signal)
  const { candidates, rejected } = readDocuments(pair, stored.values())

  const to = versionAt(pair.clock.now() - pair.rules.settle, pair.rules.unit)
  const window = { from: oldest(records, candidates, to), to }
  const { from } = withOverlap(window, overlapUnits(pair.rules))
  const tally = new Tally(pair.name, window)
  const looks = new Looks(pair, { from }, signal, (id) => wanted.has(id))
  const run: Run = { pair, window, looks, tally, dryRun: false, signal, decide: noting(decisions, records) }

  for (const reject of rejected.values()) rejectRecord(run, reject)
  const look = await looks.first()
  for (const fault of look.faults) rejectRecord(run, fault)
  // An id that is no UUID names no row. Without a document there is nothing left of it.
  const rest = ids.filter((id) => !rejected.has(id) && canonicalUuid.test(id))
  if (rest.length > 0) await syncChunk(run, rest, { freshness, candidates, look })

  const { rejects } = tally.result(0)
  return records.map((record) => {
    const reject = stillAtFault(record, rejects, decisions.has(record.id))
    return reject === undefined ? { kind: outcomeOf(record.id, decisions, look.labels) } : { kind: 'rejected', reject }
  })
}

/** The look has to start at or before every version that a document or a reject has, so that it sees what is newer. */
const oldest = (records: readonly SetAside[], candidates: ReadonlyMap<string, Candidate>, to: Version): Version => {
  const documents = [...candidates.values()].map(({ document }) => document.version)
  const known = records.map(({ version }) => version ?? to).filter((version) => Number.isSafeInteger(version))
  return [...documents, ...known].reduce((least, version) => Math.min(least, version), to)
}

/** Decides by the rules, with what the reject still knows where no entry is there to be read. */
const noting = (decisions: Map<string, Decision['kind']>, records: readonly SetAside[]): Decide => {
  const known = new Map<string, SetAside[]>()
  for (const record of records) known.set(record.id, [...(known.get(record.id) ?? []), record])
  return (rules, window, seen, before) => {
    // Where cells carry versions, nothing has to be remembered.
    const label =
      rules.labels === 'entries' ? (seen.label ?? rememberedLabel(rules, known.get(seen.id) ?? [], seen)) : seen.label
    const decision: Decision =
      label === 'unknown'
        ? { kind: 'unlabelled' }
        : decide(rules, window, labelled(seen, label), before && labelled(before, label))
    decisions.set(seen.id, decision.kind)
    return decision
  }
}

/** An earlier reading lacks the same entry, and is compared with this one. */
const labelled = (read: Observation, label: Version | undefined): Observation => ({
  ...read,
  label: read.label ?? label,
})

/**
 * The version that the row had when it was set aside, as long as its write time does not speak of a later write.
 * `unknown`: there was one, or may have been, and what version it had cannot be told.
 */
const rememberedLabel = (
  rules: Rules,
  records: readonly SetAside[],
  { document, row }: Parameters<Decide>[2],
): Version | 'unknown' | undefined => {
  if (row === undefined) return undefined
  const labels = records.flatMap(({ side, reason, version }) =>
    side === 'cassandra' && !isEntryFault({ side, reason }) && version !== undefined ? [version] : [],
  )
  const label = labels.length === 0 ? undefined : Math.max(...labels)
  const version = label ?? document?.version
  if (version === undefined) return undefined
  // A write time says which clock version a row has at most; of a logical one it says only when it was written.
  const limit = isClock(version, rules.unit)
    ? microsAfter(version, rules.unit)
    : Math.min(...records.map(({ notedAt }) => notedAt))
  if (row.writeTime === undefined || row.writeTime < limit) return label
  if (document !== undefined && sameFields(document.fields, row.fields)) return document.version
  // Where the document's version is a time, the rules compare it with the row's write time themselves.
  return document !== undefined && isClock(document.version, rules.unit) ? undefined : 'unknown'
}

const entryFaults: ReadonlySet<string> = new Set(Object.values(versionReject))

/** An entry that cannot be used stands beside its record and does not hold it up. */
const isEntryFault = ({ side, reason }: Pick<Reject, 'side' | 'reason'>): boolean =>
  side === 'cassandra' && entryFaults.has(reason)

/** A fault of the other side has an entry of its own in the list, unless it kept this record from being decided. */
const stillAtFault = (record: SetAside, rejects: readonly Reject[], decided: boolean): Reject | undefined => {
  const ofKind = rejects.filter((each) => each.id === record.id && isEntryFault(each) === isEntryFault(record))
  const alike = ofKind.filter(({ side }) => side === record.side)
  return alike.find(({ reason }) => reason === record.reason) ?? alike[0] ?? (decided ? undefined : ofKind[0])
}

const outcomeOf = (
  id: string,
  decisions: ReadonlyMap<string, Decision['kind']>,
  labels: Pick<Look['labels'], 'has'>,
): Exclude<RecordOutcome['kind'], 'rejected'> => {
  const kind = decisions.get(id)
  switch (kind) {
    case undefined:
      return labels.has(id) ? 'later' : 'unchanged'
    case 'again':
      return 'held'
    case 'write-document':
    case 'write-row':
      return 'written'
    default:
      return kind
  }
}
