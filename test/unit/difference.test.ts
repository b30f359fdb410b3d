import { describe, expect, it } from 'vitest'
import { differenceOf, isSameDifference } from '../../src/core/difference.js'
import { document, row, seen, v0 } from '../support/observations.js'

describe('the difference of a record', () => {
  const { id } = seen({})

  it('is none where both sides hold the same, also where no version of the row can be told', () => {
    const both = { document: document(v0, { a: 1 }), row: row({ a: 1 }) }
    expect(differenceOf(seen(both), v0)).toBeUndefined()
    expect(differenceOf(seen(both), undefined)).toBeUndefined()
    expect(differenceOf(seen({}), v0)).toBeUndefined()
  })

  it('is a missing one where a side has none', () => {
    expect(differenceOf(seen({ document: document(v0, { a: 1 }) }), undefined)).toEqual({
      id,
      kind: 'missing',
      elasticsearch: { version: v0 },
      cassandra: undefined,
      fields: [{ name: 'a', elasticsearch: 1, cassandra: undefined }],
    })
    expect(differenceOf(seen({ row: row({ a: 1 }) }), v0)).toMatchObject({
      kind: 'missing',
      elasticsearch: undefined,
      cassandra: { version: v0 },
    })
  })

  it('is a stale one where a version is older, also under equal content', () => {
    const older = { document: document(v0 - 5, { a: 1, b: 2 }), row: row({ a: 1, b: 3 }) }
    expect(differenceOf(seen(older), v0)).toEqual({
      id,
      kind: 'stale',
      elasticsearch: { version: v0 - 5 },
      cassandra: { version: v0 },
      fields: [{ name: 'b', elasticsearch: 2, cassandra: 3 }],
    })
    const alike = { document: document(v0 - 5, { a: 1 }), row: row({ a: 1 }) }
    expect(differenceOf(seen(alike), v0)).toMatchObject({ kind: 'stale', fields: [] })
  })

  it('is one of content otherwise', () => {
    const other = { document: document(v0, { a: 1 }), row: row({ a: '1', b: 2 }) }
    for (const label of [v0, undefined]) {
      expect(differenceOf(seen(other), label)).toMatchObject({
        kind: 'content',
        fields: [{ name: 'a' }, { name: 'b', elasticsearch: undefined, cassandra: 2 }],
      })
    }
  })

  it('is the same one as long as nothing in it moves', () => {
    const at = (version: number, a: number | bigint) =>
      differenceOf(
        seen({ document: document(version, { a: 1 }), row: { fields: new Map([['a', a]]), writeTime: 1 } }),
        v0,
      )!
    expect(isSameDifference(at(v0, 2), at(v0, 2))).toBe(true)
    expect(isSameDifference(at(v0, 2), at(v0, 3))).toBe(false)
    expect(isSameDifference(at(v0, 2), at(v0 - 1, 2))).toBe(false)
    expect(isSameDifference(at(v0, 2n), at(v0, 2))).toBe(false)
  })
})
