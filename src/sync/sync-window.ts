/** One window, or one part of it: read both sides completely, decide each id, write, and account for every record. */
import { chunked, forEachConcurrently } from '../core/concurrency.js'
import { decide as decideByTheRules, type Decide } from '../core/decide.js'
import { mostLabels } from '../core/divide.js'
import { lookEnd } from '../core/look-end.js'
import { allIds, isInShare, type WindowPart } from '../core/window-part.js'
import type { Divided, WindowResult } from '../core/report.js'
import { overlapUnits } from '../core/rules.js'
import { UuidMap } from '../core/uuid-map.js'
import type { Micros, Version } from '../core/version.js'
import { withOverlap, type Window } from '../core/window.js'
import type { DocumentView } from '../ports/store.js'
import { rejectRecord } from './apply.js'
import { readDocuments } from './candidate.js'
import { divideWindow } from './divide-window.js'
import { Freshness } from './freshness.js'
import { Looks, type Look } from './look.js'
import type { Pair } from './pair.js'
import { syncChunk, type Reading, type Run } from './sync-chunk.js'
import { syncUnseen } from './sync-unseen.js'
import { Tally } from './tally.js'

export interface SyncOptions {
  readonly signal: AbortSignal
  /**
   * Whether looks of long ago may end, see look-end.ts. For windows that tile time; not for a range that somebody asks
   * for, perhaps because of writes that came later than any window looks for.
   */
  readonly lateLooksEnd?: boolean
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
  withView(pair, window, options, async (opened) => {
    const look = await opened.run.looks.first()
    return syncAll(opened, look)
  })

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
    const look = await lookAtFew(opened, maxRecords)
    if (look !== undefined) return syncAll(opened, look)
    const { run, range, view } = opened
    return { parts: await divideWindow(pair, range, view, maxRecords, run.signal) }
  })

interface Opened {
  readonly run: Run & { readonly looks: Looks }
  readonly window: Window
  /** What is read, the overlap included. */
  readonly range: WindowPart
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
  const range: WindowPart = options.part ?? { ...withOverlap(window, overlap), ids: allIds }
  const own: Window = options.part ?? window
  // What is read for the overlap behind the window is not looked at further back than the window itself would.
  const { from } = withOverlap({ from: Math.max(window.from, range.from), to: range.to }, overlap)
  const mayEnd = options.lateLooksEnd === true || options.audit === true
  const before = mayEnd ? lookEnd(pair.rules, own, pair.clock.now()) : undefined
  const looks = new Looks(pair, { from, before }, signal, (id) => isInShare(range.ids, id))
  const unseen = options.audit === true ? new UuidMap() : undefined
  const run = {
    pair,
    window: own,
    looks,
    tally: new Tally(pair.name, own),
    dryRun,
    signal,
    decide,
    ...(unseen === undefined ? {} : { onUnseen: noting(unseen, pair.clock.now() - pair.rules.overlap) }),
  }

  // Elasticsearch first, then the entries: the age of the reading counts from here.
  const freshness = new Freshness(pair.clock, pair.rules)
  const view = await pair.documents.openView(range, signal)
  try {
    return await work({ run, window, range, view, freshness, started, unseen, from })
  } finally {
    await view.close()
  }
}

/** The first look, where neither side holds more records than one job should have. */
const lookAtFew = async ({ run, range, view }: Opened, maxRecords: number): Promise<Look | undefined> => {
  const [documents = 0] = await view.count([range], run.signal)
  if (documents > maxRecords) return undefined
  const look = await run.looks.firstOf(mostLabels)
  if (look === undefined) return undefined
  let entries = 0
  for (let at = 0; at < look.labels.size; at += 1) if (look.labels.valueAt(at) < range.to) entries += 1
  return entries > maxRecords ? undefined : look
}

const syncAll = async (opened: Opened, look: Look): Promise<WindowResult> => {
  const { run, window, range, view, freshness, started, from, unseen } = opened
  const { pair, tally } = run
  // Versions that cannot be used lie beyond every window; of several parts the last ones tell of them.
  if (range.to === window.to) for (const fault of look.faults) rejectRecord(run, fault)
  await forEachConcurrently(chunksOf(run, range, view, { freshness, look }), chunksUnderWay, ({ ids, reading }) =>
    syncChunk(run, ids, reading),
  )
  if (unseen !== undefined) await syncUnseen(run, from, unseen)
  return tally.result(Math.round((pair.clock.monotonic() - started) / 1_000))
}

interface Chunk {
  readonly ids: readonly string[]
  readonly reading: Reading
}

/** The documents of the range with their rows, then the ids that only the timeseries table names. */
async function* chunksOf(
  run: Run,
  range: WindowPart,
  view: DocumentView,
  shared: Pick<Reading, 'freshness' | 'look'>,
): AsyncIterable<Chunk> {
  const { pair, tally, signal } = run
  const { labels } = shared.look
  /** By position in `labels`. */
  const hasDocument = new Uint8Array(labels.size)
  for await (const page of view.pages(signal)) {
    signal.throwIfAborted()
    const documents = page.filter(({ id }) => isInShare(range.ids, id))
    tally.report.read.elasticsearch += documents.length
    const { candidates, rejected } = readDocuments(pair, documents)
    for (const reject of rejected.values()) rejectRecord(run, reject)
    for (const { id } of documents) {
      const position = labels.positionOf(id)
      if (position !== undefined) hasDocument[position] = 1
    }
    for (const ids of chunked([...candidates.keys()], chunkSize)) yield { ids, reading: { ...shared, candidates } }
  }
  let ids: string[] = []
  for (let at = 0; at < labels.size; at += 1) {
    const version = labels.valueAt(at)
    if (version < range.from || version >= range.to) continue
    tally.report.read.cassandra += 1
    if (hasDocument[at] === 1) continue
    ids.push(labels.idAt(at))
    if (ids.length < chunkSize) continue
    signal.throwIfAborted()
    yield { ids, reading: { ...shared, candidates: new Map() } }
    ids = []
  }
  if (ids.length > 0) yield { ids, reading: { ...shared, candidates: new Map() } }
}
