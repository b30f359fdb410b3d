import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fieldsInOrder } from '../../src/core/fields.js'
import { differingFields, sameFields, type CanonicalValue, type Fields } from '../../src/core/record.js'

const columnsOf = (names: readonly string[]) => names.map((name) => ({ name, type: { kind: 'text' } }) as const)

/** What a value may be, also alike in ways that count and in ways that do not. */
const values = fc.option(fc.constantFrom<CanonicalValue[]>('', 'a', 0, -0, 1, 1n, false, Number.NaN, [], ['a'], [0]), {
  nil: undefined,
})
const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'constructor', '__proto__', ''), { minLength: 1 })
const records = names.chain((chosen) => {
  const record = fc.tuple(...chosen.map(() => values))
  return fc.record({ columns: fc.constant(columnsOf(chosen)), first: record, second: record })
})

const mapOf = (columns: ReturnType<typeof columnsOf>, of: readonly (CanonicalValue | undefined)[]): Fields =>
  new Map(columns.flatMap(({ name }, place) => (of[place] === undefined ? [] : [[name, of[place]] as const])))

describe('fields in the order of the columns', () => {
  test('are what a Map of them would be', () => {
    fc.assert(
      fc.property(records, ({ columns, first }) => {
        const map = mapOf(columns, first)
        const fields = fieldsInOrder(columns, first)
        expect([...fields]).toEqual([...map])
        expect([...fields.keys()]).toEqual([...map.keys()])
        expect(fields.size).toBe(map.size)
        for (const name of ['a', 'b', 'constructor', '__proto__', '', 'none']) {
          expect([fields.get(name), fields.has(name)]).toEqual([map.get(name), map.has(name)])
        }
      }),
    )
  })

  test('are compared as Maps are, with each other and with Maps', () => {
    fc.assert(
      fc.property(records, ({ columns, first, second }) => {
        const [a, b] = [fieldsInOrder(columns, first), fieldsInOrder(columns, second)]
        const [mapA, mapB] = [mapOf(columns, first), mapOf(columns, second)]
        const expected = differingFields(mapA, mapB)
        expect(differingFields(a, b)).toEqual(expected)
        for (const same of [sameFields(mapA, mapB), sameFields(a, b), sameFields(a, mapB), sameFields(mapA, b)]) {
          expect(same).toBe(expected.length === 0)
        }
      }),
    )
  })

  test('of other columns are not taken for the same because their values are', () => {
    const [a, b] = [fieldsInOrder(columnsOf(['a', 'b']), ['x', 'y']), fieldsInOrder(columnsOf(['b', 'a']), ['x', 'y'])]
    expect(sameFields(a, b)).toBe(false)
    expect(sameFields(a, fieldsInOrder(columnsOf(['b', 'a']), ['y', 'x']))).toBe(true)
  })
})
