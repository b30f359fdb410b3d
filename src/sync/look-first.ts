/**
 * What a window finds out before it reads records: the newest entries, whether the sides look alike where it looks back,
 * and whether there are too many records for one job.
 */
import { allOf, lookBack, wholeOverlap, type LookBack } from '../core/look-back.js'
import { begun, settled, valueOf } from '../core/one-ahead.js'
import { unlike, type VersionSum } from '../core/version-sum.js'
import type { Version } from '../core/version.js'
import type { WindowPart } from '../core/window-part.js'
import { merged, type Window } from '../core/window.js'
import type { DocumentView, StoredDocument } from '../ports/store.js'
import type { Look, Looks } from './look.js'

/**
 * @param slices an audit is there for what others have missed, so it reads everything
 * @param inBetween whether to look between the window and its last reading; a part of that is looked at in any case
 */
export const lookBackOf = (
  window: Window,
  part: WindowPart | undefined,
  overlap: number,
  { slices, inBetween }: { readonly slices: boolean; readonly inBetween: boolean },
): LookBack => {
  const whole = slices ? lookBack(window, overlap) : wholeOverlap(window, overlap)
  if (part === undefined) return inBetween ? whole : { ...whole, ifUnlike: [] }
  // Sums are those of all ids.
  const isIfUnlike = part.ids.of === 1 && whole.ifUnlike.some(({ from, to }) => part.from >= from && part.to <= to)
  return isIfUnlike ? { first: [], last: [], ifUnlike: [part] } : { first: [part], last: [], ifUnlike: [] }
}

export const isIn = (ranges: readonly Window[], version: Version): boolean =>
  ranges.some(({ from, to }) => version >= from && version < to)

export interface Looking {
  readonly lookBack: LookBack
  readonly run: { readonly looks: Looks; readonly signal: AbortSignal }
  readonly view: DocumentView
}

export interface Bounds {
  readonly maxRecords: number
  readonly mostLabels: number
}

const unbounded: Bounds = { maxRecords: Infinity, mostLabels: Infinity }

/** Ranges that are read together. */
export interface Stretch {
  readonly ranges: readonly Window[]
  /** Their documents. */
  readonly pages: AsyncIterable<readonly StoredDocument[]>
}

export interface Looked {
  readonly look: Look
  /** In the order of reading. */
  readonly stretches: readonly Stretch[]
  /** Whether they were read or not. */
  end(): Promise<void>
}

/**
 * Undefined where one side holds more records than one job should have. The entries are read while the documents are
 * counted: the view, which is there already, does not change, so it is still Elasticsearch first (rule 2).
 */
export const lookFirst = async (looking: Looking, bounds = unbounded): Promise<Looked | undefined> => {
  let isWanted = true
  const look = settled(looking.run.looks.firstOf((ids) => isWanted && ids <= bounds.mostLabels))
  try {
    return await readBeside(look, looking, bounds.maxRecords)
  } finally {
    isWanted = false
    await look
  }
}

const readBeside = async (
  coming: Promise<PromiseSettledResult<Look | undefined>>,
  { lookBack, run: { signal }, view }: Looking,
  maxRecords: number,
): Promise<Looked | undefined> => {
  const { first, last, ifUnlike } = lookBack
  const isAsked = maxRecords < Infinity || ifUnlike.length > 0
  const sums = isAsked ? await view.sums(allOf(lookBack), signal) : undefined
  if (sums !== undefined && documentsIn([...first, ...last], sums) > maxRecords) return undefined

  /** Where nothing is there is nothing to ask for. */
  const pagesOf = (ranges: readonly Window[]): Stretch['pages'] => {
    const holding = sums === undefined ? ranges : ranges.filter((range) => documentsIn([range], sums) > 0)
    return view.pages(signal, holding)
  }
  // The first ones come while the entries do.
  const pages = begun(pagesOf(first))
  let looked: Looked | undefined
  try {
    const look = valueOf(await coming)
    const others = look === undefined ? undefined : othersToRead(lookBack, sums, look, maxRecords)
    if (look !== undefined && others !== undefined) {
      const stretches = [
        { ranges: first, pages },
        { ranges: others, pages: pagesOf(others) },
      ]
      looked = { look, stretches, end: () => pages.end() }
    }
  } finally {
    if (looked === undefined) await pages.end()
  }
  return looked
}

/** What to read after what is read first, in order; undefined where all that is read would be too much. */
const othersToRead = (
  { first, last }: LookBack,
  sums: readonly VersionSum[] | undefined,
  { labels }: Look,
  maxRecords: number,
): readonly Window[] | undefined => {
  if (sums === undefined) return last
  const between = sums.slice(first.length + last.length)
  const others = merged([...last, ...unlike(between, labels.values())])
  const ranges = [...first, ...others]
  if (documentsIn(ranges, sums) > maxRecords) return undefined
  let entries = 0
  for (const version of labels.values()) if (isIn(ranges, version)) entries += 1
  return entries > maxRecords ? undefined : others
}

const documentsIn = (ranges: readonly Window[], sums: readonly VersionSum[]): number =>
  sums.reduce((total, { from, count }) => total + (isIn(ranges, from) ? count : 0), 0)
