import type { JsonObject } from '../../core/json.js'

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
