/** What the answer says about one record of a bulk request. Each record is classified once, by status and error type. */
import { CaesError } from '../../core/errors.js'
import { failureError, type Attempt } from './errors.js'
import { shortReason } from './wording.js'

/** One item of a bulk answer, as far as it was asked for. */
export interface BulkItem {
  readonly status: number
  readonly error?: { readonly type?: string; readonly reason?: string | null }
}

export type ItemVerdict =
  | { readonly kind: 'written' | 'superseded' | 'busy' | 'too large' }
  | { readonly kind: 'rejected'; readonly detail: string }
  | { readonly kind: 'failed'; readonly error: CaesError }

/**
 * Error types of status 400 that speak about the document: it does not fit the mapping, or the index's limits. They
 * would come again for ever, so the record is set aside. A 400 of any other type is about the request.
 */
const documentFaults: ReadonlySet<string> = new Set([
  // 8.x and 9.x: a value does not parse as its field's type.
  'document_parsing_exception',
  // The same in older servers, and a field that changes its type.
  'mapper_parsing_exception',
  // A field that a strict mapping does not know.
  'strict_dynamic_mapping_exception',
  // More fields than the index allows, a term too long, a field that is both value and object.
  'illegal_argument_exception',
  // Nested deeper, or with longer names or numbers, than the parser bears.
  'x_content_parse_exception',
  'parsing_exception',
  'stream_constraints_exception',
  'max_bytes_length_exceeded_exception',
])

/** Come with the status of a busy server, too, but last for longer than a request may wait. */
const longer: ReadonlySet<string | undefined> = new Set([
  // A full disk.
  'cluster_block_exception',
  // A primary that is nowhere. The server has waited for it already.
  'unavailable_shards_exception',
])

export const itemVerdict = ({ status, error }: BulkItem, attempt: Attempt): ItemVerdict => {
  if (status === 200 || status === 201) return { kind: 'written' }
  // A delete of what is not there, which is no error. A missing index would be one.
  if (status === 404 && error === undefined) return { kind: 'written' }
  // The one conflict that an external-versioned write can meet: the document is as new or newer.
  if (status === 409 && error?.type === 'version_conflict_engine_exception') return { kind: 'superseded' }
  if (status === 413) return { kind: 'too large' }
  if ((status === 429 || status === 503) && !longer.has(error?.type)) return { kind: 'busy' }
  if (status === 400 && error?.type !== undefined && documentFaults.has(error.type)) {
    return { kind: 'rejected', detail: `${error.type}: ${shortReason(error.reason ?? 'no reason given')}` }
  }
  const failure = {
    name: 'ResponseError',
    status,
    types: error?.type === undefined ? [] : [error.type],
    ...(typeof error?.reason !== 'string' ? {} : { reason: shortReason(error.reason) }),
  }
  const fault = failureError(failure, attempt)
  return { kind: 'failed', error: fault ?? new CaesError('CAES_INTERNAL', `no row for bulk status ${status}`) }
}
