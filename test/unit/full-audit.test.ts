import { describe, expect, it, test } from 'vitest'
import { dueAudit, oldAudits, type FullAuditRule } from '../../src/core/full-audit.js'
import { noResult, verifiedAt, type Run, type RunPlan } from '../../src/core/run.js'

const day = 86_400_000
const rule: FullAuditRule = { intervalMs: day, rate: 1_000, grace: 5_000_000, direction: 'both' }
let number = 0
const run = (
  purpose: RunPlan['purpose'],
  startedAt: number,
  more: Omit<Partial<Run>, 'plan'> & { plan?: Partial<RunPlan> } = {},
): Run => ({
  pair: 'a',
  number: (number += 1),
  startedAt,
  finishedAt: startedAt + 1,
  ...more,
  plan: { purpose, source: 'both', ...more.plan },
})
const { finishedAt: _, ...unfinished } = run('copy', 1)
const due = (runs: readonly Run[], nowMs: number, more: Partial<FullAuditRule> = {}) =>
  dueAudit({ ...rule, ...more }, runs, nowMs * 1_000)

describe('an audit of everything', () => {
  it('begins once everything was copied, and comes again when its time has passed', () => {
    expect(due([], day)).toBeUndefined()
    const copy = run('copy', 100)
    expect(due([copy], 200_000)).toEqual({
      purpose: 'audit',
      source: 'both',
      rate: 1_000,
      within: 0.9 * day,
      asOf: 195_000,
    })
    const audit = run('audit', 200_000)
    expect(due([copy, audit], 199_999 + day)).toBeUndefined()
    expect(due([copy, audit], 200_000 + day)).toBeDefined()
  })

  test.each([
    ['a reconciliation', run('reconciliation', 5)],
    ['an audit', run('audit', 5)],
    ['a copy from one side', run('copy', 5, { plan: { source: 'cassandra' } })],
    ['an unfinished copy', unfinished],
  ])('does not begin after %s alone', (_name, found) => {
    expect(due([found], 10 * day)).toBeUndefined()
  })

  it('begins after a copy from the one side that a pair is synced from', () => {
    expect(
      due([run('copy', 5, { plan: { source: 'cassandra' } })], day, { direction: 'to-elasticsearch' }),
    ).toBeDefined()
  })

  it('waits for other runs to end, but for those of a process that may be gone', () => {
    const copy = run('copy', 5)
    expect(due([copy, unfinished], day)).toBeUndefined()
    expect(due([copy, { ...unfinished, plan: { ...unfinished.plan, local: true } }], day)).toBeDefined()
  })

  it('of long ago is forgotten, but for the last that proved something', () => {
    const clean = run('audit', 1, { result: { ...noResult, differences: 0, repaired: 0 } })
    const older = run('audit', 0, { result: { ...noResult, differences: 0, repaired: 0 } })
    const others = [2, 3, 4, 5, 6, 7].map((at) =>
      run('audit', at, { result: { ...noResult, differences: 2, repaired: 1 } }),
    )
    expect(oldAudits([run('copy', 0), older, clean, ...others])).toEqual([older, others[0]])
  })
})

describe('the time as of which both sides are known to have held the same', () => {
  const result = { ...noResult, differences: 2, repaired: 2 }

  it('is that of the last audit that left no difference', () => {
    expect(verifiedAt([])).toBeUndefined()
    const audits = [
      run('audit', 1, { plan: { asOf: 70 }, result }),
      run('audit', 2, { plan: { asOf: 80 }, result: { ...result, repaired: 1 } }),
      run('copy', 3, { plan: { asOf: 90 }, result: noResult }),
    ]
    expect(verifiedAt(audits)).toBe(70)
    const { result: _result, ...under } = run('audit', 4, { plan: { asOf: 95 } })
    expect(verifiedAt([...audits, under])).toBe(70)
  })
})
