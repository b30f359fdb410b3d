import { CaesError } from '../../core/errors.js'
import type { JsonObject } from '../../core/json.js'
import type { StoredDocument } from '../../ports/store.js'
import type { Attempt } from './errors.js'
import { gathered } from './field-path.js'
import type { TimestampField } from './timestamp-field.js'

/** A document in an answer. The client's types do not know that the exact parser gives large integers as bigint. */
export interface Hit {
  readonly _id?: string
  readonly _version?: number | bigint
  readonly _source?: JsonObject
}

export interface FoundDocument {
  readonly id: string
  /** May be unsafe. */
  readonly version: number
  readonly source: JsonObject
}

/** Undefined where the answer lacks a part of the document. */
export const foundDocument = ({ _id: id, _version: version, _source: source }: Hit): FoundDocument | undefined =>
  id === undefined || version === undefined || source === undefined
    ? undefined
    : { id, version: Number(version), source }

/** The document of a hit that was asked for with its content. Errors: CAES_ELASTICSEARCH_INCOMPLETE. */
export const whole = (hit: Hit, { where }: Attempt): FoundDocument => {
  const found = foundDocument(hit)
  if (found === undefined) {
    throw new CaesError('CAES_ELASTICSEARCH_INCOMPLETE', 'Elasticsearch gave a document without its content', { where })
  }
  return found
}

/** @param mirrored the fields that are columns, whose parts may stand beside them in the document */
export const storedDocument = (
  { id, version, source }: FoundDocument,
  timestamp: TimestampField,
  mirrored: ReadonlySet<string>,
): StoredDocument => ({ id, version, source: gathered(source, mirrored), stamp: timestamp.stampOf(source) })
