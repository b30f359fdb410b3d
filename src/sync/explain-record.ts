/** One record's story: what both sides hold, and what a sync would do about it now. Reads only. */
import { decide, type Decision, type Observation } from '../core/decide.js'
import type { Json } from '../core/json.js'
import { labelOf } from '../core/label.js'
import { toSource } from '../core/mapping.js'
import { reasonOf, type Reason } from '../core/reason.js'
import { sameValue, type Fields, type Row } from '../core/record.js'
import { rejectText, type Reject } from '../core/reject.js'
import { overlapUnits } from '../core/rules.js'
import { isClock, versionAt, type Version } from '../core/version.js'
import { withOverlap } from '../core/window.js'
import type { Logger } from '../ports/logger.js'
import type { StoredDocument } from '../ports/store.js'
import { canonicalUuid, readDocuments, type ReadDocuments } from './candidate.js'
import { Freshness } from './freshness.js'
import { Looks } from './look.js'
import type { Pair } from './pair.js'
import { syncChunk, type Run } from './sync-chunk.js'
import { Tally } from './tally.js'

export interface RecordStory {
  readonly pair: string
  readonly id: string
  readonly document: StoredDocument | undefined
  readonly row: Row | undefined
  /** The version that the row is believed to have; undefined where nothing tells it. */
  readonly label: Version | undefined
  /** Versions of the entries that are there, newest first. */
  readonly entries: readonly Version[]
  readonly fields: readonly FieldStory[]
  /** The newest version that either side tells; undefined where none does. */
  readonly version: Version | undefined
  readonly next: NextStep
}

/** A mirrored field. A side that lacks it has no value. */
export interface FieldStory {
  readonly name: string
  readonly elasticsearch?: Json
  readonly cassandra?: Json
  readonly differs: boolean
}

/** What a sync of everything up to now would do about the record. */
export interface NextStep extends Reason {
  readonly kind: Decision['kind'] | 'rejected'
  readonly rejects: readonly Reject[]
}

/** Errors: as for a window. */
export const explainRecord = async (pair: Pair, id: string, signal: AbortSignal): Promise<RecordStory> => {
  // An id that is no UUID names no row, and Cassandra would not take it.
  const isUuid = canonicalUuid.test(id)
  const freshness = new Freshness(pair.clock, pair.rules)
  const stored = await pair.documents.getMany([id], signal)
  const read = readDocuments(pair, stored.values())
  const row = isUuid ? (await pair.rows.getMany([id], signal)).get(id) : undefined

  const { rules, clock } = pair
  const to = versionAt(clock.now() - rules.settle, rules.unit)
  const window = { from: oldestOf(pair, read.candidates.get(id)?.document.version, row, to), to }
  const tried = await tryOut(pair, id, { window, freshness, read, isUuid }, signal)

  const document = stored.get(id)
  const believed = labelOf(rules, { ...tried.seen, row, label: tried.seen.label ?? tried.entries[0] })
  const label = typeof believed === 'number' ? believed : undefined
  const known = [read.candidates.get(id)?.document.version, label].filter((version) => version !== undefined)
  return {
    pair: pair.name,
    id,
    document,
    row,
    label,
    entries: tried.entries,
    fields: fieldsOf(pair, document, read.candidates.get(id)?.document.fields, row),
    version: known.length === 0 ? undefined : Math.max(...known),
    next: tried.next,
  }
}

/**
 * Where the look begins. Entries of versions that are times lie near the document's or the cells' time; where nothing
 * tells a time, the whole table has to be read.
 */
const oldestOf = ({ rules }: Pair, version: Version | undefined, row: Row | undefined, to: Version): Version => {
  if (version === undefined || !isClock(version, rules.unit)) return 0
  const written = row?.writeTime === undefined ? version : versionAt(row.writeTime, rules.unit)
  return Math.min(version, written, to)
}

interface Trial {
  readonly entries: readonly Version[]
  readonly seen: Observation
  readonly next: NextStep
}

interface Trying {
  readonly window: Run['window']
  readonly freshness: Freshness
  readonly read: ReadDocuments
  readonly isUuid: boolean
}

/** The code that syncs, without its writes. */
const tryOut = async (
  pair: Pair,
  id: string,
  { window, freshness, read, isUuid }: Trying,
  signal: AbortSignal,
): Promise<Trial> => {
  const entries = new Set<Version>()
  const watched = noting(pair, id, entries)
  const tally = new Tally(pair.name, window)
  const looks = new Looks(watched, { from: withOverlap(window, overlapUnits(pair.rules)).from }, signal)
  let last: { readonly seen: Observation; readonly decision: Decision } | undefined
  const run: Run = {
    pair: watched,
    window,
    looks,
    tally,
    dryRun: true,
    signal,
    decide: (rules, window, seen, before) => {
      const decision = decide(rules, window, seen, before)
      last = { seen, decision }
      return decision
    },
  }
  const look = await looks.again([id])
  const faults = [...read.rejected.values(), ...look.faults]
  if (isUuid && !read.rejected.has(id)) await syncChunk(run, [id], { freshness, candidates: read.candidates, look })
  const rejects = [...faults, ...tally.result(0).rejects]
  const newest = [...entries].toSorted((a, b) => b - a)
  const seen = last?.seen ?? {
    id,
    document: read.candidates.get(id)?.document,
    label: isUuid ? look.labels.get(id) : undefined,
    row: undefined,
    labelReadAt: look.startedAt,
  }
  return { entries: newest, seen, next: { ...nextStep(pair, window, seen, last?.decision, rejects), rejects } }
}

const nextStep = (
  pair: Pair,
  window: Run['window'],
  seen: Observation,
  decision: Decision | undefined,
  rejects: readonly Reject[],
): Omit<NextStep, 'rejects'> => {
  // An entry that cannot be used stands beside its record and does not hold it up.
  const [reject] = rejects
  if (reject !== undefined && decision === undefined) {
    return { kind: 'rejected', rule: reject.reason === 'VERSION_CONTRACT' ? '1' : '11', text: rejectText(reject) }
  }
  // What belongs to a later window is not even decided.
  const decided = decision ?? { kind: 'later' as const }
  return { kind: decided.kind, ...reasonOf(pair.rules, window, seen, decided) }
}

const quiet: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

/** What is said about the record is said in its story, not in a log. */
const noting = (pair: Pair, wanted: string, entries: Set<Version>): Pair => ({
  ...pair,
  logger: quiet,
  rows: {
    ...pair.rows,
    entries: async function* (from, signal, before) {
      for await (const page of pair.rows.entries(from, signal, before)) {
        for (const { id, version } of page) if (id === wanted) entries.add(version)
        yield page
      }
    },
  },
})

/** A document whose values do not all fit its columns is shown as it is. */
const fieldsOf = (
  { rows }: Pair,
  document: StoredDocument | undefined,
  fields: Fields | undefined,
  row: Row | undefined,
): FieldStory[] => {
  const isRead = fields !== undefined && fields.size > 0
  return rows.columns.flatMap(({ name }) => {
    const raw = document !== undefined && Object.hasOwn(document.source, name) ? document.source[name] : undefined
    const elasticsearch = isRead ? jsonOf(rows.columns, name, fields) : raw
    const cassandra = row === undefined ? undefined : jsonOf(rows.columns, name, row.fields)
    if (elasticsearch === undefined && cassandra === undefined) return []
    const differs = isRead ? !sameValue(fields.get(name), row?.fields.get(name)) : true
    return [
      {
        name,
        ...(elasticsearch === undefined ? {} : { elasticsearch }),
        ...(cassandra === undefined ? {} : { cassandra }),
        differs,
      },
    ]
  })
}

/** What JSON cannot carry is told by what is wrong with it. */
const jsonOf = (columns: Pair['rows']['columns'], name: string, fields: Fields): Json | undefined => {
  const value = fields.get(name)
  if (value === undefined) return undefined
  const encoded = toSource(new Map([[name, value]]), columns)
  return 'mismatch' in encoded ? `(${encoded.mismatch})` : encoded.source[name]
}
