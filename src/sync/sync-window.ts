/** One window, or one part of it: read both sides completely, decide each id, write, and account for every record. */
import { chunked, forEachConcurrently } from '../core/concurrency.js'
import { decide as decideByTheRules, type Decide } from '../core/decide.js'
import { mostLabels } from '../core/divide.js'
import { allOf, overlapHasPassed, type LookBack } from '../core/look-back.js'
import { lookEnd } from '../core/look-end.js'
import { allIds, isInShare, type IdShare, type WindowPart } from '../core/window-part.js'
import type { Divided, WindowResult } from '../core/report.js'
import { overlapUnits } from '../core/rules.js'
import { UuidMap } from '../core/uuid-map.js'
import type { Micros, Version } from '../core/version.js'
import { merged, withOverlap, type Window } from '../core/window.js'
import type { DocumentView } from '../ports/store.js'
import { rejectRecord } from './apply.js'
import { readDocuments, type Candidate } from './candidate.js'
import { divideWindow } from './divide-window.js'
import { Freshness } from './freshness.js'
import { Looks, type Look } from './look.js'
import { isIn, lookBackOf, lookFirst, type Looked, type Stretch } from './look-first.js'
import type { Pair } from './pair.js'
import { syncChunk, type Reading, type Run } from './sync-chunk.js'
import { syncUnseen } from './sync-unseen.js'
import { Tally } from './tally.js'

export interface SyncOptions {
  readonly signal: AbortSignal
  /**
   * Whether this is one of windows that tile time; not a range that somebody asks for, perhaps because of writes that
   * came later than any window looks for. Looks of long ago may end then, see look-end.ts, and what lies behind the
   * window is read in slices, see look-back.ts.
   */
  readonly tilesTime?: boolean
  /** Whether this is an audit: see sync-unseen.ts. */
  readonly audit?: boolean
  /** Read and decide, write nothing. */
  readonly dryRun?: boolean
  /** The decision for one record. Simulations hand in others, to show what each of its rules is for. */
  readonly decide?: Decide
  /** Work on this part of the window alone. */
  readonly part?: WindowPart
}

/** Small enough to be read, decided and written well within the freshness, large enough to fill grouped requests. */
const chunkSize = 2_000
/** While one chunk is written the next is read. */
const chunksUnderWay = 2

/** Memory: 36 bytes for each id that the window, its overlap, or anything after it has an entry of; two chunks; a page. */
export const syncWindow = (pair: Pair, window: Window, options: SyncOptions): Promise<WindowResult> =>
  withView(pair, window, options, async (opened) => syncAll(opened, (await lookFirst(opened))!))

/**
 * The same where one side holds at most `maxRecords`; else the parts to work on instead. Memory is bounded, whatever the
 * stores hold.
 */
export const syncOrDivide = (
  pair: Pair,
  window: Window,
  maxRecords: number,
  options: Omit<SyncOptions, 'part'>,
): Promise<WindowResult | Divided> =>
  withView(pair, window, options, async (opened) => {
    const looked = await lookFirst(opened, { maxRecords, mostLabels })
    if (looked !== undefined) return syncAll(opened, looked)
    const { run, view, lookBack } = opened
    // What is read in any case is divided as one; of the others each part finds out whether to read it.
    const ranges = [...merged([...lookBack.first, ...lookBack.last]), ...lookBack.ifUnlike]
    const parts: WindowPart[] = []
    for (const range of ranges) parts.push(...(await divideWindow(pair, range, view, maxRecords, run.signal)))
    return { parts }
  })

interface Opened {
  readonly run: Run & { readonly looks: Looks }
  readonly window: Window
  /** What is read at most, the overlap included. */
  readonly lookBack: LookBack
  readonly ids: IdShare
  readonly view: DocumentView
  readonly freshness: Freshness
  readonly started: number
  /** Where looks begin. */
  readonly from: Version
  /** What an audit could not decide. */
  readonly unseen: UuidMap | undefined
}

/** What was written just now may still be on its way; the next audit meets it again. */
const noting =
  (unseen: UuidMap, until: Micros) =>
  (id: string, writeTime: Micros): void => {
    if (writeTime < until) unseen.raise(id, 0)
  }

const withView = async <T>(
  pair: Pair,
  window: Window,
  { signal, dryRun = false, decide = decideByTheRules, ...options }: SyncOptions,
  work: (opened: Opened) => Promise<T>,
): Promise<T> => {
  const started = pair.clock.monotonic()
  const overlap = overlapUnits(pair.rules)
  const { tilesTime = false, audit = false, part } = options
  const ids = part?.ids ?? allIds
  const now = pair.clock.now()
  const inBetween = !overlapHasPassed(pair.rules, window, now)
  const lookBack = lookBackOf(window, part, overlap, { slices: tilesTime && !audit, inBetween })
  const own: Window = part ?? window
  // What is read for the overlap behind the window is not looked at further back than the window itself would.
  const { from } = withOverlap({ from: Math.max(window.from, own.from), to: own.to }, overlap)
  const before = tilesTime || audit ? lookEnd(pair.rules, own, now) : undefined
  const looks = new Looks(pair, { from, before }, signal, (id) => isInShare(ids, id))
  const unseen = audit ? new UuidMap() : undefined
  const run = {
    pair,
    window: own,
    looks,
    tally: new Tally(pair.name, own),
    dryRun,
    signal,
    decide,
    ...(unseen === undefined ? {} : { onUnseen: noting(unseen, now - pair.rules.overlap) }),
  }

  // Elasticsearch first, then the entries: the age of the reading counts from here.
  const freshness = new Freshness(pair.clock, pair.rules)
  const view = await pair.documents.openView(allOf(lookBack), signal)
  try {
    return await work({ run, window, lookBack, ids, view, freshness, started, unseen, from })
  } finally {
    await view.close()
  }
}

const syncAll = async (opened: Opened, looked: Looked): Promise<WindowResult> => {
  const { run, window, started, from, unseen } = opened
  const { look } = looked
  const { pair, tally } = run
  // Versions that cannot be used lie beyond every window; of several parts the last ones tell of them.
  if (run.window.to === window.to) for (const fault of look.faults) rejectRecord(run, fault)
  try {
    const chunks = chunksOf(opened, looked)
    await forEachConcurrently(chunks, chunksUnderWay, ({ ids, reading }) => syncChunk(run, ids, reading))
  } finally {
    await looked.end()
  }
  if (unseen !== undefined) await syncUnseen(run, from, unseen)
  return tally.result(Math.round((pair.clock.monotonic() - started) / 1_000))
}

interface Chunk {
  readonly ids: readonly string[]
  readonly reading: Reading
}

async function* chunksOf(opened: Opened, { look, stretches }: Looked): AsyncIterable<Chunk> {
  /** Ids that were given, by position in the labels: a document may lie in one stretch and its entry in another. */
  const given = new Uint8Array(look.labels.size)
  for (const stretch of stretches) yield* chunksOfStretch(opened, look, stretch, given)
  // While what was read last is worked on; whoever opened it waits for it.
  void opened.view.close()
}

/** The documents with their rows, then the ids that only have entries. */
async function* chunksOfStretch(
  { run, ids: share, freshness }: Opened,
  look: Look,
  { ranges, pages }: Stretch,
  given: Uint8Array,
): AsyncIterable<Chunk> {
  const { pair, tally, signal } = run
  const { labels } = look
  const isNew = (position: number | undefined): boolean => {
    if (position === undefined) return true
    const before = given[position]
    given[position] = 1
    return before === 0
  }
  for await (const page of pages) {
    signal.throwIfAborted()
    const documents = page.filter(({ id }) => isInShare(share, id))
    tally.report.read.elasticsearch += documents.length
    const { candidates, rejected } = readDocuments(
      pair,
      documents.filter(({ id }) => isNew(labels.positionOf(id))),
    )
    for (const reject of rejected.values()) rejectRecord(run, reject)
    for (const ids of chunked([...candidates.keys()], chunkSize)) {
      yield { ids, reading: { freshness, look, candidates } }
    }
  }
  const reading = { freshness, look, candidates: new Map<string, Candidate>() }
  let ids: string[] = []
  for (let at = 0; at < labels.size; at += 1) {
    if (!isIn(ranges, labels.valueAt(at))) continue
    tally.report.read.cassandra += 1
    if (!isNew(at)) continue
    ids.push(labels.idAt(at))
    if (ids.length < chunkSize) continue
    signal.throwIfAborted()
    yield { ids, reading }
    ids = []
  }
  if (ids.length > 0) yield { ids, reading }
}
