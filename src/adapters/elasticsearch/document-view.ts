/**
 * A range of documents read page by page from one point in time, so that what is written meanwhile neither moves a
 * document out of sight nor shows it twice.
 *
 * The server may lose the point in time (a node restarts, a shard moves). Then a new one is opened and reading goes on
 * from the last timestamp, inclusive, since `_shard_doc` means nothing in another point in time. From there on the
 * content is that of the newer view. A document that was given before is not given again, also where it has moved to a
 * higher version meanwhile: that write is as late as any that lands after a reading, and the overlap covers it.
 */
import type { Client, estypes } from '@elastic/elasticsearch'
import { CaesError } from '../../core/errors.js'
import type { JsonObject } from '../../core/json.js'
import { settled, valueOf } from '../../core/one-ahead.js'
import type { VersionSum } from '../../core/version-sum.js'
import type { Window } from '../../core/window.js'
import type { Logger } from '../../ports/logger.js'
import type { DocumentView, StoredDocument } from '../../ports/store.js'
import { isAnswerTooLarge, isLostView, requestError, type Attempt } from './errors.js'
import { storedDocument, whole } from './hit.js'
import { IdSet } from './id-set.js'
import type { PageSize } from './page-size.js'
import type { TimestampField } from './timestamp-field.js'
import { whileBusy, type Patience } from './while-busy.js'

export interface ViewSource {
  readonly client: Client
  readonly timestamp: TimestampField
  readonly mirrored: ReadonlySet<string>
  readonly ranges: readonly Window[]
  /** A boolean field: only documents in which it is true. */
  readonly having?: string
  /** The largest page that the index gives. */
  readonly maxPage: number
  readonly pageSize: PageSize
  readonly patience: Patience
  readonly where: string
  readonly logger: Logger
  /** Refreshes, then opens a point in time. */
  readonly openPointInTime: (signal: AbortSignal) => Promise<string>
}

/** How long the server keeps the point in time after a page: the time that a consumer may spend on one. */
export const keepAlive = '5m'

/** How often in a row it may be lost without a page in between. */
const maxLosses = 3

interface Position {
  readonly ranges: readonly Window[]
  /** Sort values of the last document: its timestamp, as the index counts it, and `_shard_doc`. */
  readonly after: estypes.SortResults | undefined
}

interface Page {
  readonly documents: readonly StoredDocument[]
  /** Where the next page starts; undefined after the last one. */
  readonly next: Position | undefined
}

export class PointInTimeView implements DocumentView {
  readonly #source: ViewSource
  #pointInTime: string | undefined
  #closing: Promise<void> | undefined

  constructor(source: ViewSource, pointInTime: string) {
    this.#source = source
    this.#pointInTime = pointInTime
  }

  async *pages(
    signal: AbortSignal,
    ranges: readonly Window[] = this.#source.ranges,
  ): AsyncGenerator<readonly StoredDocument[]> {
    // A query for no ranges at all would find everything.
    if (ranges.length === 0) return
    const given = new IdSet()
    const ahead = new AbortController()
    const either = AbortSignal.any([signal, ahead.signal])
    let coming: Promise<PromiseSettledResult<Page>> | undefined = settled(
      this.#page({ ranges, after: undefined }, either),
    )
    try {
      while (coming !== undefined) {
        const page: Page = valueOf(await coming)
        // The next page is fetched while the consumer works on this one.
        coming = page.next === undefined ? undefined : settled(this.#page(page.next, either))
        const documents = page.documents.filter(({ id }) => !given.has(id))
        for (const { id } of documents) given.add(id)
        if (documents.length > 0) yield documents
        signal.throwIfAborted()
      }
    } finally {
      if (coming !== undefined) {
        ahead.abort()
        await coming
      }
    }
  }

  async count(ranges: readonly Window[], signal: AbortSignal): Promise<readonly number[]> {
    const buckets = await this.#buckets(ranges, undefined, signal)
    return buckets.map(({ doc_count: count }) => count)
  }

  async sums(ranges: readonly Window[], signal: AbortSignal): Promise<readonly VersionSum[]> {
    const { timestamp } = this.#source
    const buckets = await this.#buckets(ranges, { sum: { sum: { field: timestamp.path } } }, signal)
    return buckets.map(({ doc_count: count, sum }, at) => ({
      ...ranges[at]!,
      count,
      sum: timestamp.versionOf(sum?.value ?? 0),
    }))
  }

  async #buckets(ranges: readonly Window[], inner: Inner | undefined, signal: AbortSignal): Promise<readonly Bucket[]> {
    const attempt = { doing: 'counting documents', where: this.#source.where }
    return await this.#surviving(attempt, signal, async () => {
      const { timestamp, having } = this.#source
      const request = countRequest(this.#open(), timestamp, ranges, having, inner)
      const answer = await this.#source.client.search<unknown, CountAnswer>(request, { signal })
      const fault = partialFault(answer)
      if (fault !== undefined) throw incomplete(`counted only some of the documents (${fault})`, attempt)
      return answer.aggregations!.ranges.buckets
    })
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeNow()
    return this.#closing
  }

  async #closeNow(): Promise<void> {
    const id = this.#pointInTime
    this.#pointInTime = undefined
    if (id === undefined) return
    try {
      await this.#source.client.closePointInTime({ id }, { ignore: [404] })
    } catch (error) {
      // The server drops it by itself after `keepAlive`.
      const reason = requestError(error, { doing: 'closing a view', where: this.#source.where })
      this.#source.logger.debug({ err: reason }, 'a point in time was left open')
    }
  }

  #open(): string {
    if (this.#pointInTime === undefined) throw new CaesError('CAES_INTERNAL', 'a closed view was read')
    return this.#pointInTime
  }

  async #page(from: Position, signal: AbortSignal): Promise<Page> {
    const { pageSize, patience, maxPage, where } = this.#source
    const attempt = { doing: 'reading a page of documents', where }
    let position = from
    const fitting = async (): Promise<Page> => {
      for (;;) {
        const size = pageSize.next(maxPage)
        try {
          return await whileBusy(patience, () => this.#search(position, size, attempt, signal), signal)
        } catch (error) {
          signal.throwIfAborted()
          if (size === 1 || !isAnswerTooLarge(error)) throw error
          pageSize.tooLarge(size)
        }
      }
    }
    return await this.#surviving(attempt, signal, fitting, () => {
      if (position.after !== undefined) position = { ...position, after: [position.after[0]!, beforeAnyShardDoc] }
    })
  }

  /** Runs what reads the point in time, and again in a new one where the server has lost it. */
  async #surviving<T>(
    attempt: Attempt,
    signal: AbortSignal,
    read: () => Promise<T>,
    onLost: () => void = () => {},
  ): Promise<T> {
    const { where, logger, openPointInTime } = this.#source
    for (let losses = 1; ; losses += 1) {
      signal.throwIfAborted()
      try {
        return await read()
      } catch (error) {
        signal.throwIfAborted()
        if (!isLostView(error) || losses > maxLosses) throw requestError(error, attempt)
        logger.warn({ where }, 'the point in time was lost; reading goes on in a new one')
        this.#pointInTime = await openPointInTime(signal)
        onLost()
      }
    }
  }

  async #search(position: Position, size: number, attempt: Attempt, signal: AbortSignal): Promise<Page> {
    const { client, timestamp, mirrored, having, pageSize } = this.#source
    const id = this.#open()
    const answer = await client.search<JsonObject>(searchRequest({ id, timestamp, having, size, position }), {
      signal,
      ...pageSize.bytesFor(size),
    })
    const fault = partialFault(answer)
    if (fault !== undefined) throw incomplete(`gave a partial page of documents (${fault})`, attempt)
    // Every answer may carry a new id for the same point in time.
    if (this.#pointInTime === id) this.#pointInTime = answer.pit_id ?? id
    const documents = answer.hits.hits.map((hit) => storedDocument(whole(hit, attempt), timestamp, mirrored))
    pageSize.saw(documents.map(({ source }) => source))
    const after = answer.hits.hits.at(-1)?.sort
    return { documents, next: documents.length < size || after === undefined ? undefined : { ...position, after } }
  }
}

/** `search_after` is exclusive, and `_shard_doc` starts at 0: after this nothing of the same timestamp is left out. */
const beforeAnyShardDoc = -1

interface PageQuery {
  readonly id: string
  readonly timestamp: TimestampField
  readonly having?: string | undefined
  readonly size: number
  readonly position: Position
}

export const searchRequest = ({ id, timestamp, having, size, position }: PageQuery): estypes.SearchRequest => ({
  pit: { id, keep_alive: keepAlive },
  size,
  version: true,
  query: queryOf(timestamp, position.ranges, having),
  sort: [{ [timestamp.path]: 'asc' }, { _shard_doc: 'asc' }],
  ...(position.after === undefined ? {} : { search_after: position.after }),
  track_total_hits: false,
  // The default is true: shards that fail would silently be missing.
  allow_partial_search_results: false,
})

const queryOf = (
  timestamp: TimestampField,
  ranges: readonly Window[],
  having?: string,
): estypes.QueryDslQueryContainer => {
  const each = ranges.map((range) => ({ range: { [timestamp.path]: timestamp.range(range) } }))
  const [first, second] = each
  const inRange = first !== undefined && second === undefined ? first : { bool: { should: each } }
  return having === undefined ? inRange : { bool: { filter: [inRange, { term: { [having]: true } }] } }
}

interface CountAnswer {
  readonly ranges: { readonly buckets: readonly Bucket[] }
}

interface Bucket {
  readonly doc_count: number
  /** Where it was asked for; null where there is no value. */
  readonly sum?: { readonly value: number | null }
}

type Inner = Readonly<Record<string, estypes.AggregationsAggregationContainer>>

export const countRequest = (
  id: string,
  timestamp: TimestampField,
  ranges: readonly Window[],
  having?: string,
  inner?: Inner,
): estypes.SearchRequest => ({
  pit: { id, keep_alive: keepAlive },
  size: 0,
  aggregations: {
    ranges: {
      filters: { filters: ranges.map((range) => queryOf(timestamp, [range], having)) },
      ...(inner === undefined ? {} : { aggregations: inner }),
    },
  },
  track_total_hits: false,
  allow_partial_search_results: false,
})

/** Why the answer cannot be taken for the whole. */
export const partialFault = ({
  timed_out: timedOut,
  terminated_early: endedEarly,
  _shards: { failed },
}: Pick<estypes.SearchResponse, 'timed_out' | 'terminated_early' | '_shards'>): string | undefined => {
  if (timedOut) return 'it timed out'
  if (endedEarly === true) return 'it ended early'
  return failed > 0 ? `${failed} shards failed` : undefined
}

const incomplete = (what: string, { where }: Attempt): CaesError =>
  new CaesError('CAES_ELASTICSEARCH_INCOMPLETE', `Elasticsearch ${what}`, {
    where,
    hint: 'Look at GET /_cluster/health; the window is read again.',
  })
