/** Documents by id, in realtime: also those that no refresh has made searchable yet. */
import type { Client, estypes } from '@elastic/elasticsearch'
import { CaesError } from '../../core/errors.js'
import type { JsonObject } from '../../core/json.js'
import { isAnswerTooLarge, requestError, type Attempt } from './errors.js'
import { foundDocument, type FoundDocument } from './hit.js'
import type { PageSize } from './page-size.js'

/** The most ids in one request. */
const maxIds = 1_000

/** Those of the documents that exist. Throws rather than leave out one that could not be read. */
export const multiGet = async (
  client: Client,
  index: string,
  ids: readonly string[],
  pageSize: PageSize,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<FoundDocument[]> => {
  const found: FoundDocument[] = []
  for (let start = 0; start < ids.length;) {
    signal.throwIfAborted()
    const group = ids.slice(start, start + pageSize.next(maxIds))
    const documents = await getGroup(client, index, group, pageSize, attempt, signal)
    if (documents === 'too large') continue
    found.push(...documents)
    start += group.length
  }
  return found
}

const getGroup = async (
  client: Client,
  index: string,
  ids: readonly string[],
  pageSize: PageSize,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<FoundDocument[] | 'too large'> => {
  try {
    const { docs } = await client.mget<JsonObject>(
      { index, ids: [...ids] },
      { signal, ...pageSize.bytesFor(ids.length) },
    )
    if (!Array.isArray(docs) || docs.length !== ids.length)
      throw incomplete(attempt, `${docs?.length} answers for ${ids.length} ids`)
    const found = docs.flatMap((doc) => existing(doc, attempt))
    pageSize.saw(found.map(({ source }) => source))
    return found
  } catch (error) {
    signal.throwIfAborted()
    if (ids.length > 1 && isAnswerTooLarge(error)) {
      pageSize.tooLarge(ids.length)
      return 'too large'
    }
    throw requestError(error, attempt)
  }
}

const existing = (doc: estypes.MgetResponseItem<JsonObject>, attempt: Attempt): FoundDocument[] => {
  if ('error' in doc) throw incomplete(attempt, doc.error.type)
  if (!doc.found) return []
  const found = foundDocument(doc)
  if (found === undefined) throw incomplete(attempt, 'a document without content')
  return [found]
}

const incomplete = ({ doing, where }: Attempt, what: string): CaesError =>
  new CaesError('CAES_ELASTICSEARCH_INCOMPLETE', `Elasticsearch gave a partial answer while ${doing} (${what})`, {
    where,
    hint: 'Look at GET /_cluster/health; what was asked for is read again.',
  })
