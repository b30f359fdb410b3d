/** Reads, decides and writes for a bounded number of ids, again as often as the rules ask for it. */
import type { Decide, Observation, WriteDocument, WriteRow } from '../core/decide.js'
import { chunked } from '../core/concurrency.js'
import { labelOf } from '../core/label.js'
import { CaesError } from '../core/errors.js'
import type { JsonObject } from '../core/json.js'
import type { Row } from '../core/record.js'
import type { Reject } from '../core/reject.js'
import { versionAt, type Micros } from '../core/version.js'
import type { Window } from '../core/window.js'
import type { StoredDocument } from '../ports/store.js'
import { applyDocuments, applyRows, encodeDocuments, rejectRecord } from './apply.js'
import { readDocuments, type Candidate } from './candidate.js'
import { Freshness } from './freshness.js'
import type { Look, Looks } from './look.js'
import type { Pair } from './pair.js'
import { readRows, type Known } from './read-rows.js'
import type { Tally } from './tally.js'

/** One run of a window. */
export interface Run {
  readonly pair: Pair
  readonly window: Window
  readonly looks: Pick<Looks, 'again'>
  readonly tally: Tally
  readonly dryRun: boolean
  readonly signal: AbortSignal
  readonly decide: Decide
  /** Told of ids that are left to others only because the look had an end, with the write time of their row. */
  readonly onUnseen?: (id: string, writeTime: Micros) => void
}

/** What was read of both sides before the rows are: Elasticsearch first, then the entries (rule 2). */
export interface Reading {
  readonly freshness: Freshness
  readonly candidates: ReadonlyMap<string, Candidate>
  readonly look: Look
  /** Reads rows of these ids. By default each by its id. */
  readonly readRows?: (ids: readonly string[]) => Promise<ReadonlyMap<string, Row>>
}

/** Reading again is for what changes meanwhile; stores that need it this often are too slow for the settings. */
const maxRounds = 6
/** What is too much to be read, decided and written while the reading is fresh is tried in halves, down to this. */
const smallestChunk = 50

/**
 * @param first a reading that these ids are part of, if there was one
 * @param labelled ids whose entry was written in this run
 */
export const syncChunk = async (
  run: Run,
  ids: readonly string[],
  first?: Reading,
  labelled: Set<string> = new Set(),
): Promise<void> => {
  let todo: readonly string[] = ids
  let before: ReadonlyMap<string, Observation> = new Map()
  let reading: Reading | undefined = first?.freshness.isYoung() === true ? first : undefined
  let look = first?.look
  for (let round = 1; todo.length > 0; round += 1) {
    if (reading === undefined) ({ reading, todo } = await readAgain(run, todo, look))
    const verdicts = await judge(run, todo, reading, before)
    const { moved, unsent } = run.dryRun ? countOnly(run, verdicts) : await send(run, verdicts, reading, labelled)
    // What changed while it was looked at is looked at anew. What only could not be sent in time need not be.
    look = moved.length + verdicts.again.size > 0 ? undefined : reading.look
    let restless = [...moved, ...unsent]
    if (restless.length > 0 && todo.length > smallestChunk) {
      const known = look === undefined ? undefined : reading
      for (const half of chunked(restless, Math.ceil(todo.length / 2))) await syncChunk(run, half, known, labelled)
      restless = []
    }
    if (round === maxRounds) {
      if (restless.length > 0) throw tooSlow(run, restless.length)
      // A row that never stands still is being written by a client, whose own entries later windows will carry.
      run.tally.report.held += verdicts.again.size
      return
    }
    await waitFor(run, verdicts.again)
    todo = [...restless, ...verdicts.again.keys()]
    before = new Map([...verdicts.again].map(([id, { seen }]) => [id, seen]))
    reading = undefined
  }
}

/**
 * A reading anew, by id. An id whose document breaks the contract drops out.
 * @param known a look that was taken before. It does, however old it is: what is written over nothing cannot win over
 *   anything newer, and what goes over something is looked at a second time (rule 4)
 */
export const readAgain = async (run: Run, ids: readonly string[], known?: Look): Promise<ReadIds> => {
  const { pair, signal } = run
  const freshness = new Freshness(pair.clock, pair.rules)
  const stored = await pair.documents.getMany(ids, signal)
  return readingOf(run, ids, stored.values(), freshness, known)
}

interface ReadIds {
  readonly reading: Reading
  /** The ids without those that drop out. */
  readonly todo: readonly string[]
}

/**
 * The same for documents that have been read.
 * @param freshness from before they were
 */
export const readingOf = async (
  run: Run,
  ids: readonly string[],
  documents: Iterable<StoredDocument>,
  freshness: Freshness,
  known?: Look,
): Promise<ReadIds> => {
  const { candidates, rejected } = readDocuments(run.pair, documents)
  for (const reject of rejected.values()) rejectRecord(run, reject)
  const look = known ?? (await run.looks.again(ids))
  return { reading: { freshness, candidates, look }, todo: ids.filter((id) => !rejected.has(id)) }
}

interface Verdicts {
  readonly documents: WriteDocument[]
  readonly rows: WriteRow[]
  readonly sources: Map<string, JsonObject>
  readonly again: Map<string, { readonly seen: Observation; readonly wait: Micros }>
}

/** Reads the rows and decides each id. What needs no write is counted here and done with. */
const judge = async (
  run: Run,
  ids: readonly string[],
  reading: Reading,
  before: ReadonlyMap<string, Observation>,
): Promise<Verdicts> => {
  const { pair, window, tally, decide } = run
  const { candidates, look } = reading
  const verdicts: Verdicts = { documents: [], rows: [], sources: new Map(), again: new Map() }
  // What belongs to a later window needs no reading of its row.
  const own: Known[] = []
  for (const id of ids) {
    const label = look.labels.get(id)
    if (label === undefined || label < window.to) own.push({ id, label, candidate: candidates.get(id) })
  }
  const rows = await readRows(run, own, reading)
  const readBy = pair.clock.now()
  for (const { id, label, candidate } of own) {
    const seen = {
      id,
      document: candidate?.document,
      label,
      row: rows.get(id),
      lookedUpTo: look.before,
      labelReadAt: look.startedAt,
    }
    if (candidate?.mismatch !== undefined && wouldBeCopied(run, candidate, seen)) {
      const { version } = candidate.document
      const detail = candidate.mismatch
      rejectRecord(run, { id, side: 'elasticsearch', reason: 'TYPE_MISMATCH', detail, version })
      continue
    }
    const future = writtenInFuture(pair, id, seen.row)
    if (future !== undefined) {
      rejectRecord(run, future)
      continue
    }
    const decision = decide(pair.rules, window, seen, before.get(id))
    switch (decision.kind) {
      case 'unchanged':
        tally.report.unchanged += 1
        break
      case 'later':
        if (decision.unseen === true) run.onUnseen?.(id, seen.row?.writeTime ?? 0)
        break
      case 'ignored':
        break
      case 'held':
      case 'orphaned':
        tally.report[decision.kind] += 1
        break
      case 'unlabelled':
        tally.report.unlabelled += 1
        pair.logger.warn({ pair: pair.name, id }, 'row is newer than the document but has no entry; left to verify')
        break
      case 'again':
        // A process that stood still between the look and the rows has read both much later than the look began.
        verdicts.again.set(id, { seen: { ...seen, labelReadAt: readBy }, wait: decision.wait })
        break
      case 'write-document':
        verdicts.documents.push(decision)
        break
      case 'write-row':
        verdicts.rows.push(decision)
        if (candidate !== undefined) verdicts.sources.set(id, candidate.source)
        break
    }
  }
  return verdicts
}

/** Where cells carry versions, those of a clock far ahead would beat everything that is written until its time has come. */
const writtenInFuture = ({ rules, clock }: Pair, id: string, row: Row | undefined): Reject | undefined => {
  const { writeTime } = row ?? {}
  if (rules.labels !== 'write-times' || writeTime === undefined) return undefined
  if (writeTime <= clock.now() + rules.maxFuture) return undefined
  const detail = `cells written at ${writeTime} µs`
  return { id, side: 'cassandra', reason: 'VERSION_FUTURE', detail, version: versionAt(writeTime, rules.unit) }
}

const wouldBeCopied = ({ pair, window }: Run, { document }: Candidate, seen: Observation): boolean => {
  const label = labelOf(pair.rules, seen)
  return (
    pair.rules.direction !== 'to-elasticsearch' &&
    document.version < window.to &&
    (label === undefined || (typeof label === 'number' && label <= document.version))
  )
}

/** Ids that have to be read again before they may be written. */
interface Restless {
  /** A newer entry has appeared. */
  readonly moved: readonly string[]
  /** The reading had become too old. */
  readonly unsent: readonly string[]
}

/** Sends what was decided. */
const send = async (run: Run, verdicts: Verdicts, reading: Reading, labelled: Set<string>): Promise<Restless> => {
  const { pair, tally, signal } = run
  const sending = { pair, tally, signal, maySend: reading.freshness.maySend }
  const moved = await movedLabels(run, verdicts.rows, reading.look)
  const steady = verdicts.rows.filter(({ id }) => !moved.has(id))
  const [documents, rows] = await settleBoth(
    applyDocuments(verdicts.documents, sending),
    applyRows(steady, verdicts.sources, labelled, sending),
  )
  return { moved: [...moved], unsent: [...documents, ...rows] }
}

/**
 * Rule 4: a write over something already in the row needs a second look after the rows were read. An entry that
 * became visible in between belongs to a client's write that we would overwrite.
 */
const movedLabels = async (run: Run, writes: readonly WriteRow[], first: Look): Promise<ReadonlySet<string>> => {
  const bumped = writes.filter((write) => write.bumped).map(({ id }) => id)
  if (bumped.length === 0) return new Set()
  const second = await run.looks.again(bumped)
  return new Set(bumped.filter((id) => second.labels.get(id) !== first.labels.get(id)))
}

/** Both at once; a failure of one is thrown only after the other has come to its end. */
const settleBoth = async <A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> => {
  await Promise.allSettled([a, b])
  return [await a, await b]
}

const countOnly = ({ pair, tally }: Run, { documents, rows }: Verdicts): Restless => {
  tally.report.written.elasticsearch += encodeDocuments(documents, { pair, tally }).length
  tally.report.written.cassandra += rows.length
  tally.report.ties += rows.filter(({ tie }) => tie).length
  return { moved: [], unsent: [] }
}

const waitFor = async ({ pair, signal }: Run, again: Verdicts['again']): Promise<void> => {
  const now = pair.clock.now()
  let span = 0
  // What has passed since the reading need not be waited for; a clock that was set back adds nothing to the wait.
  for (const { seen, wait } of again.values()) span = Math.max(span, Math.min(wait, seen.labelReadAt + wait - now))
  if (span > 0) await pair.clock.sleep(span, signal)
}

const tooSlow = ({ pair, window }: Run, left: number): CaesError =>
  new CaesError('CAES_WINDOW_TOO_SLOW', `${left} records could not be read and written within sync.freshness`, {
    where: `pair ${pair.name}, window ${window.from}–${window.to}`,
    hint: 'The window will be tried again. If this persists, the stores are overloaded, or sync.freshness and sync.overlap are too small for them.',
  })
