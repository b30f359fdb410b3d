/** A JSON value as it stands in an Elasticsearch document. */

/** A number whose digits a double would change; kept as text. Structurally the LosslessNumber of lossless-json. */
export interface ExactNumber {
  readonly isLosslessNumber: true
  /** The digits as they stand in the document. */
  readonly value: string
}

export type Json =
  | string
  | number
  | bigint
  | boolean
  | null
  | ExactNumber
  | readonly Json[]
  | { readonly [name: string]: Json }
export type JsonObject = { readonly [name: string]: Json }
