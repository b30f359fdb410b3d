/** What a comparison reports of one record, and when two reports say the same. */
import type { Observation } from './decide.js'
import { differingFields, sameFields, type CanonicalValue } from './record.js'
import type { Version } from './version.js'

/**
 * `missing`: one side has no such record. `stale`: both tell a version, and one is older. `content`: the same version, or
 * none that can be told, and different fields.
 */
export type DifferenceKind = 'missing' | 'stale' | 'content'

export interface Difference {
  readonly id: string
  readonly kind: DifferenceKind
  /** Undefined where there is no document. */
  readonly elasticsearch: { readonly version: Version } | undefined
  /** Undefined where there is no row; its version where something tells it. */
  readonly cassandra: { readonly version: Version | undefined } | undefined
  /** In the order in which they are met; a side without a value has none. */
  readonly fields: readonly FieldDifference[]
}

export interface FieldDifference {
  readonly name: string
  readonly elasticsearch: CanonicalValue | undefined
  readonly cassandra: CanonicalValue | undefined
}

/** @param label the version of the row, where it can be told; undefined result where both sides hold the same */
export const differenceOf = (seen: Observation, label: Version | undefined): Difference | undefined => {
  const { id, document, row } = seen
  if (document === undefined && row === undefined) return undefined
  const isStale = label !== undefined && document !== undefined && label !== document.version
  if (document !== undefined && row !== undefined && !isStale && sameFields(document.fields, row.fields)) {
    return undefined
  }
  const ofDocument = document?.fields ?? new Map<string, CanonicalValue>()
  const ofRow = row?.fields ?? new Map<string, CanonicalValue>()
  return {
    id,
    kind: document === undefined || row === undefined ? 'missing' : isStale ? 'stale' : 'content',
    elasticsearch: document && { version: document.version },
    cassandra: row && { version: label },
    fields: differingFields(ofDocument, ofRow).map((name) => ({
      name,
      elasticsearch: ofDocument.get(name),
      cassandra: ofRow.get(name),
    })),
  }
}

/** A difference that is seen twice, unchanged, is no write under way. */
export const isSameDifference = (a: Difference, b: Difference): boolean => fingerprint(a) === fingerprint(b)

const fingerprint = ({ kind, elasticsearch, cassandra, fields }: Difference): string =>
  JSON.stringify([kind, elasticsearch?.version, cassandra?.version, fields], (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  )
