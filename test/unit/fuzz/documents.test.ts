import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { quoted } from '../../../src/adapters/cassandra/names.js'
import { parseExactJson, stringifyExactJson } from '../../../src/adapters/elasticsearch/exact-json.js'
import { describeFailure } from '../../../src/cli/failure.js'
import { CaesError } from '../../../src/core/errors.js'
import type { Json, JsonObject } from '../../../src/core/json.js'
import { readSource } from '../../../src/core/mapping.js'
import { printable } from '../../../src/core/printable.js'
import { columnTypes } from '../../support/arbitraries.js'

const names = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'a.b',
    '.',
    '..',
    '',
    'quo"te',
    "apo'",
    '$where',
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
)

/** JSON as text, so that names and numbers are in it that an object literal could not have. */
const json: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('null', 'true', '0', '-0', '1e400', '9223372036854775808', '1.000000000000000000001', '1e-999'),
    fc.string({ unit: 'binary', maxLength: 10 }).map((text) => JSON.stringify(text)),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
    fc
      .uniqueArray(fc.tuple(names, tie('value')), { maxLength: 4, selector: ([name]) => name })
      .map((fields) => `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`),
  ),
})).value

describe('a document of any content', () => {
  test('is read into a column of any type, or named as what does not fit, and pollutes nothing', () => {
    fc.assert(
      fc.property(json, columnTypes, (text, type) => {
        const read = readSource({ f: parseExactJson(text) as Json }, [{ name: 'f', type }])
        const mismatch = 'mismatch' in read ? read.mismatch : 'field "f" fits'
        expect(mismatch).toMatch(/^field "f"/)
        expect(mismatch.length).toBeLessThan(1_000)
        expect(Object.keys(Object.prototype)).toEqual([])
        expect(({} as JsonObject)['polluted']).toBeUndefined()
      }),
      { numRuns: 1_000 },
    )
  })

  test('keeps its digits and its names on the way through', () => {
    fc.assert(
      fc.property(json, (text) => {
        expect(stringifyExactJson(parseExactJson(stringifyExactJson(parseExactJson(text))))).toBe(
          stringifyExactJson(parseExactJson(text)),
        )
      }),
      { numRuns: 1_000 },
    )
  })

  test.each([10, 500, 1_000])('that is %d levels deep is read and written', (depth) => {
    const text = `${'{"a":['.repeat(depth / 2)}1.000000000000000000001${']}'.repeat(depth / 2)}`
    expect(stringifyExactJson(parseExactJson(text))).toBe(text)
  })
})

test('no name leaves its quotes in CQL', () => {
  fc.assert(
    fc.property(names, (name) => {
      const text = quoted(name)
      expect(text.slice(1, -1).replaceAll('""', '')).not.toContain('"')
      expect(text.slice(1, -1).replaceAll('""', '"')).toBe(name)
    }),
  )
})

describe('foreign text', () => {
  const control = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

  test('is shown without anything that a terminal obeys', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(control)
      }),
    )
  })

  test('in a failure is shown the same way, for people and for programs', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (message, where) => {
        const error = new CaesError('CAES_ELASTICSEARCH_REFUSED', message, { where, hint: 'h' })
        const lines = describeFailure(error, false).text.split('\n')
        for (const line of lines) expect(line).not.toMatch(control)
        expect(describeFailure(error, true).text).not.toMatch(control)
        const read = JSON.parse(describeFailure(error, true).text) as { readonly error: { readonly message: string } }
        expect(read.error.message).toBe(message)
      }),
    )
  })
})
