/**
 * Reading all documents, by the number that their shard gave their latest write. Such a range holds the same documents
 * whenever it is read, as long as they are not written again; ranges of versions would not do, since any number of
 * documents may have one version, and the slices of a point in time mean nothing in another one.
 */
import type { Client, estypes } from '@elastic/elasticsearch'
import { CaesError } from '../../core/errors.js'
import type { JsonObject } from '../../core/json.js'
import { oneAhead } from '../../core/one-ahead.js'
import { cutSequence, type DocumentPart } from '../../core/run-part.js'
import type { Logger } from '../../ports/logger.js'
import { asked } from './asked.js'
import { keepAlive, partialFault } from './document-view.js'
import { isAnswerTooLarge, isLostView, requestError, type Attempt } from './errors.js'
import type { Hit } from './hit.js'
import type { PageSize } from './page-size.js'

export interface ScanSource {
  readonly client: Client
  readonly index: string
  readonly where: string
  readonly logger: Logger
  /** The largest page that the index gives. */
  readonly maxPage: number
  readonly pageSize: PageSize
  readonly openPointInTime: (signal: AbortSignal) => Promise<string>
  /** Makes searchable what was acknowledged. */
  readonly refresh: (signal: AbortSignal) => Promise<void>
}

/** How often in a row a point in time may be lost without a page in between. */
const maxLosses = 3
/** No index has a use for more, and the server answers so many at once. */
const mostParts = 4_096

/**
 * Pages of the part's documents, each once. Where the point in time is lost, the part is read again from its start in a
 * new one, and what was given before is left out.
 * @param whole false for ids alone
 */
export async function* scanPart(
  source: ScanSource,
  part: DocumentPart,
  whole: boolean,
  signal: AbortSignal,
): AsyncGenerator<readonly Hit[]> {
  const given = new Set<string>()
  for (let losses = 0; ;) {
    // What was written before the parts were cut can be searched since then; the last one has no end.
    if (part.to === undefined) await source.refresh(signal)
    const view = { id: await source.openPointInTime(signal) }
    try {
      for await (const page of oneAhead(pagesOf(source, view, part, whole, signal))) {
        losses = 0
        const fresh = page.filter(({ _id: id = '' }) => !given.has(id))
        for (const { _id: id = '' } of fresh) given.add(id)
        if (fresh.length > 0) yield fresh
        signal.throwIfAborted()
      }
      return
    } catch (error) {
      if (!isLostView(error)) throw error
      losses += 1
      if (losses > maxLosses) throw requestError(error, scanning(source))
      source.logger.warn({ where: source.where }, 'the point in time was lost; its part is read again in a new one')
    } finally {
      await closed(source, view)
    }
  }
}

/** The point in time, under the id that the latest answer gave it. */
interface View {
  id: string
}

async function* pagesOf(
  source: ScanSource,
  view: View,
  part: DocumentPart,
  whole: boolean,
  signal: AbortSignal,
): AsyncGenerator<readonly Hit[]> {
  const { client, maxPage, pageSize } = source
  const attempt = scanning(source)
  let after: estypes.SortResults | undefined
  for (;;) {
    signal.throwIfAborted()
    const size = pageSize.next(maxPage)
    const request = scanRequest({ id: view.id, part, size, whole, after })
    let answer: estypes.SearchResponse<JsonObject>
    try {
      answer = await client.search<JsonObject>(request, { signal, ...pageSize.bytesFor(size) })
    } catch (error) {
      signal.throwIfAborted()
      if (isLostView(error)) throw error
      if (size === 1 || !isAnswerTooLarge(error)) throw requestError(error, attempt)
      pageSize.tooLarge(size)
      continue
    }
    const fault = partialFault(answer)
    if (fault !== undefined) throw incomplete(fault, attempt)
    view.id = answer.pit_id ?? view.id
    const { hits } = answer.hits
    pageSize.saw(hits.map((hit) => (whole ? (hit._source ?? {}) : (hit._id ?? ''))))
    if (hits.length > 0) yield hits
    after = hits.at(-1)?.sort
    if (hits.length < size || after === undefined) return
  }
}

interface ScanQuery {
  readonly id: string
  readonly part: DocumentPart
  readonly size: number
  readonly whole: boolean
  readonly after: estypes.SortResults | undefined
}

export const scanRequest = ({ id, part, size, whole, after }: ScanQuery): estypes.SearchRequest => ({
  pit: { id, keep_alive: keepAlive },
  size,
  ...(whole ? { version: true } : { _source: false }),
  query: { range: { _seq_no: { gte: part.from, ...(part.to === undefined ? {} : { lt: part.to }) } } },
  // The order in which the shards hold them: nothing has to be sorted.
  sort: [{ _shard_doc: 'asc' }],
  ...(after === undefined ? {} : { search_after: after }),
  track_total_hits: false,
  // The default is true: shards that fail would silently be missing.
  allow_partial_search_results: false,
})

/** Where to cut, so that parts hold about `size` documents; they need not be exact, as the parts tile whatever they are. */
export const partsOf = async (
  { client, index, where }: Pick<ScanSource, 'client' | 'index' | 'where'>,
  size: number,
  signal: AbortSignal,
): Promise<readonly DocumentPart[]> => {
  const count = await countDocuments({ client, index, where }, signal)
  const parts = Math.min(mostParts, Math.ceil(count / size))
  if (parts < 2) return cutSequence([])
  const percents = Array.from({ length: parts - 1 }, (_, at) => (100 * (at + 1)) / parts)
  const answer = await asked({ doing: 'cutting the index into parts', where }, signal, () =>
    client.search<unknown, { readonly cuts: { readonly values: readonly { readonly value: number | null }[] } }>(
      {
        index,
        size: 0,
        track_total_hits: false,
        allow_partial_search_results: false,
        aggregations: { cuts: { percentiles: { field: '_seq_no', percents, keyed: false } } },
      },
      { signal },
    ),
  )
  const { values = [] } = answer.aggregations?.cuts ?? {}
  return cutSequence(values.map(({ value }) => value ?? 0))
}

export const countDocuments = async (
  { client, index, where }: Pick<ScanSource, 'client' | 'index' | 'where'>,
  signal: AbortSignal,
): Promise<number> => {
  const { count } = await asked({ doing: 'counting documents', where }, signal, () =>
    client.count({ index }, { signal }),
  )
  return count
}

export const sampleIds = async (
  { client, index, where }: Pick<ScanSource, 'client' | 'index' | 'where'>,
  count: number,
  signal: AbortSignal,
): Promise<string[]> => {
  const attempt = { doing: 'choosing documents at random', where }
  const answer = await asked(attempt, signal, () =>
    client.search(
      {
        index,
        size: count,
        _source: false,
        query: { function_score: { query: { match_all: {} }, functions: [{ random_score: {} }] } },
        track_total_hits: false,
        allow_partial_search_results: false,
      },
      { signal },
    ),
  )
  const fault = partialFault(answer)
  if (fault !== undefined) throw incomplete(fault, attempt)
  return answer.hits.hits.map(({ _id: id = '' }) => id)
}

const scanning = ({ where }: ScanSource): Attempt => ({ doing: 'scanning documents', where })

const closed = async ({ client, logger, where }: ScanSource, { id }: View): Promise<void> => {
  try {
    await client.closePointInTime({ id }, { ignore: [404] })
  } catch (error) {
    // The server drops it by itself after `keepAlive`.
    logger.debug(
      { err: requestError(error, { doing: 'closing a view', where }) },
      'a point in time of a scan was left open',
    )
  }
}

const incomplete = (fault: string, { where }: Attempt): CaesError =>
  new CaesError('CAES_ELASTICSEARCH_INCOMPLETE', `Elasticsearch gave a partial page of documents (${fault})`, {
    where,
    hint: 'Look at GET /_cluster/health; the part is read again.',
  })
