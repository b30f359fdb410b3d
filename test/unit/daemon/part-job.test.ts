import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  partJobData,
  partJobId,
  partJobName,
  partJobOf,
  readPartJob,
  stepOfId,
} from '../../../src/adapters/bullmq/part-job.js'
import { CaesError } from '../../../src/core/errors.js'
import { noResult, type Run } from '../../../src/core/run.js'

const cut = { rowParts: 3, cuts: [10], expected: 100, begunAt: 1 }
const run: Run = { pair: 'default', number: 3, plan: { purpose: 'copy', source: 'cassandra', cut }, startedAt: 1 }

describe('the job of a part', () => {
  it('has an id that suits BullMQ and says again what it is, for any name of a pair', () => {
    expect(partJobId(run, 17)).toBe('default.3.17')
    expect(partJobId(run, 'cut')).toBe('default.3.cut')
    const steps = fc.oneof(fc.nat(), fc.constant('cut' as const))
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(), steps, (pair, number, step) => {
        const id = partJobId({ pair, number }, step)
        expect(id).not.toContain(':')
        expect(id).not.toMatch(/^\d+$/)
        expect(stepOfId(id)).toEqual({ pair, run: number, step })
      }),
    )
    for (const id of ['17', 'repeat:tick:5', 'a.b', 'a.1', '.1.2', 'a%.1.2', 'a.01.2'])
      expect(stepOfId(id)).toBeUndefined()
  })

  it('is named by pair, run and part, and by what it did', () => {
    expect(partJobName(partJobData(run, 1), 'n')).toBe('default · copy from Cassandra 3 · part 2 of 5')
    const result = { ...noResult, read: 25_000, written: { elasticsearch: 7, cassandra: 0 }, rejected: 1 }
    expect(partJobName(partJobData(run, 1), 'n', result)).toBe(
      'default · copy from Cassandra 3 · part 2 of 5 · 25,000 read, 7 → Elasticsearch, 0 → Cassandra, 1 rejected',
    )
    const plan = { purpose: 'reconciliation', source: 'both' } as const
    expect(partJobName(partJobData({ ...run, plan }, 'cut'), 'n', null)).toBe(
      'default · reconciliation 3 · cut into parts',
    )
    expect(partJobName({}, 'by hand')).toBe('by hand')
  })

  it('must say of which run it is', () => {
    const data = partJobData(run, 0)
    expect(readPartJob(data)).toEqual(data)
    for (const broken of [null, {}, { ...data, run: -1 }, { ...data, step: 'all' }, { ...data, of: 0.5 }]) {
      expect(partJobOf(broken)).toBeUndefined()
      expect(() => readPartJob(broken)).toThrow(CaesError)
    }
  })
})
