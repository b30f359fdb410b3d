import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  pairOfRejectJob,
  readRejectJob,
  rejectJobData,
  rejectJobId,
  rejectJobName,
} from '../../../src/adapters/bullmq/reject-job.js'
import { CaesError } from '../../../src/core/errors.js'
import type { Reject } from '../../../src/core/reject.js'

const reject: Reject = { id: 'movie 1', side: 'elasticsearch', reason: 'ID_NOT_UUID', detail: '_id of 7', version: 12 }
const anyText = fc.string({ unit: 'binary', maxLength: 512 })

describe('the id of a reject', () => {
  it('suits BullMQ and names the pair, whatever pair and record are called', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), anyText, (pair, id) => {
        const jobId = rejectJobId(pair, { ...reject, id })
        expect(jobId).not.toContain(':')
        expect(jobId).not.toMatch(/^\d+$/)
        expect(pairOfRejectJob(jobId)).toBe(pair)
        expect(rejectJobId(pair, { ...reject, id })).toBe(jobId)
      }),
    )
  })

  it('differs for another pair, side, record, reason or version, and not for other particulars', () => {
    const others: Reject[] = [
      { ...reject, side: 'cassandra' },
      { ...reject, id: 'movie 2' },
      { ...reject, reason: 'MAPPING' },
      { ...reject, version: 13 },
      { ...reject, version: Number.NaN },
    ]
    const ids = [rejectJobId('a', reject), rejectJobId('b', reject), ...others.map((each) => rejectJobId('a', each))]
    expect(new Set(ids).size).toBe(ids.length)
    expect(rejectJobId('a', { ...reject, detail: 'other words' })).toBe(ids[0])
  })

  it('is not seen in ids that others made', () => {
    for (const id of ['17', 'default.1-2', 'default.', '%ff.0123456789abcdef', '']) {
      expect(pairOfRejectJob(id)).toBeUndefined()
    }
  })
})

describe('the data of a reject', () => {
  it('comes back as it was, in few characters', () => {
    const { detail: _, ...rest } = reject
    const data = rejectJobData('p', { ...rest, detail: 'x'.repeat(10_000) })
    expect(JSON.stringify(data).length).toBeLessThan(700)
    expect(readRejectJob(JSON.parse(JSON.stringify(data)))).toMatchObject({ pair: 'p', reject: rest })
  })

  it('leaves out a version that JSON cannot carry', () => {
    expect(rejectJobData('p', { ...reject, version: Number.NaN })).not.toHaveProperty('version')
  })

  it('must be that of a reject', () => {
    const good = rejectJobData('p', reject)
    for (const data of [null, {}, { ...good, reason: 'toString' }, { ...good, side: 'both' }, { ...good, id: 7 }]) {
      expect(() => readRejectJob(data as never)).toThrow(CaesError)
    }
  })
})

describe('the name of a reject on a board', () => {
  it('says pair, reason, record and side', () => {
    expect(rejectJobName(rejectJobData('default', reject), 'n')).toBe(
      'default · ID_NOT_UUID · "movie 1" in elasticsearch',
    )
    expect(rejectJobName({}, 'by\u0007hand')).toBe('by\\u{7}hand')
  })

  it('holds nothing that a reader could not see, and is short', () => {
    fc.assert(
      fc.property(anyText, (id) => {
        const name = rejectJobName(rejectJobData('p', { ...reject, id }), 'n')
        expect(name).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
        expect(name.length).toBeLessThan(1_000)
      }),
    )
  })
})
