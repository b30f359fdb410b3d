/** Whole documents from and to the mirrored fields. Fields without a column are not looked at. */
import { codecFor, type Codec } from './codec/codec.js'
import { setOwn } from './codec/collections.js'
import { Mismatch } from './codec/value-codec.js'
import type { Column } from './column.js'
import { fieldsInOrder } from './fields.js'
import type { Json, JsonObject } from './json.js'
import { oncePer } from './once-per.js'
import type { CanonicalValue, Fields } from './record.js'

interface CompiledColumn {
  readonly name: string
  readonly codec: Codec
}

/** Made once for each list of columns, so hand in the same list for every document. */
const compileColumns = oncePer((columns: readonly Column[]): readonly CompiledColumn[] =>
  columns.map(({ name, type }) => ({ name, codec: codecFor(type) })),
)

/** What does not fit and where, for a Reject. Names kinds and types, never a value. */
export interface Misfit {
  readonly mismatch: string
}

/** The mirrored fields of a document's source, or the first field that does not fit its column (a TYPE_MISMATCH). */
export const readSource = (source: JsonObject, columns: readonly Column[]): { readonly fields: Fields } | Misfit => {
  const values: (CanonicalValue | undefined)[] = []
  for (const { name, codec } of compileColumns(columns)) {
    try {
      values.push(Object.hasOwn(source, name) ? codec.fromJson(source[name]) : undefined)
    } catch (error) {
      return misfitOf(error, name)
    }
  }
  return { fields: fieldsInOrder(columns, values) }
}

/** The source that holds exactly these fields, in the order of the columns; or the first that JSON cannot carry (NOT_REPRESENTABLE). */
export const toSource = (fields: Fields, columns: readonly Column[]): { readonly source: JsonObject } | Misfit => {
  const source: Record<string, Json> = {}
  for (const { name, codec } of compileColumns(columns)) {
    const value = fields.get(name)
    if (value === undefined) continue
    try {
      setOwn(source, name, codec.toJson(value))
    } catch (error) {
      return misfitOf(error, name)
    }
  }
  return { source }
}

const misfitOf = (error: unknown, field: string): Misfit => {
  if (error instanceof Mismatch) return { mismatch: error.seenFrom(field) }
  throw error
}
