import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Column } from '../../src/core/column.js'
import { recordDigest } from '../../src/core/record-digest.js'
import { sameFields, type CanonicalValue, type Fields } from '../../src/core/record.js'

const columns: readonly Column[] = ['a', 'b', 'c'].map((name) => ({ name, type: { kind: 'text' } }))
const digest = (fields: Fields, version?: number): string => recordDigest(version, fields, columns).join()
const of = (values: Readonly<Record<string, CanonicalValue>>): Fields => new Map(Object.entries(values))

const value = fc.letrec<{ value: CanonicalValue }>((tie) => ({
  value: fc.oneof(
    fc.constantFrom<CanonicalValue>('', 'a', 'ab', '0', 0, -0, 1, 1n, 0n, -1, true, false, null, Number.NaN),
    fc.string(),
    fc.double(),
    fc.bigInt(),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
})).value
const fields = fc.dictionary(fc.constantFrom('a', 'b', 'c'), value).map(of)

describe('the digest of a record', () => {
  it('is the same for what counts as equal, and only for that', () => {
    fc.assert(
      fc.property(fields, fields, (one, another) => {
        expect(digest(one) === digest(another)).toBe(sameFields(one, another))
      }),
      { numRuns: 5_000 },
    )
  })

  it('does not depend on the order in which fields were read', () => {
    expect(digest(of({ a: 1, b: 'x' }))).toBe(digest(of({ b: 'x', a: 1 })))
  })

  it.each([
    ['null and empty', of({ a: '' }), of({})],
    ['a value in one column and in the next', of({ a: 'x' }), of({ b: 'x' })],
    ['a number and its digits', of({ a: 1 }), of({ a: '1' })],
    ['an exact integer and a double', of({ a: 1n }), of({ a: 1 })],
    ['two texts and their joining cut elsewhere', of({ a: 'xy', b: 'z' }), of({ a: 'x', b: 'yz' })],
    ['a text and the same with a zero behind it', of({ a: 'x' }), of({ a: 'x\u0000' })],
    ['a list and what stands in it', of({ a: ['x'] }), of({ a: 'x' })],
    ['an empty list and a null in one', of({ a: [] }), of({ a: [null] })],
    ['neighbours of 2^53', of({ a: 2n ** 53n }), of({ a: 2n ** 53n + 1n })],
  ])('tells %s apart', (_, one, another) => {
    expect(digest(one)).not.toBe(digest(another))
  })

  it('takes 0 and -0 for the same number, as both stores’ clients do', () => {
    expect(digest(of({ a: 0 }))).toBe(digest(of({ a: -0 })))
  })

  it('tells versions apart where they are compared', () => {
    expect(digest(of({ a: 1 }), 5)).not.toBe(digest(of({ a: 1 }), 6))
    expect(digest(of({ a: 1 }), 5)).not.toBe(digest(of({ a: 1 })))
  })

  it('does not collide among many records that differ little', () => {
    const digests = new Set(Array.from({ length: 200_000 }, (_, at) => digest(of({ a: `user ${at}`, b: at % 7 }))))
    expect(digests.size).toBe(200_000)
    const halves = new Set(Array.from({ length: 2_000 }, (_, at) => recordDigest(undefined, of({ a: at }), columns)[0]))
    expect(halves.size).toBe(2_000)
  })
})
