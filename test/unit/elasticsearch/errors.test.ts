import { errors } from '@elastic/elasticsearch'
import { describe, expect, it } from 'vitest'
import { itemVerdict } from '../../../src/adapters/elasticsearch/bulk-item.js'
import { requestError } from '../../../src/adapters/elasticsearch/errors.js'
import { shortReason } from '../../../src/adapters/elasticsearch/wording.js'
import { CaesError } from '../../../src/core/errors.js'

const attempt = { doing: 'testing', where: 'index "people" at http://es:9200' }

const meta = (statusCode: number, body: unknown) => ({
  statusCode,
  body,
  headers: {},
  warnings: null,
  meta: {
    context: null,
    name: 'test',
    request: { params: { method: 'GET', path: '/' }, options: {}, id: 1 },
    connection: null,
    attempts: 0,
    aborted: false,
  },
})
const response = (status: number, type?: string, rootType = type): Error =>
  new errors.ResponseError(
    meta(
      status,
      type === undefined ? '' : { error: { type, reason: 'outer', root_cause: [{ type: rootType, reason: 'why' }] } },
    ),
  )
const codeOf = (error: Error): string => {
  const result = requestError(error, attempt)
  return result instanceof CaesError ? result.code : `not classified: ${error.name}`
}

describe('a request that fails', () => {
  it.each([
    ['nobody listens', new errors.ConnectionError('connect ECONNREFUSED'), 'CAES_ELASTICSEARCH_DOWN'],
    ['there is no answer in time', new errors.TimeoutError('Request timed out'), 'CAES_ELASTICSEARCH_DOWN'],
    ['no node is left', new errors.NoLivingConnectionsError('none', meta(0, '')), 'CAES_ELASTICSEARCH_DOWN'],
    ['the answer is no JSON', new errors.DeserializationError('Unexpected token', ''), 'CAES_ELASTICSEARCH_INCOMPLETE'],
    [
      'the server is another product',
      new errors.ProductNotSupportedError('Elasticsearch', meta(200, '')),
      'CAES_ELASTICSEARCH_REFUSED',
    ],
    ['the password is wrong', response(401, 'security_exception'), 'CAES_ELASTICSEARCH_DENIED'],
    ['a privilege is missing', response(403, 'security_exception'), 'CAES_ELASTICSEARCH_DENIED'],
    ['the index is read-only', response(403, 'cluster_block_exception'), 'CAES_ELASTICSEARCH_BLOCKED'],
    ['the disk is full', response(429, 'cluster_block_exception'), 'CAES_ELASTICSEARCH_BLOCKED'],
    ['there is no master', response(503, 'cluster_block_exception'), 'CAES_ELASTICSEARCH_DOWN'],
    ['the index is gone', response(404, 'index_not_found_exception'), 'CAES_SCHEMA_MISMATCH'],
    ['a queue is full', response(429, 'es_rejected_execution_exception'), 'CAES_ELASTICSEARCH_OVERLOADED'],
    ['memory is short', response(429, 'circuit_breaking_exception'), 'CAES_ELASTICSEARCH_OVERLOADED'],
    [
      'a shard fails',
      response(503, 'search_phase_execution_exception', 'node_disconnected_exception'),
      'CAES_ELASTICSEARCH_INCOMPLETE',
    ],
    [
      'no copy of a shard is there',
      response(503, 'search_phase_execution_exception', 'no_shard_available_action_exception'),
      'CAES_ELASTICSEARCH_INCOMPLETE',
    ],
    [
      'the view is lost',
      response(404, 'search_phase_execution_exception', 'search_context_missing_exception'),
      'CAES_ELASTICSEARCH_INCOMPLETE',
    ],
    [
      'a search meets a full queue',
      response(429, 'search_phase_execution_exception', 'es_rejected_execution_exception'),
      'CAES_ELASTICSEARCH_OVERLOADED',
    ],
    ['a primary is nowhere', response(503, 'unavailable_shards_exception'), 'CAES_ELASTICSEARCH_INCOMPLETE'],
    ['the index is closed', response(400, 'index_closed_exception'), 'CAES_ELASTICSEARCH_BLOCKED'],
    ['a proxy refuses', response(403), 'CAES_ELASTICSEARCH_DENIED'],
    ['a proxy has no server', response(502), 'CAES_ELASTICSEARCH_DOWN'],
    ['a proxy is overloaded', response(429), 'CAES_ELASTICSEARCH_OVERLOADED'],
    ['the request is too large', response(413), 'CAES_ELASTICSEARCH_REFUSED'],
    ['nothing is known of it', response(418, 'teapot_exception'), 'CAES_ELASTICSEARCH_REFUSED'],
  ])('is told apart by class, status and type where %s', (_, error, code) => {
    expect(codeOf(error)).toBe(code)
  })

  it('says what, where and what to try, and carries none of the client’s baggage', () => {
    const error = requestError(response(403, 'security_exception'), attempt)

    expect(error).toMatchObject({
      message: 'Elasticsearch does not permit this while testing (403 security_exception: why)',
      where: 'index "people" at http://es:9200',
      hint: expect.stringContaining('privileges'),
    })
    expect(Object.keys((error as CaesError).cause as Error)).toEqual([])
  })

  it('shows no password from an address', () => {
    const error = requestError(new errors.ConnectionError('cannot reach https://elastic:s3cret@es:9200/x'), attempt)

    expect((error as CaesError).message).toContain('https://es:9200/x')
    expect((error as CaesError).message).not.toContain('s3cret')
  })

  it('leaves alone what is no failure of Elasticsearch', () => {
    const bug = new TypeError('a bug')
    const known = new CaesError('CAES_INTERNAL', 'known')
    expect(requestError(bug, attempt)).toBe(bug)
    expect(requestError(known, attempt)).toBe(known)
  })
})

describe('one record of a bulk answer', () => {
  it.each([
    [200, undefined, 'written'],
    [201, undefined, 'written'],
    [409, 'version_conflict_engine_exception', 'superseded'],
    [400, 'document_parsing_exception', 'rejected'],
    [400, 'mapper_parsing_exception', 'rejected'],
    [400, 'strict_dynamic_mapping_exception', 'rejected'],
    [400, 'illegal_argument_exception', 'rejected'],
    [429, 'es_rejected_execution_exception', 'busy'],
    [503, 'some_future_exception', 'busy'],
    [503, 'unavailable_shards_exception', 'failed'],
    [413, 'es_rejected_execution_exception', 'too large'],
    [403, 'cluster_block_exception', 'failed'],
    [429, 'cluster_block_exception', 'failed'],
    [404, 'index_not_found_exception', 'failed'],
    [403, 'security_exception', 'failed'],
    [400, 'some_future_exception', 'failed'],
    [409, 'some_future_exception', 'failed'],
    [500, 'null_pointer_exception', 'failed'],
  ])('with status %i and type %s is %s', (status, type, kind) => {
    const item = type === undefined ? { status } : { status, error: { type, reason: 'why' } }
    expect(itemVerdict(item, attempt).kind).toBe(kind)
  })

  it('fails with the code of the same failure of a whole request', () => {
    const verdict = itemVerdict({ status: 403, error: { type: 'cluster_block_exception', reason: 'blocked' } }, attempt)
    expect(verdict).toMatchObject({
      error: { code: 'CAES_ELASTICSEARCH_BLOCKED', hint: expect.stringContaining('disk') },
    })
  })
})

describe('the server’s reason', () => {
  it.each([
    [
      "[1:14] failed to parse field [timestamp] of type [date] in document with id 'y'. Preview of field's value: 'top 'secret''",
      "[1:14] failed to parse field [timestamp] of type [date] in document with id 'y'",
    ],
    [
      'immense term in field="a" (too long). Please correct the analyzer. The prefix of the first immense term is: \'[83, 83]...\', original message: bytes',
      'immense term in field="a" (too long). Please correct the analyzer',
    ],
    [
      'failed to parse date field [secret] with format [epoch_second]',
      'failed to parse date field […] with format [epoch_second]',
    ],
  ])('is kept without the values it quotes', (reason, short) => {
    expect(shortReason(reason)).toBe(short)
  })

  it('is cut where it is long', () => {
    expect(shortReason('x'.repeat(5_000))).toHaveLength(301)
  })
})
