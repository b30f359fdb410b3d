import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rejectJobId } from '../../../src/adapters/bullmq/reject-job.js'
import type { KeptReject } from '../../../src/adapters/bullmq/reject-queue.js'
import { describeRejects, rejectLine } from '../../../src/cli/reject-text.js'
import { rejectReasons, rejectText, type Reject } from '../../../src/core/reject.js'

const kept = (more: Partial<Reject> = {}): KeptReject => {
  const reject: Reject = {
    id: 'ed31ee76-d49a-4c05-8f0a-6a856a94de8e',
    side: 'elasticsearch',
    reason: 'TYPE_MISMATCH',
    detail: '"vint": a string does not fit int',
    version: 1427254212,
    ...more,
  }
  return { jobId: rejectJobId('default', reject), pair: 'default', reject, since: 0, failure: rejectText(reject) }
}

describe('the list of rejects', () => {
  it('says for each reason once what it means and what to try', () => {
    const text = describeRejects([kept(), kept({ version: 2 })], undefined)
    expect(text.split(`try: ${rejectReasons.TYPE_MISMATCH.advice}`)).toHaveLength(2)
    expect(text).toContain('2 records set aside')
    expect(text).toContain('"vint": a string does not fit int')
  })

  it('fits the terminal and never cuts what is to be copied', () => {
    for (const width of [80, 100, 120, 200]) {
      const each = kept({ id: '影'.repeat(100), detail: 'x'.repeat(300) })
      const lines = describeRejects([each], width).split('\n')
      const table = lines.slice(0, lines.indexOf(''))
      expect(table[1]).toContain(each.jobId)
      expect(table[1]).toContain('TYPE_MISMATCH')
      const cells = (line: string): number => Array.from(line).reduce((sum, one) => sum + (one === '影' ? 2 : 1), 0)
      for (const line of table) expect(cells(line)).toBeLessThanOrEqual(width)
    }
  })

  it('goes whole to a program', () => {
    const detail = 'x'.repeat(300)
    expect(describeRejects([kept({ detail })], undefined)).toContain(detail)
  })

  it('shows why a retry failed when that was something else', () => {
    const text = describeRejects([{ ...kept(), failure: 'CAES_CASSANDRA_DOWN: no host' }], undefined)
    expect(text).toContain('CAES_CASSANDRA_DOWN: no host')
  })

  it('prints nothing that a terminal would obey, as text and as JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (id) => {
        expect(describeRejects([kept({ id, detail: id })], 100).replaceAll('\n', '')).not.toMatch(
          /[\p{C}\p{Zl}\p{Zp}]/u,
        )
        const line = rejectLine(kept({ id }))
        expect(line).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
        expect(JSON.parse(line)).toMatchObject({ id, pair: 'default', try: rejectReasons.TYPE_MISMATCH.advice })
      }),
    )
  })
})
