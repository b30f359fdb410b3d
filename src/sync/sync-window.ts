/** One window: read both sides completely, decide each id, write, and account for every record. */
import { chunked, forEachConcurrently } from '../core/concurrency.js'
import { decide as decideByTheRules, type Decide } from '../core/decide.js'
import type { WindowResult } from '../core/report.js'
import { lookEnd } from '../core/look-end.js'
import { overlapUnits } from '../core/rules.js'
import { withOverlap, type Window } from '../core/window.js'
import type { StoredDocument } from '../ports/store.js'
import { rejectRecord } from './apply.js'
import { readDocuments } from './candidate.js'
import { Freshness } from './freshness.js'
import { Looks } from './look.js'
import type { Pair } from './pair.js'
import { syncChunk, type Reading, type Run } from './sync-chunk.js'
import { Tally } from './tally.js'

export interface SyncOptions {
  readonly signal: AbortSignal
  /**
   * Whether looks of long ago may end, see look-end.ts. For windows that tile time; not for a range that somebody asks
   * for, perhaps because of writes that came later than any window looks for.
   */
  readonly lateLooksEnd?: boolean
  /** Read and decide, write nothing. */
  readonly dryRun?: boolean
  /** The decision for one record. Simulations hand in others, to show what each of its rules is for. */
  readonly decide?: Decide
}

/** Small enough to be read, decided and written well within the freshness, large enough to fill grouped requests. */
const chunkSize = 2_000
/** While one chunk is written the next is read. */
const chunksUnderWay = 2

export const syncWindow = async (pair: Pair, window: Window, options: SyncOptions): Promise<WindowResult> => {
  const { signal, dryRun = false, decide = decideByTheRules } = options
  const started = pair.clock.monotonic()
  const range = withOverlap(window, overlapUnits(pair.rules))
  const tally = new Tally(pair.name, window)
  const end = options.lateLooksEnd === true ? lookEnd(pair.rules, window, pair.clock.now()) : undefined
  const looks = new Looks(pair, range.from, signal, end)
  const run: Run = { pair, window, looks, tally, dryRun, signal, decide }

  // Elasticsearch first, then the entries: the age of the reading counts from here.
  const freshness = new Freshness(pair.clock, pair.rules)
  const view = await pair.documents.openView(range, signal)
  try {
    const look = await looks.take()
    for (const fault of look.faults) rejectRecord(run, fault)
    const entries = new Map([...look.labels].filter(([, version]) => version < window.to))
    tally.report.read.cassandra = entries.size

    const chunks = chunksOf(run, view.pages(signal), entries, { freshness, look })
    await forEachConcurrently(chunks, chunksUnderWay, ({ ids, reading }) => syncChunk(run, ids, reading))
  } finally {
    await view.close()
  }
  return tally.result(Math.round((pair.clock.monotonic() - started) / 1_000))
}

interface Chunk {
  readonly ids: readonly string[]
  readonly reading: Reading
}

/** The documents of the range with their rows, then the ids that only the timeseries table names. */
async function* chunksOf(
  run: Run,
  pages: AsyncIterable<readonly StoredDocument[]>,
  entries: Map<string, number>,
  shared: Pick<Reading, 'freshness' | 'look'>,
): AsyncIterable<Chunk> {
  const { pair, tally, signal } = run
  for await (const page of pages) {
    signal.throwIfAborted()
    tally.report.read.elasticsearch += page.length
    const { candidates, rejected } = readDocuments(pair, page)
    for (const reject of rejected.values()) rejectRecord(run, reject)
    for (const { id } of page) entries.delete(id)
    for (const ids of chunked([...candidates.keys()], chunkSize)) yield { ids, reading: { ...shared, candidates } }
  }
  for (const ids of chunked([...entries.keys()], chunkSize)) {
    signal.throwIfAborted()
    yield { ids, reading: { ...shared, candidates: new Map() } }
  }
}
