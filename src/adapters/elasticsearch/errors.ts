/**
 * How Elasticsearch fails, in one table. Matched by the client's error class, the HTTP status and the server's error
 * type, never by the words of a message. What single records of a bulk request may meet besides is in bulk-item.ts.
 */
import { errors } from '@elastic/elasticsearch'
import { CaesError, type ErrorCode } from '../../core/errors.js'
import { tlsFault, type TlsFault } from '../../runtime/tls-faults.js'
import { socketFault } from './telling-connection.js'
import { shortReason, withoutCredentials } from './wording.js'

/** For messages: what was being done, and where. */
export interface Attempt {
  /** `reading a page`: goes on from "Elasticsearch … while". */
  readonly doing: string
  /** `index "people" at http://host:9200` */
  readonly where: string
}

interface Row {
  /** Name of the client's error class. */
  readonly name?: string
  readonly status?: number
  readonly type?: string
  readonly code: ErrorCode
  readonly what: string
  readonly hint: string
}

/** The first row that fits counts; a row fits when everything it names does. */
const requestTable: readonly Row[] = [
  // Nothing answered: the same for a wrong address, a stopped server and a broken network.
  {
    name: 'ConnectionError',
    code: 'CAES_ELASTICSEARCH_DOWN',
    what: 'cannot be reached',
    hint: 'Check that it runs, and the address, the protocol (http or https) and the certificates in the configuration.',
  },
  {
    name: 'NoLivingConnectionsError',
    code: 'CAES_ELASTICSEARCH_DOWN',
    what: 'has no node that can be used',
    hint: 'Check that it runs, and the addresses in the configuration.',
  },
  // Whether the request was executed is unknown, so nothing may be concluded but that it has to be done again.
  {
    name: 'TimeoutError',
    code: 'CAES_ELASTICSEARCH_DOWN',
    what: 'did not answer in time',
    hint: 'Look at its load, or raise the request timeout in the configuration.',
  },
  // A proxy's page, or an answer cut off in the middle.
  {
    name: 'DeserializationError',
    code: 'CAES_ELASTICSEARCH_INCOMPLETE',
    what: 'gave an answer that is not valid JSON',
    hint: 'Check that the address leads to Elasticsearch itself and not to a proxy’s error page.',
  },
  // Not our own signal: the client stopped reading an answer beyond its limit.
  {
    name: 'RequestAbortedError',
    code: 'CAES_ELASTICSEARCH_INCOMPLETE',
    what: 'gave an answer too large to be read',
    hint: 'Look for documents of unusual size in the index.',
  },
  {
    name: 'ProductNotSupportedError',
    code: 'CAES_ELASTICSEARCH_REFUSED',
    what: 'is another product',
    hint: 'caes-sync works with Elasticsearch 8.19 and later.',
  },
  // The index vanished after it was looked at. Writing on would create it anew with a guessed mapping.
  {
    type: 'index_not_found_exception',
    code: 'CAES_SCHEMA_MISMATCH',
    what: 'has no such index',
    hint: 'Create the index with its mapping, or correct ElasticSearchConfig.',
  },
  {
    type: 'index_closed_exception',
    code: 'CAES_ELASTICSEARCH_BLOCKED',
    what: 'holds the index closed',
    hint: 'Open it: POST /INDEX/_open',
  },
  // 503: the cluster has no master or is still recovering; any other status: a block that somebody or a full disk set.
  {
    type: 'cluster_block_exception',
    status: 503,
    code: 'CAES_ELASTICSEARCH_DOWN',
    what: 'is not ready',
    hint: 'Wait until the cluster has a master and has recovered.',
  },
  {
    type: 'cluster_block_exception',
    code: 'CAES_ELASTICSEARCH_BLOCKED',
    what: 'blocks the index',
    hint: 'The index is read-only or a disk is full: free space, then PUT /INDEX/_settings {"index.blocks.read_only_allow_delete":null,"index.blocks.write":null}',
  },
  {
    status: 401,
    code: 'CAES_ELASTICSEARCH_DENIED',
    what: 'does not accept the credentials',
    hint: 'Check user and password, API key or token in ElasticSearchConfig.driver.',
  },
  {
    type: 'security_exception',
    code: 'CAES_ELASTICSEARCH_DENIED',
    what: 'does not permit this',
    hint: 'The user needs the index privileges read, index, maintenance and view_index_metadata; see docs/security.md.',
  },
  // The view was lost more often than it was worth opening again.
  {
    type: 'search_context_missing_exception',
    code: 'CAES_ELASTICSEARCH_INCOMPLETE',
    what: 'lost the view it was read from',
    hint: 'The window is read again. If this goes on, look for nodes that restart.',
  },
  // Its size is known to the server before it is executed, so a smaller one may pass.
  {
    type: 'circuit_breaking_exception',
    code: 'CAES_ELASTICSEARCH_OVERLOADED',
    what: 'has too little memory for this',
    hint: 'Give the nodes more heap, or lower worker.concurrency.',
  },
  // A client of another major version: the header names a version that the server does not speak.
  {
    type: 'media_type_header_exception',
    code: 'CAES_ELASTICSEARCH_REFUSED',
    what: 'does not speak the protocol of version 8',
    hint: 'caes-sync works with Elasticsearch 8.19 and 9.',
  },
  // A thread pool's queue is full. Inside a search it comes wrapped as a shard that failed.
  {
    type: 'es_rejected_execution_exception',
    code: 'CAES_ELASTICSEARCH_OVERLOADED',
    what: 'is overloaded',
    hint: 'Lower worker.concurrency, or give it more resources.',
  },
  // The primary of a shard is nowhere. Other indices of the cluster may be whole.
  {
    type: 'unavailable_shards_exception',
    code: 'CAES_ELASTICSEARCH_INCOMPLETE',
    what: 'lacks a shard of the index',
    hint: 'Look at GET /_cluster/health and GET /_cluster/allocation/explain; the window is tried again.',
  },
  // With partial results forbidden, one shard that fails fails the search.
  {
    type: 'search_phase_execution_exception',
    code: 'CAES_ELASTICSEARCH_INCOMPLETE',
    what: 'could not read all shards',
    hint: 'Look at GET /_cluster/health and at its log; the window is read again.',
  },
  {
    type: 'no_shard_available_action_exception',
    code: 'CAES_ELASTICSEARCH_INCOMPLETE',
    what: 'could not read all shards',
    hint: 'Look at GET /_cluster/health; the window is read again.',
  },
  {
    status: 403,
    code: 'CAES_ELASTICSEARCH_DENIED',
    what: 'does not permit this',
    hint: 'Check the user’s privileges, and any proxy in between.',
  },
  { status: 408, code: 'CAES_ELASTICSEARCH_DOWN', what: 'did not answer in time', hint: 'Look at its load.' },
  {
    status: 413,
    code: 'CAES_ELASTICSEARCH_REFUSED',
    what: 'refused a request as too large',
    hint: 'Raise http.max_content_length, or the limit of the proxy in between.',
  },
  {
    status: 429,
    code: 'CAES_ELASTICSEARCH_OVERLOADED',
    what: 'is overloaded',
    hint: 'Lower worker.concurrency, or give it more resources.',
  },
  // Answers of a proxy whose server is away, and of a server without the shard that is needed.
  { status: 502, code: 'CAES_ELASTICSEARCH_DOWN', what: 'is unavailable', hint: 'Look at GET /_cluster/health.' },
  { status: 503, code: 'CAES_ELASTICSEARCH_DOWN', what: 'is unavailable', hint: 'Look at GET /_cluster/health.' },
  { status: 504, code: 'CAES_ELASTICSEARCH_DOWN', what: 'is unavailable', hint: 'Look at GET /_cluster/health.' },
  {
    name: 'ResponseError',
    code: 'CAES_ELASTICSEARCH_REFUSED',
    what: 'refused a request',
    hint: 'The server’s reason tells more.',
  },
]

export interface Failure {
  readonly name?: string
  /** What is wrong between certificates. */
  readonly tls?: TlsFault
  readonly status?: number
  /** The types from the root cause outwards: what wraps a failure says less than what caused it. */
  readonly types: readonly string[]
  readonly reason?: string
}

/** The CaesError for what a request threw; anything that is no failure of Elasticsearch comes back as it is. */
export const requestError = (thrown: unknown, attempt: Attempt): unknown => {
  if (thrown instanceof CaesError || !(thrown instanceof errors.ElasticsearchClientError)) return thrown
  return failureError(failureOf(thrown), attempt) ?? thrown
}

const failureOf = (error: errors.ElasticsearchClientError): Failure => {
  if (!(error instanceof errors.ResponseError)) {
    // The client's own sentence: an address, a socket error, a position in a text.
    const { code, text } = socketFault(error.message)
    const tls = tlsFault(code)
    const reason = withoutCredentials(tls === undefined ? text : code!)
    return { name: error.name, types: [], reason, ...(tls === undefined ? {} : { tls }) }
  }
  const { causes, status } = causesOf(error)
  const reason = causes.find((cause) => cause.reason !== undefined)?.reason
  return {
    name: error.name,
    types: causes.flatMap((cause) => cause.type ?? []),
    ...(status === undefined ? {} : { status }),
    ...(reason === undefined ? {} : { reason: shortReason(reason) }),
  }
}

interface Cause {
  readonly type?: string
  readonly reason?: string
}

const causesOf = (error: errors.ResponseError): { causes: readonly Cause[]; status: number | undefined } => {
  const body: unknown = error.body
  const outer = isObject(body) && isObject(body['error']) ? body['error'] : undefined
  if (outer === undefined) return { causes: [], status: error.statusCode }
  const roots: readonly unknown[] = Array.isArray(outer['root_cause']) ? outer['root_cause'] : []
  return { causes: [...roots.filter(isObject), outer].map(causeOf), status: error.statusCode }
}

const causeOf = (cause: Readonly<Record<string, unknown>>): Cause => ({
  ...(typeof cause['type'] === 'string' ? { type: cause['type'] } : {}),
  ...(typeof cause['reason'] === 'string' ? { reason: cause['reason'] } : {}),
})

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** The first row that fits, in words; undefined where none does. */
export const failureError = (failure: Failure, { doing, where }: Attempt): CaesError | undefined => {
  const row = failure.tls === undefined ? rowOf(failure) : { ...failure.tls, code: 'CAES_CERTIFICATE_REFUSED' as const }
  if (row === undefined) return undefined
  const facts = [failure.status, failure.types[0]].filter((fact) => fact !== undefined).join(' ')
  const detail = [facts, failure.reason].filter((part) => part !== undefined && part !== '').join(': ')
  return new CaesError(row.code, `Elasticsearch ${row.what} while ${doing}${detail === '' ? '' : ` (${detail})`}`, {
    hint: row.hint,
    where,
    // The client's error carries request bodies and headers: what is needed of it is in the message.
    cause: new Error(detail === '' ? (failure.name ?? 'no detail') : detail),
  })
}

const rowOf = (failure: Failure): Row | undefined =>
  requestTable.find(
    ({ name, status, type }) =>
      (name === undefined || name === failure.name) &&
      (status === undefined || status === failure.status) &&
      (type === undefined || failure.types.includes(type)),
  )

/** The server no longer knows the point in time that a page was asked of. */
export const isLostView = (thrown: unknown): boolean =>
  thrown instanceof errors.ResponseError &&
  causesOf(thrown).causes.some((cause) => cause.type === 'search_context_missing_exception')

/** The client stopped reading an answer beyond `maxResponseSize`. Our own signal must have been ruled out before. */
export const isAnswerTooLarge = (thrown: unknown): boolean => thrown instanceof errors.RequestAbortedError

/** A request whose body is larger than the server or a proxy takes. */
export const isRequestTooLarge = (thrown: unknown): boolean =>
  thrown instanceof errors.ResponseError && thrown.statusCode === 413

/** A request that may pass a little later: nothing of it was executed. */
export const isBusy = (thrown: unknown): boolean =>
  thrown instanceof errors.ResponseError &&
  (thrown.statusCode === 429 || thrown.statusCode === 503) &&
  !causesOf(thrown).causes.some((cause) => cause.type === 'cluster_block_exception')

/** A request that the server has no room for; nothing of it was executed. A full disk says the same and is none. */
export const isOverloaded = (thrown: unknown): boolean =>
  thrown instanceof errors.ResponseError && thrown.statusCode === 429 && isBusy(thrown)
