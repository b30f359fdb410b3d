import * as fc from 'fast-check'
import { parse, stringify } from 'lossless-json'
import { describe, expect, it } from 'vitest'
import { fromJson, isNothing, toJson } from '../../../src/core/codec/codec.js'
import { readSource, toSource } from '../../../src/core/mapping.js'
import type { ColumnType, ScalarKind } from '../../../src/core/column.js'
import type { Json } from '../../../src/core/json.js'
import type { CanonicalValue } from '../../../src/core/record.js'
import { columnTypes, scalarValues, valueOf } from '../../support/arbitraries.js'

const throughText = (value: Json): Json => parse(stringify(value)!) as Json

/** What a value becomes: itself, or nothing where the column cannot tell it from null. */
const kept = (type: ColumnType, value: CanonicalValue): CanonicalValue | undefined =>
  isNothing(type, value) ? undefined : value

describe('every value', () => {
  it.each(Object.keys(scalarValues) as ScalarKind[])('of type %s comes back from JSON as it was', (kind) => {
    fc.assert(
      fc.property(scalarValues[kind], (value) => {
        const json = toJson(value, { kind })
        expect(fromJson(json, { kind })).toEqual(value)
        expect(fromJson(throughText(json), { kind })).toEqual(value)
      }),
      { numRuns: 500 },
    )
  })

  it.each(Object.keys(scalarValues) as ScalarKind[])('of type %s can be the key of a map', (kind) => {
    const type: ColumnType = { kind: 'map', key: { kind }, value: { kind: 'int' }, frozen: true }
    fc.assert(
      fc.property(valueOf(type), (value) => {
        expect(fromJson(toJson(value, type), type)).toEqual(value)
      }),
    )
  })

  it('of any nested type comes back from JSON as it was', () => {
    fc.assert(
      fc.property(
        columnTypes.chain((type) => fc.tuple(fc.constant(type), valueOf(type))),
        ([type, value]) => {
          expect(fromJson(toJson(value, type), type)).toEqual(kept(type, value))
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('of a whole record comes back from a document, with the fields that have no column left out', () => {
    const records = fc.uniqueArray(fc.tuple(fc.string(), columnTypes), { selector: ([name]) => name, maxLength: 6 })
    fc.assert(
      fc.property(
        records.chain((columns) =>
          fc.tuple(fc.constant(columns), fc.tuple(...columns.map(([, type]) => fc.option(valueOf(type))))),
        ),
        ([named, values]) => {
          const columns = named.map(([name, type]) => ({ name, type }))
          const fields = new Map<string, CanonicalValue>()
          for (const [index, { name, type }] of columns.entries()) {
            const value = values[index]!
            if (value !== null && !isNothing(type, value)) fields.set(name, value)
          }
          const written = toSource(fields, columns)
          if ('mismatch' in written) throw new Error(written.mismatch)
          const read = readSource({ ...written.source, 'no such column': 1 }, columns)
          if ('mismatch' in read) throw new Error(read.mismatch)
          expect(new Map(read.fields)).toEqual(fields)
        },
      ),
    )
  })
})
