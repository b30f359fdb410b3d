/**
 * Compares all of a pair, or some of it. Whatever is to be compared is brought down to ids that may differ; those are
 * looked at closely, and only what is confirmed there is told, and repaired.
 */
import { together } from '../core/concurrency.js'
import type { Reject } from '../core/reject.js'
import { Sketch } from '../core/sketch.js'
import { overlapUnits } from '../core/rules.js'
import type { Micros } from '../core/version.js'
import { withOverlap, type Window } from '../core/window.js'
import { everyId, idsOfRange, someIds, type Groups, type OnRead } from './every-id.js'
import { foldDocuments } from './fold-documents.js'
import { foldRowsOf, type FoldRows } from './fold-rows.js'
import { lookingAt, type Findings, type LookOptions } from './look-closely.js'
import { forEverything, type ScannablePair } from './pair.js'
import { openRunLabels, type RunLabels } from './run-labels.js'
import { cutPair, type WholePair } from './whole-pair.js'

/** What to compare. */
export type Scope =
  /** Every record by a digest of its content; what differs in it is looked at. */
  | { readonly kind: 'digests' }
  /** Every record by its content. */
  | { readonly kind: 'full' }
  /** So many, chosen at random. */
  | { readonly kind: 'sample'; readonly count: number }
  /** Those with a document or an entry in a range of versions. */
  | { readonly kind: 'range'; readonly range: Window }

export interface ComparisonOptions extends LookOptions {
  readonly scope: Scope
  /** What is younger is left to windows. */
  readonly grace: Micros
  readonly signal: AbortSignal
  readonly onRead?: OnRead
  /** About how many records will be read, as soon as that is known; 0 where nothing tells. */
  readonly onExpected?: (records: number) => void
  /** The digests differ in more than they can tell: every record is looked at instead. */
  readonly onOverflow?: () => void
  /** In [0, 1). */
  readonly random?: () => number
  /** By default this thread folds the rows as well. */
  readonly foldRows?: FoldRows
  /** Of the sketch; only tests have a use for small ones. */
  readonly cells?: number
}

export interface Comparison {
  /** Records, on either side. */
  readonly compared: number
  readonly differences: number
  readonly repaired: number
  readonly rejected: number
  /** Records that were written again and again meanwhile: left to windows. */
  readonly open: number
}

/** So many suspects beside the sketch are remembered; beyond it, every record is looked at. */
const mostSuspects = 150_000

/** Errors: those of the stores; what was told until then stands. */
export const compare = async (given: ScannablePair, options: ComparisonOptions): Promise<Comparison> => {
  const pair = forEverything(given)
  const { scope, grace, signal, onExpected, onRead = () => {} } = options
  const since = scope.kind === 'range' ? withOverlap(scope.range, overlapUnits(pair.rules)).from : 0
  const labels = await openRunLabels(pair, since, signal)
  const looking = lookingAt({ pair, labels, grace, signal }, options)
  const lookAt = async (groups: Groups, compared?: number): Promise<Comparison> =>
    comparisonOf(await looking.at(groups), compared)
  if (scope.kind === 'range') return lookAt(idsOfRange(pair, scope.range, onRead, signal))
  if (scope.kind === 'sample') {
    onExpected?.(scope.count)
    return lookAt(someIds(pair, scope.count, options.random ?? Math.random, signal))
  }
  const whole = await cutPair(pair, signal)
  onExpected?.(whole.expected)
  if (scope.kind === 'digests') {
    const found = await byDigests(pair, labels, whole, looking.reject, options)
    if (found !== undefined) return lookAt(oneGroup(found.ids), found.compared)
    options.onOverflow?.()
    onExpected?.(whole.expected)
  }
  return lookAt(everyId(pair, whole, onRead, signal))
}

const comparisonOf = ({ looked, ...counts }: Findings, compared = looked): Comparison => ({ compared, ...counts })

/** Undefined where both sides differ in more than a sketch can tell. */
const byDigests = async (
  pair: ScannablePair,
  labels: RunLabels,
  whole: WholePair,
  onReject: (reject: Reject) => void,
  { onRead = () => {}, signal, cells, foldRows = foldRowsOf(pair) }: ComparisonOptions,
): Promise<{ readonly ids: readonly string[]; readonly compared: number } | undefined> => {
  const sketch = new Sketch(cells)
  const suspects = new Set<string>()
  let rows = 0
  const onRowsRead = (records: number): void => {
    rows += records
    onRead('cassandra', records)
  }
  const onSuspect = (id: string): void => {
    if (suspects.size <= mostSuspects) suspects.add(id)
  }
  const onDocumentsRead = (records: number): void => onRead('elasticsearch', records)
  const [ofRows] = await together(
    signal,
    (signal) => foldRows({ parts: whole.rows, cells, onRead: onRowsRead, signal }),
    (signal) =>
      foldDocuments(pair, {
        parts: whole.documents,
        labels,
        sketch,
        onSuspect,
        onReject,
        onRead: onDocumentsRead,
        signal,
      }),
  )
  sketch.addAll(ofRows)
  const { ids, onlyPositive, complete } = sketch.remainder()
  if (!complete || suspects.size > mostSuspects) return undefined
  return { ids: [...new Set([...ids, ...suspects])], compared: rows + onlyPositive }
}

async function* oneGroup(ids: readonly string[]): AsyncGenerator<readonly string[]> {
  yield ids
}
