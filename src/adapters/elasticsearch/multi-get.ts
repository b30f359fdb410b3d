/** Documents by id, in realtime: also those that no refresh has made searchable yet. */
import type { Client, estypes } from '@elastic/elasticsearch'
import { CaesError } from '../../core/errors.js'
import type { JsonObject } from '../../core/json.js'
import { isAnswerTooLarge, requestError, type Attempt } from './errors.js'
import { foundDocument, type FoundDocument } from './hit.js'
import type { PageSize } from './page-size.js'
import { whileBusy, type Patience } from './while-busy.js'

/** The most ids in one request. */
const maxIds = 1_000

export interface GetSource {
  readonly client: Client
  readonly index: string
  readonly pageSize: PageSize
  readonly patience: Patience
}

/** Those of the documents that exist. Throws rather than leave out one that could not be read. */
export const multiGet = async (
  source: GetSource,
  ids: readonly string[],
  attempt: Attempt,
  signal: AbortSignal,
): Promise<FoundDocument[]> => {
  const found: FoundDocument[] = []
  for (let start = 0; start < ids.length;) {
    signal.throwIfAborted()
    const group = ids.slice(start, start + source.pageSize.next(maxIds))
    const documents = await getGroup(source, group, attempt, signal)
    if (documents === 'too large') continue
    found.push(...documents)
    start += group.length
  }
  return found
}

const getGroup = async (
  source: GetSource,
  ids: readonly string[],
  attempt: Attempt,
  signal: AbortSignal,
): Promise<FoundDocument[] | 'too large'> => {
  const { client, index, pageSize, patience } = source
  const send = () => client.mget<JsonObject>({ index, ids: [...ids] }, { signal, ...pageSize.bytesFor(ids.length) })
  try {
    const { docs } = await whileBusy(patience, send, signal)
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
