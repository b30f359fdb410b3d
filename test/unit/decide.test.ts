import { describe, expect, test } from 'vitest'
import { decide, type Decision, type Observation } from '../../src/core/decide.js'
import type { Rules } from '../../src/core/rules.js'
import { at, document, row, rules, second, seen, v0 } from '../support/observations.js'

const window = { from: v0 - 10, to: v0 + 10 }
const verdict = (what: Partial<Observation>, change: Partial<Rules> = {}, before?: Observation): Decision =>
  decide({ ...rules, ...change }, window, seen(what), before)

describe('which side wins', () => {
  test('nothing read means nothing to do', () => {
    expect(verdict({})).toEqual({ kind: 'unchanged' })
  })

  test('equal version and equal content is silent', () => {
    const state = { a: 1, b: 'x' }
    expect(verdict({ document: document(v0, state), label: v0, row: row(state, at(v0)) })).toEqual({
      kind: 'unchanged',
    })
  })

  test('a newer row goes to Elasticsearch with its label as version', () => {
    const decision = verdict({ document: document(v0 - 1, { a: 1 }), label: v0, row: row({ a: 2 }, at(v0)) })
    expect(decision).toMatchObject({ kind: 'write-document', version: v0 })
    expect(decision.kind === 'write-document' && decision.fields.get('a')).toBe(2)
  })

  test('a newer document goes to Cassandra at its own version', () => {
    const decision = verdict({ document: document(v0, { a: 2 }), label: v0 - 1, row: row({ a: 1 }, at(v0 - 1)) })
    expect(decision).toMatchObject({
      kind: 'write-row',
      version: v0,
      writeTime: at(v0),
      needsEntry: true,
      bumped: false,
      tie: false,
    })
  })

  test('a document without any row is written with an entry', () => {
    expect(verdict({ document: document(v0, { a: 2 }) })).toMatchObject({
      kind: 'write-row',
      writeTime: at(v0),
      needsEntry: true,
      bumped: false,
      tie: false,
    })
  })

  test('the same content at a newer version still moves the version of the row', () => {
    const state = { a: 1 }
    expect(verdict({ document: document(v0, state), label: v0 - 3, row: row(state, at(v0 - 3)) })).toMatchObject({
      kind: 'write-row',
      version: v0,
      needsEntry: true,
    })
  })

  test('a tie goes to Elasticsearch as a whole record, above every cell of the row', () => {
    const decision = verdict({
      document: document(v0, { a: 1, b: 1 }),
      label: v0,
      row: row({ a: 2, c: 3 }, at(v0, 0.4)),
    })
    expect(decision).toMatchObject({
      kind: 'write-row',
      tie: true,
      needsEntry: false,
      writeTime: at(v0, 0.4) + 1,
      bumped: true,
    })
    expect(decision.kind === 'write-row' && decision.clear).toEqual(new Set(['c']))
  })

  test('old content under an entry of this version is no tie, but a batch that is not whole yet', () => {
    const torn = { document: document(v0, { a: 1 }), label: v0, row: row({ a: 2 }, at(v0 - 1)) }
    expect(verdict(torn)).toMatchObject({ kind: 'write-row', tie: false, needsEntry: false, writeTime: at(v0) })
  })

  test('an entry at or after the end of the window leaves the id to a later window', () => {
    expect(verdict({ document: document(v0, { a: 1 }), label: window.to, row: row({ a: 2 }, at(v0)) })).toEqual({
      kind: 'later',
    })
    expect(verdict({ document: document(window.to, { a: 1 }), label: v0, row: row({ a: 2 }, at(v0)) })).toEqual({
      kind: 'later',
    })
  })

  test('one-way pairs ignore what the other side has', () => {
    const newerDocument = { document: document(v0, { a: 2 }) }
    const newerRow = { label: v0, row: row({ a: 2 }, at(v0)) }
    expect(verdict(newerDocument, { direction: 'to-elasticsearch' })).toEqual({ kind: 'ignored' })
    expect(verdict(newerRow, { direction: 'to-cassandra' })).toEqual({ kind: 'ignored' })
    expect(verdict(newerDocument, { direction: 'to-cassandra' }).kind).toBe('write-row')
    expect(verdict(newerRow, { direction: 'to-elasticsearch' }).kind).toBe('write-document')
  })
})

describe('torn and late batches, towards Elasticsearch', () => {
  test('an entry whose content is older than it is held while the batch may still be landing', () => {
    const torn = { label: v0, row: row({ a: 1 }, at(v0 - 30)) }
    expect(verdict({ ...torn, labelReadAt: at(v0, 9.999) })).toMatchObject({ kind: 'held' })
    expect(verdict({ ...torn, labelReadAt: at(v0, 10) })).toMatchObject({ kind: 'write-document', version: v0 })
  })

  test('a row without a readable write time is held the same way', () => {
    const unreadable = { label: v0, row: row({}) }
    expect(verdict({ ...unreadable, labelReadAt: at(v0, 9) })).toMatchObject({ kind: 'held' })
    expect(verdict({ ...unreadable, labelReadAt: at(v0, 11) })).toMatchObject({ kind: 'write-document' })
  })

  test('content newer than its label is harmless', () => {
    expect(verdict({ label: v0, row: row({ a: 1 }, at(v0, 30)) })).toMatchObject({
      kind: 'write-document',
      version: v0,
    })
  })

  test('an entry without a row is held, and orphaned once the overlap is over; it never deletes', () => {
    expect(verdict({ label: v0, labelReadAt: at(v0, 19.9) })).toMatchObject({ kind: 'held' })
    expect(verdict({ label: v0, labelReadAt: at(v0, 20) })).toEqual({ kind: 'orphaned' })
    expect(verdict({ document: document(v0 - 1, { a: 1 }), label: v0, labelReadAt: at(v0, 60) })).toEqual({
      kind: 'orphaned',
    })
  })

  test('an entry that we wrote before our row did not land is completed', () => {
    expect(verdict({ document: document(v0, { a: 1 }), label: v0, labelReadAt: at(v0, 60) })).toMatchObject({
      kind: 'write-row',
      needsEntry: false,
      tie: false,
      writeTime: at(v0),
    })
  })
})

describe('write times towards Cassandra, versions that are times', () => {
  const newer = { document: document(v0, { a: 2 }), label: v0 - 1 }

  test('a row written within the unit of the version is bumped by one microsecond', () => {
    expect(verdict({ ...newer, row: row({ a: 1 }, at(v0)) })).toMatchObject({ writeTime: at(v0) + 1, bumped: true })
    const last = at(v0 + 1) - 1
    expect(verdict({ ...newer, row: row({ a: 1 }, last) })).toMatchObject({ writeTime: last + 1, bumped: true })
  })

  test('a row written later than the version, with an older label, waits for its entry', () => {
    const late = { ...newer, row: row({ a: 1 }, at(v0, 1)) }
    expect(verdict({ ...late, labelReadAt: at(v0, 10.9) })).toMatchObject({ kind: 'held' })
    expect(verdict({ ...late, labelReadAt: at(v0, 11) })).toMatchObject({ kind: 'write-row', writeTime: at(v0, 1) + 1 })
  })

  test('when no later window covers the version, two equal looks settle apart decide instead', () => {
    const late = { ...newer, row: row({ a: 1 }, at(v0, 18)) }
    const first = seen({ ...late, labelReadAt: at(v0, 20) })
    expect(verdict({ ...late, labelReadAt: at(v0, 20) })).toEqual({ kind: 'again', wait: rules.settle })
    expect(verdict({ ...late, labelReadAt: at(v0, 22) }, {}, first)).toMatchObject({
      kind: 'write-row',
      writeTime: at(v0, 18) + 1,
    })
    expect(verdict({ ...late, labelReadAt: at(v0, 21.9) }, {}, first).kind).toBe('again')
    const moved = { ...late, row: row({ a: 1 }, at(v0, 19)) }
    expect(verdict({ ...moved, labelReadAt: at(v0, 22) }, {}, first).kind).toBe('again')
    const changed = { ...late, row: row({ a: 9 }, at(v0, 18)) }
    expect(verdict({ ...changed, labelReadAt: at(v0, 22) }, {}, first).kind).toBe('again')
    const labelled = { ...late, label: v0 - 2 }
    expect(verdict({ ...labelled, labelReadAt: at(v0, 22) }, {}, first).kind).toBe('again')
  })

  test('a row that was written later and has no entry at all is left alone', () => {
    const late = { document: document(v0, { a: 2 }), row: row({ a: 1 }, at(v0, 1)), labelReadAt: at(v0, 60) }
    expect(verdict(late)).toEqual({ kind: 'unlabelled' })
  })

  test('a row that was written before and has no entry is older than the window', () => {
    expect(verdict({ document: document(v0, { a: 2 }), row: row({ a: 1 }, at(v0, -90)) })).toMatchObject({
      kind: 'write-row',
      writeTime: at(v0),
      bumped: false,
    })
  })

  test('after its entry expired, an equal row written in the unit of the version is still in sync', () => {
    const state = { a: 1 }
    expect(verdict({ document: document(v0, state), row: row(state, at(v0)) })).toEqual({ kind: 'unchanged' })
    expect(verdict({ document: document(v0, state), row: row(state, at(v0) - 1) }).kind).toBe('write-row')
  })
})

describe('write times towards Cassandra, logical versions', () => {
  const logical = { from: 0, to: 100 }
  const now = at(v0, 60)
  const judge = (what: Partial<Observation>, before?: Observation) =>
    decide(rules, logical, seen({ labelReadAt: now, ...what }), before)
  /** What was seen, settle ago. */
  const earlier = (what: Partial<Observation>, ago = rules.settle) => seen({ ...what, labelReadAt: now - ago })

  test('wins over a row with wall-clock cells, each version at a time of its own', () => {
    const there = now - 10 * second
    const decision = judge({ document: document(11, { a: 2 }), label: 10, row: row({ a: 1 }, there) })
    expect(decision).toMatchObject({ kind: 'write-row', version: 11, writeTime: there + 1 + 11, bumped: true })
    const huge = decide(
      rules,
      { from: 0, to: 1e8 },
      seen({ labelReadAt: now, document: document(5e7, {}), label: 10, row: row({ a: 1 }, there) }),
    )
    expect(huge).toMatchObject({ writeTime: there + 1 + 100_000 })
  })

  test('believes a row that was written longer than the hold ago, and else only two equal looks settle apart', () => {
    const recent = { document: document(11, { a: 2 }), label: 10, row: row({ a: 1 }, now - 9.9 * second) }
    expect(judge(recent)).toEqual({ kind: 'again', wait: rules.settle })
    expect(judge(recent, earlier(recent)).kind).toBe('write-row')
    expect(judge(recent, earlier(recent, rules.settle - 1)).kind).toBe('again')
    expect(judge(recent, earlier({ ...recent, row: row({ a: 9 }, now - 9.9 * second) })).kind).toBe('again')
    expect(judge({ ...recent, row: row({ a: 1 }, now - 10 * second) }).kind).toBe('write-row')
  })

  test('a row from a clock ahead of ours is waited for no longer than settle at a time', () => {
    const ahead = { document: document(11, { a: 2 }), label: 10, row: row({ a: 1 }, now + 50 * second) }
    expect(judge(ahead)).toEqual({ kind: 'again', wait: rules.settle })
  })

  test('nulls are always written, since what they cover may be hidden', () => {
    const decision = judge({ document: document(11, { a: 2 }), label: 10, row: row({ a: 1 }, now - 10 * second) })
    expect(decision).toMatchObject({ clear: 'all' })
  })

  test('an entry without a row cannot tell its age and is orphaned when it is seen twice', () => {
    expect(judge({ label: 10 })).toEqual({ kind: 'again', wait: rules.settle })
    expect(judge({ label: 10 }, earlier({ label: 10 }))).toEqual({ kind: 'orphaned' })
  })

  test('a newer row goes to Elasticsearch once its label was seen twice, settle apart', () => {
    const newer = { document: document(10, { a: 1 }), label: 11, row: row({ a: 2 }, now) }
    expect(judge(newer)).toEqual({ kind: 'again', wait: rules.settle })
    expect(judge(newer, earlier(newer, rules.settle - 1)).kind).toBe('again')
    expect(judge(newer, earlier({ ...newer, label: 10 })).kind).toBe('again')
    expect(judge(newer, earlier(newer))).toMatchObject({ kind: 'write-document', version: 11 })
  })
})

describe('nulls', () => {
  test('a column that is missing from the document is nulled only where the row has a value', () => {
    const what = { document: document(v0, { a: 1 }), label: v0 - 1, row: row({ a: 1, b: 2 }, at(v0 - 1)) }
    expect(verdict(what)).toMatchObject({ clear: new Set(['b']) })
    expect(verdict(what, { nulls: 'always' })).toMatchObject({ clear: 'all' })
  })

  test('nulls that a client wrote at this very version are outbid although their time cannot be read', () => {
    const hidden = { document: document(v0, { a: 1, b: 2 }), label: v0, row: row({ a: 1 }, at(v0, 0.2)) }
    expect(verdict({ ...hidden, labelReadAt: at(v0, 14) })).toMatchObject({ writeTime: at(v0, 4), bumped: true })
    expect(verdict({ ...hidden, labelReadAt: at(v0, 500) })).toMatchObject({ writeTime: at(v0, 20), bumped: true })
  })

  test('a row of nothing but nulls is outbid the same way, and never over what may still be landing', () => {
    const hidden = { document: document(v0, { a: 1 }), label: v0, row: row({}), labelReadAt: at(v0, 14) }
    expect(verdict(hidden)).toMatchObject({ writeTime: at(v0, 4), bumped: true })
  })

  test('a difference in values needs no such thing', () => {
    const plain = { document: document(v0, { a: 1, b: 2 }), label: v0, row: row({ a: 9 }, at(v0, 0.2)) }
    expect(verdict({ ...plain, labelReadAt: at(v0, 14) })).toMatchObject({ writeTime: at(v0, 0.2) + 1 })
  })

  test('hidden nulls under a logical version are outbid up to what must have landed by now', () => {
    const now = at(v0, 60)
    const hidden = { document: document(10, { a: 1, b: 2 }), label: 10, row: row({ a: 1 }, at(v0, 3)) }
    expect(decide(rules, { from: 0, to: 100 }, seen({ ...hidden, labelReadAt: now }))).toMatchObject({
      writeTime: at(v0, 50),
    })
  })
})
