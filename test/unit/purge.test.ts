import { describe, expect, test } from 'vitest'
import { decidePurge, purgeBefore, type PurgeCandidate } from '../../src/core/purge.js'
import type { CanonicalValue, Document, Row } from '../../src/core/record.js'
import type { Rules } from '../../src/core/rules.js'
import { at, rules, second, v0 } from '../support/observations.js'

const purgeRules = { field: 'deleted', after: 7_200 * second }
const before = v0 + 100
const gone = { deleted: true }

const document = (version: number, values: Record<string, CanonicalValue>): Document => ({
  version,
  fields: new Map(Object.entries(values)),
})
const row = (values: Record<string, CanonicalValue>, writeTime?: number): Row => ({
  fields: new Map(Object.entries(values)),
  writeTime,
})
const verdict = (seen: Omit<PurgeCandidate, 'id'>, change: Partial<Rules> = {}) =>
  decidePurge({ ...rules, ...change }, purgeRules, before, { id: 'x', ...seen })

describe('a record that both sides hold as deleted', () => {
  const both = { document: document(v0, gone), row: row(gone, at(v0, 0.4)) }

  test('is removed at its version, and at the newest write time of its row', () => {
    expect(verdict(both)).toEqual({ id: 'x', version: v0, writeTime: at(v0, 0.4) })
  })

  test('is removed at its own time where its cells are older: a window may be writing the row at that time', () => {
    const copied = { ...both, row: row(gone, at(v0) - 3) }
    expect(verdict(copied)).toMatchObject({ writeTime: at(v0) })
  })

  test('is removed at the bumped time of its cells', () => {
    const bumped = { ...both, row: row(gone, at(v0, 20)) }
    expect(verdict(bumped)).toMatchObject({ writeTime: at(v0, 20) })
  })

  test('stays while it is young, and while its row is', () => {
    expect(verdict({ document: document(before, gone), row: row(gone, at(before)) })).toBeUndefined()
    expect(verdict({ document: document(before - 1, gone), row: row(gone, at(before)) })).toBeUndefined()
    expect(verdict({ document: document(before - 1, gone), row: row(gone, at(before) - 1) })).toBeDefined()
  })

  test('stays where the sides differ', () => {
    expect(verdict({ ...both, row: row({ deleted: false }, at(v0)) })).toBeUndefined()
    expect(verdict({ ...both, row: row({ ...gone, note: 'by whom' }, at(v0)) })).toBeUndefined()
    expect(verdict({ ...both, row: row({}) })).toBeUndefined()
  })

  test('stays where versions are counted: nothing tells their age', () => {
    expect(verdict({ document: document(7, gone), row: row(gone, at(v0)) })).toBeUndefined()
  })
})

test.each([
  ['is not deleted', { deleted: false }],
  ['does not say whether it is deleted', {}],
  ['says so in a way that is no boolean', { deleted: 'true' }],
])('a record that %s stays', (_, values) => {
  expect(verdict({ document: document(v0, values), row: row(values, at(v0)) })).toBeUndefined()
})

test('a young document stays, also where no row tells that it is young', () => {
  expect(verdict({ document: document(before, gone), row: undefined })).toBeUndefined()
  expect(verdict({ document: document(before, gone), row: row(gone, at(v0)) })).toBeUndefined()
})

test('a deleted document without a row is what an interrupted purge left, and goes too', () => {
  expect(verdict({ document: document(v0, gone), row: undefined })).toEqual({
    id: 'x',
    version: v0,
    writeTime: at(v0),
  })
})

describe('where cells carry versions', () => {
  const change = { labels: 'write-times' } as const

  test('cells of a newer version keep the record', () => {
    expect(verdict({ document: document(v0, gone), row: row(gone, at(v0 + 1)) }, change)).toBeUndefined()
    for (const version of [v0, v0 - 1]) {
      expect(verdict({ document: document(v0, gone), row: row(gone, at(version)) }, change)).toBeDefined()
    }
  })

  test('the removal covers what a window writes, a microsecond above the version', () => {
    expect(verdict({ document: document(v0, gone), row: row(gone, at(v0)) }, change)).toMatchObject({
      writeTime: at(v0) + 1,
    })
    expect(verdict({ document: document(v0, gone), row: undefined }, change)).toMatchObject({ writeTime: at(v0) + 1 })
  })
})

test('versions are old enough that lie so far behind now', () => {
  expect(purgeBefore(rules, purgeRules, at(v0 + 7_200, 0.5))).toBe(v0)
  expect(purgeBefore(rules, purgeRules, 5 * second)).toBe(0)
})
