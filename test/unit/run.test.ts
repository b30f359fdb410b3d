import { describe, expect, it } from 'vitest'
import { addResults, noResult, openRunOf, partsOfCut, progressOf, type Run } from '../../src/core/run.js'

describe('the parts of a run', () => {
  it('follow from its cut, those of the ring first', () => {
    const parts = partsOfCut({ rowParts: 2, cuts: [10], expected: 0, begunAt: 1 })
    expect(parts.map(({ side }) => side)).toEqual(['cassandra', 'cassandra', 'elasticsearch', 'elasticsearch'])
    expect(partsOfCut({ rowParts: 2, cuts: [10], expected: 0, begunAt: 1 })).toEqual(parts)
  })

  it('are of one side alone where the other is not copied', () => {
    expect(partsOfCut({ rowParts: 1, expected: 0, begunAt: 1 })).toHaveLength(1)
    expect(partsOfCut({ rowParts: 0, cuts: [], expected: 0, begunAt: 1 })).toEqual([{ side: 'elasticsearch', from: 0 }])
  })

  it('add up to what the run did', () => {
    const one = { read: 1, written: { elasticsearch: 2, cassandra: 3 }, left: 4, rejected: 5 }
    expect(addResults(addResults(noResult, one), one)).toEqual({
      read: 2,
      written: { elasticsearch: 4, cassandra: 6 },
      left: 8,
      rejected: 10,
    })
  })
})

describe('a run that is not finished', () => {
  const run: Run = { pair: 'a', number: 2, plan: { purpose: 'copy', source: 'both' }, startedAt: 5 }
  const one = { read: 1, written: { elasticsearch: 2, cassandra: 3 }, left: 4, rejected: 5 }

  it('is one for each purpose', () => {
    const reconciliation: Run = { ...run, number: 3, plan: { ...run.plan, purpose: 'reconciliation' } }
    const runs = [{ ...run, number: 1, finishedAt: 6 }, run, reconciliation]
    expect(openRunOf(runs, 'copy')).toBe(run)
    expect(openRunOf(runs, 'reconciliation')).toBe(reconciliation)
    expect(openRunOf(runs.slice(0, 2), 'reconciliation')).toBeUndefined()
  })

  it('has come as far as the parts that are done, of as many as it was cut into', () => {
    expect(progressOf(run, new Map())).toMatchObject({ done: 0, of: undefined })
    const cut = { ...run, plan: { ...run.plan, cut: { rowParts: 2, cuts: [10], expected: 9, begunAt: 1 } } }
    expect(progressOf(cut, new Map([[3, one]]))).toEqual({ run: cut, done: 1, of: 4, result: one })
  })
})
