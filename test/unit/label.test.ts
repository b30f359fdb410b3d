import { describe, expect, test } from 'vitest'
import { decide, type Decision, type Observation } from '../../src/core/decide.js'
import { overlapUnits, type Rules } from '../../src/core/rules.js'
import { at, document, row, rules, second, seen, v0 } from '../support/observations.js'

const window = { from: v0 - 10, to: v0 + 10 }
const later = at(v0, 3600)

describe('where clients write USING TIMESTAMP', () => {
  const verdict = (what: Partial<Observation>, change: Partial<Rules> = {}, before?: Observation): Decision =>
    decide({ ...rules, labels: 'write-times', ...change }, window, seen(what), before)

  test('the cells of a row tell its version, with or without an entry', () => {
    const newer = { document: document(v0 - 3, { a: 1 }), row: row({ a: 2 }, at(v0)) }
    expect(verdict(newer)).toMatchObject({ kind: 'write-document', version: v0 })
    expect(verdict({ ...newer, label: v0 })).toMatchObject({ kind: 'write-document', version: v0 })
    expect(verdict({ ...newer, label: v0 - 3 })).toMatchObject({ kind: 'write-document', version: v0 })
  })

  test('a row whose cells carry its version is whole, so nothing is waited for', () => {
    const fresh = { label: v0, row: row({ a: 2 }, at(v0)), labelReadAt: at(v0) + 1 }
    expect(verdict(fresh)).toMatchObject({ kind: 'write-document', version: v0 })
    const logical = { label: 7, row: row({ a: 2 }, at(7)), labelReadAt: at(v0) }
    expect(verdict(logical)).toMatchObject({ kind: 'write-document', version: 7 })
  })

  test('an entry whose cells are older is held while its batch may still be landing, and then believed', () => {
    const torn = { document: document(v0 - 3, { a: 1 }), label: v0, row: row({ a: 2 }, at(v0 - 5)) }
    expect(verdict({ ...torn, labelReadAt: at(v0, 9) })).toMatchObject({ kind: 'held' })
    expect(verdict({ ...torn, labelReadAt: at(v0, 10) })).toMatchObject({ kind: 'write-document', version: v0 })
  })

  test('every write to Cassandra is one microsecond above its version, and never over a newer row', () => {
    const write = { kind: 'write-row', writeTime: at(v0) + 1, bumped: false }
    expect(verdict({ document: document(v0, { a: 1 }) })).toMatchObject(write)
    expect(verdict({ document: document(v0, { a: 1 }), row: row({ a: 2 }, at(v0 - 9)) })).toMatchObject(write)
    expect(verdict({ document: document(v0, { a: 1 }), row: row({ a: 2 }, at(v0 + 1)) })).not.toMatchObject(write)
  })

  test('a tie goes to Elasticsearch above every cell that a client wrote', () => {
    const tied = { document: document(v0, { a: 1 }), label: v0, row: row({ a: 2, b: 2 }, at(v0)) }
    expect(verdict(tied)).toMatchObject({ kind: 'write-row', tie: true, writeTime: at(v0) + 1, needsEntry: false })
  })

  test('after the tie the row is in sync: our microsecond is no other version', () => {
    const settled = { document: document(v0, { a: 1 }), label: v0, row: row({ a: 1 }, at(v0) + 1) }
    expect(verdict(settled)).toEqual({ kind: 'unchanged' })
    expect(verdict({ ...settled, label: undefined })).toEqual({ kind: 'unchanged' })
  })

  test('a missing entry is written again together with the row', () => {
    const bare = { document: document(v0, { a: 1 }), row: row({ a: 2 }, at(v0)) }
    expect(verdict(bare)).toMatchObject({ kind: 'write-row', needsEntry: true })
  })

  test('a row of a later window waits for it, told by its cells alone', () => {
    expect(verdict({ document: document(v0, { a: 1 }), row: row({ a: 2 }, at(v0 + 10)) })).toEqual({ kind: 'later' })
  })
})

describe('where everything is compared and entries may have expired', () => {
  const everything = { from: 0, to: v0 + 7200 }
  const verdict = (what: Partial<Observation>): Decision =>
    decide({ ...rules, labels: 'entries-or-cells' }, everything, seen({ labelReadAt: later, ...what }))
  const overlap = overlapUnits(rules)

  test('an entry counts as ever', () => {
    const labelled = { document: document(v0, { a: 1 }), label: v0 + 1, row: row({ a: 2 }, at(v0 + 1)) }
    expect(verdict(labelled)).toMatchObject({ kind: 'write-document', version: v0 + 1 })
  })

  test('without one, equal content is in sync', () => {
    expect(verdict({ document: document(v0, { a: 1 }), row: row({ a: 1 }, at(v0 + 500)) })).toEqual({
      kind: 'unchanged',
    })
    expect(verdict({ document: document(7, { a: 1 }), row: row({ a: 1 }, at(v0)) })).toEqual({ kind: 'unchanged' })
  })

  test('with an older one, equal content is in sync: the entry of our own write expires before those of clients', () => {
    const both = { document: document(v0, { a: 1 }), row: row({ a: 1 }, at(v0)) }
    expect(verdict({ ...both, label: v0 - 5 })).toEqual({ kind: 'unchanged' })
    expect(verdict({ ...both, label: v0 + 5 })).toMatchObject({ kind: 'write-document', version: v0 + 5 })
    const other = { document: document(v0, { a: 1 }), row: row({ a: 2 }, at(v0 - 5)) }
    expect(verdict({ ...other, label: v0 - 5 })).toMatchObject({ kind: 'write-row', version: v0 })
  })

  test('a row without a document takes its version from its newest cell', () => {
    expect(verdict({ row: row({ a: 1 }, at(v0, 0.7)) })).toMatchObject({ kind: 'write-document', version: v0 })
  })

  test('cells that are older than the document lose', () => {
    expect(verdict({ document: document(v0, { a: 1 }), row: row({ a: 2 }, at(v0 - 1)) })).toMatchObject({
      kind: 'write-row',
      version: v0,
    })
  })

  test('cells that are younger than the document by more than the overlap win', () => {
    const beyond = { document: document(v0, { a: 1 }), row: row({ a: 2 }, at(v0 + 1 + overlap)) }
    expect(verdict(beyond)).toMatchObject({ kind: 'write-document', version: v0 + 1 + overlap })
  })

  test('between the two nothing is guessed', () => {
    for (const age of [1, overlap]) {
      expect(verdict({ document: document(v0, { a: 1 }), row: row({ a: 2 }, at(v0 + age)) })).toEqual({
        kind: 'unlabelled',
      })
    }
  })

  test('what was written within the overlap is left to the windows', () => {
    const young = { row: row({ a: 1 }, later - rules.overlap + 1) }
    expect(verdict(young)).toEqual({ kind: 'later' })
    expect(verdict({ row: row({ a: 1 }, later - rules.overlap - second) })).toMatchObject({ kind: 'write-document' })
  })

  test('cells say nothing about versions that are counted, nor do unreadable ones', () => {
    expect(verdict({ document: document(7, { a: 1 }), row: row({ a: 2 }, at(v0)) })).toEqual({ kind: 'unlabelled' })
    expect(verdict({ row: row({ a: 1 }, at(7)) })).toEqual({ kind: 'unlabelled' })
    expect(verdict({ row: row({}) })).toEqual({ kind: 'unlabelled' })
  })
})
