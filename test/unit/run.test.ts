import { describe, expect, it } from 'vitest'
import { addResults, noResult, partsOfPlan } from '../../src/core/run.js'

describe('the parts of a run', () => {
  it('follow from its plan, those of the ring first', () => {
    const parts = partsOfPlan({ source: 'both', rowParts: 2, cuts: [10] })
    expect(parts.map(({ side }) => side)).toEqual(['cassandra', 'cassandra', 'elasticsearch', 'elasticsearch'])
    expect(partsOfPlan({ source: 'both', rowParts: 2, cuts: [10] })).toEqual(parts)
  })

  it('are of one side alone where the other is not copied', () => {
    expect(partsOfPlan({ source: 'cassandra', rowParts: 1 })).toHaveLength(1)
    expect(partsOfPlan({ source: 'elasticsearch', rowParts: 0, cuts: [] })).toEqual([
      { side: 'elasticsearch', from: 0 },
    ])
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
