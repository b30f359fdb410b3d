import { describe, expect, it } from 'vitest'
import type { Attempt, Content, Outcome, Sighting } from '../../chaos/support/history.js'
import { judge, type Stored } from '../../chaos/support/judge.js'

const id = 'x'
const write = (
  side: Attempt['side'],
  version: number,
  a: string,
  outcome: Outcome = 'acknowledged',
  more: Content = {},
): Attempt => ({ id, side, version, content: { a, ...more }, outcome })
const document = (version: number, a: string, more: Content = {}) => ({ version, content: { a, ...more } })
const both = (version: number, a: string, more: Content = {}): Stored => ({
  document: document(version, a, more),
  row: { a, ...more },
  label: version,
})

const complaints = (attempts: readonly Attempt[], stored: Stored, sightings: readonly Sighting[] = []) =>
  judge(attempts, new Map([[id, stored]]), sightings)
const kinds = (...given: Parameters<typeof complaints>) => [...new Set(complaints(...given).map(({ kind }) => kind))]

const seen = (where: Sighting['where'], version: number, era = 0): Sighting => ({ id, where, version, era })

describe('the judge has nothing to say about', () => {
  it.each<[string, readonly Attempt[], Stored]>([
    ['the newest of both sides', [write('elasticsearch', 1, 'p'), write('cassandra', 2, 'q')], both(2, 'q')],
    ['a tie that Elasticsearch won', [write('elasticsearch', 1, 'p'), write('cassandra', 1, 'q')], both(1, 'p')],
    ['either of two rows of one version', [write('cassandra', 1, 'p'), write('cassandra', 1, 'q')], both(1, 'p')],
    [
      'a write without an answer that landed',
      [write('cassandra', 1, 'p'), write('cassandra', 2, 'q', 'unknown')],
      both(2, 'q'),
    ],
    ['one that did not', [write('cassandra', 1, 'p'), write('cassandra', 2, 'q', 'unknown')], both(1, 'p')],
    [
      'one that landed and won a tie',
      [write('cassandra', 1, 'p'), write('elasticsearch', 1, 'q', 'unknown')],
      both(1, 'q'),
    ],
    ['nothing at all where no write is known to have landed', [write('cassandra', 1, 'p', 'unknown')], {}],
    ['a refused write', [write('cassandra', 2, 'p'), write('elasticsearch', 2, 'q', 'refused')], both(2, 'p')],
    [
      'a field that the winner lacks',
      [write('cassandra', 1, 'p', 'acknowledged', { b: 'p' }), write('cassandra', 2, 'q')],
      both(2, 'q'),
    ],
  ])('%s', (_, attempts, stored) => {
    expect(complaints(attempts, stored)).toEqual([])
  })
})

describe('the judge complains of', () => {
  it('an acknowledged write that is gone from both', () => {
    expect(kinds([write('cassandra', 1, 'p'), write('cassandra', 2, 'q')], both(1, 'p'))).toEqual(['lost', 'wrong'])
    expect(kinds([write('cassandra', 1, 'p')], {})).toEqual(['lost'])
  })

  it('one that was not copied', () => {
    const attempts = [write('cassandra', 1, 'p'), write('cassandra', 2, 'q')]
    const stored = { document: document(1, 'p'), row: { a: 'q' }, label: 2 }
    expect(kinds(attempts, stored)).toContain('lost')
    expect(kinds(attempts, stored)).toContain('different')
    expect(kinds([write('elasticsearch', 1, 'p')], { document: document(1, 'p') })).toContain('different')
  })

  it('a write without an answer that reached one store and was not copied', () => {
    const attempts = [write('cassandra', 1, 'p'), write('cassandra', 2, 'q', 'unknown')]
    expect(kinds(attempts, { document: document(1, 'p'), row: { a: 'q' }, label: 2 })).toContain('different')
  })

  it('a row of which nobody wrote the whole', () => {
    const attempts = [
      write('cassandra', 1, 'p', 'acknowledged', { b: 'p' }),
      write('elasticsearch', 2, 'q', 'acknowledged', { b: 'q' }),
    ]
    const stored = { document: document(2, 'q', { b: 'q' }), row: { a: 'q', b: 'p' }, label: 2 }
    expect(kinds(attempts, stored)).toEqual(['different', 'mixed'])
    expect(kinds(attempts, both(2, 'q', { b: 'p' }))).toEqual(['mixed'])
  })

  it('a value that was to be nulled', () => {
    const attempts = [write('cassandra', 1, 'p', 'acknowledged', { b: 'p' }), write('elasticsearch', 2, 'q')]
    expect(kinds(attempts, both(2, 'q', { b: 'p' }))).toEqual(['mixed'])
  })

  it('the loser of a tie', () => {
    const attempts = [write('elasticsearch', 1, 'p'), write('cassandra', 1, 'q')]
    expect(kinds(attempts, both(1, 'q'))).toEqual(['wrong'])
  })

  it('old content under a new version', () => {
    const attempts = [write('cassandra', 1, 'p'), write('cassandra', 2, 'q')]
    expect(kinds(attempts, both(2, 'p'))).toEqual(['wrong'])
  })

  it('what only a refused write can have left', () => {
    expect(kinds([write('cassandra', 1, 'p'), write('elasticsearch', 2, 'q', 'refused')], both(2, 'q'))).toEqual([
      'mixed',
    ])
  })

  it('a version that went back, on either side', () => {
    const attempts = [write('cassandra', 2, 'p')]
    const forward = [seen('document', 1), seen('row', 2), seen('document', 2), seen('row', 2)]
    expect(kinds(attempts, both(2, 'p'), forward)).toEqual([])
    expect(kinds(attempts, both(2, 'p'), [...forward, seen('document', 1)])).toEqual(['went back'])
    expect(kinds(attempts, both(2, 'p'), [...forward, seen('row', 1)])).toEqual(['went back'])
  })

  it('no version that a crash took back before it was acknowledged', () => {
    expect(kinds([write('cassandra', 1, 'p')], both(1, 'p'), [seen('document', 2, 0), seen('document', 1, 1)])).toEqual(
      [],
    )
  })
})
