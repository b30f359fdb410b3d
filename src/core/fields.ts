/**
 * Fields in the order of the columns. A window reads hundreds of thousands of records that all have the same names, so
 * what a record keeps of its own is its values: a third of the memory of a Map.
 */
import type { Column } from './column.js'
import { oncePer } from './once-per.js'
import type { CanonicalValue, Fields } from './record.js'

/** What all records of one list of columns share. */
interface Layout {
  readonly names: readonly string[]
  readonly places: ReadonlyMap<string, number>
}

/** Made once for each list of columns, so hand in the same list for every record. */
const layoutOf = oncePer((columns: readonly Column[]): Layout => {
  const names = columns.map(({ name }) => name)
  return { names, places: new Map(names.map((name, place) => [name, place])) }
})

export type FieldValues = readonly (CanonicalValue | undefined)[]

/** @param values one for each column, undefined where there is none; not to be changed afterwards */
export const fieldsInOrder = (columns: readonly Column[], values: FieldValues): Fields =>
  new FieldsInOrder(layoutOf(columns), values)

class FieldsInOrder implements Fields {
  readonly layout: Layout
  readonly values: FieldValues

  constructor(layout: Layout, values: FieldValues) {
    this.layout = layout
    this.values = values
  }

  get size(): number {
    let size = 0
    for (const value of this.values) if (value !== undefined) size += 1
    return size
  }

  get(name: string): CanonicalValue | undefined {
    const place = this.layout.places.get(name)
    return place === undefined ? undefined : this.values[place]
  }

  has(name: string): boolean {
    return this.get(name) !== undefined
  }

  *keys(): Generator<string> {
    for (const [place, name] of this.layout.names.entries()) if (this.values[place] !== undefined) yield name
  }

  *[Symbol.iterator](): Generator<[string, CanonicalValue]> {
    for (const [place, name] of this.layout.names.entries()) {
      const value = this.values[place]
      if (value !== undefined) yield [name, value]
    }
  }
}

/** The values of both, place by place; undefined where their names may differ. */
export const valuesInPlace = (a: Fields, b: Fields): readonly [FieldValues, FieldValues] | undefined =>
  a instanceof FieldsInOrder && b instanceof FieldsInOrder && a.layout === b.layout ? [a.values, b.values] : undefined
