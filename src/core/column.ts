/** The shape of a Cassandra column, as far as values are concerned. Follows the table's schema, never a guess. */

export type ScalarKind =
  | 'text'
  | 'ascii'
  | 'int'
  | 'smallint'
  | 'tinyint'
  | 'bigint'
  | 'varint'
  | 'float'
  | 'double'
  | 'decimal'
  | 'boolean'
  | 'uuid'
  | 'timeuuid'
  | 'timestamp'
  | 'date'
  | 'time'
  | 'duration'
  | 'inet'
  | 'blob'

export type ColumnType =
  | { readonly kind: ScalarKind }
  | { readonly kind: 'list' | 'set'; readonly of: ColumnType; readonly frozen: boolean }
  | { readonly kind: 'map'; readonly key: ColumnType; readonly value: ColumnType; readonly frozen: boolean }
  | { readonly kind: 'tuple'; readonly of: readonly ColumnType[] }
  | { readonly kind: 'vector'; readonly of: ColumnType; readonly dimension: number }
  | {
      readonly kind: 'udt'
      readonly name: string
      readonly fields: readonly { readonly name: string; readonly type: ColumnType }[]
      readonly frozen: boolean
    }

/** A column that the sync keeps equal to the document field of the same name. */
export interface Column {
  readonly name: string
  readonly type: ColumnType
}

/** The type as CQL writes it, for messages. */
export const describeType = (type: ColumnType): string => {
  switch (type.kind) {
    case 'list':
    case 'set':
      return frozen(type, `${type.kind}<${describeType(type.of)}>`)
    case 'map':
      return frozen(type, `map<${describeType(type.key)}, ${describeType(type.value)}>`)
    case 'tuple':
      return `tuple<${type.of.map(describeType).join(', ')}>`
    case 'vector':
      return `vector<${describeType(type.of)}, ${type.dimension}>`
    case 'udt':
      return frozen(type, type.name)
    default:
      return type.kind
  }
}

const frozen = (type: { readonly frozen: boolean }, text: string): string => (type.frozen ? `frozen<${text}>` : text)

/** Cassandra stores an empty collection that is not frozen as no cell at all: empty is the same as null there. */
export const emptyIsNull = (type: ColumnType): boolean =>
  (type.kind === 'list' || type.kind === 'set' || type.kind === 'map') && !type.frozen
