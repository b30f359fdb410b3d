import { describe, expect, it, test } from 'vitest'
import { outrunAfter, outrunSince, type EntryLife } from '../../src/core/outrun.js'
import type { Run, RunPlan } from '../../src/core/run.js'

const second = 1_000_000
const life: EntryLife = {
  unit: 's',
  ttl: 3_600 * second,
  overlap: 20 * second,
  interval: 60 * second,
  usualLag: 182 * second,
}
const start = 1_700_000_000
const at = (seconds: number): number => (start + seconds) * second
const run = (begun: number, plan: Partial<RunPlan> = {}, more: Partial<Run> = {}): Run => {
  const cut = { rowParts: 16, cuts: [], expected: 0, begunAt: at(begun) / 1_000 }
  return {
    pair: 'a',
    number: 1,
    plan: { purpose: 'reconciliation', source: 'both', since: start - 20, cut, ...plan },
    startedAt: at(0) / 1_000,
    ...more,
  }
}
const progress = { watermark: start, acknowledged: [] }
const since = (seconds: number, runs: readonly Run[] = [], acknowledged: { from: number; to: number }[] = []) =>
  outrunSince(life, { ...progress, acknowledged }, runs, at(seconds))

describe('what windows come too late for', () => {
  it('is everything from the watermark on, with the overlap before it, two ticks before its entries expire', () => {
    expect(since(3_480)).toBeUndefined()
    expect(since(3_481)).toBe(start - 20)
  })

  it('is never what the ordinary course takes', () => {
    const short = { ...life, ttl: 200 * second }
    expect(outrunAfter(short)).toBe(191 * second)
    expect(outrunAfter({ ...life, ttl: 100 * second })).toBe(100 * second)
  })

  it('is nothing that a run reads, or has read, as far as it leaves nothing to windows', () => {
    expect(since(3_700, [run(3_600)])).toBeUndefined()
    // The windows come too late for what was written after it, again.
    expect(since(3_600 - 40 + 3_480, [run(3_600)])).toBeUndefined()
    expect(since(3_600 - 40 + 3_481, [run(3_600)])).toBe(start - 20)
  })

  it('is nothing that a run will read that has not begun, whenever it was announced', () => {
    const { cut: _, ...plan } = run(0).plan
    expect(since(9_000, [{ ...run(0), plan }])).toBeUndefined()
  })

  it('is nothing that windows have read out of order: one that failed is a gap once', () => {
    const later = [{ from: start + 60, to: start + 9_000 }]
    expect(since(9_000, [], later)).toBe(start - 20)
    expect(since(9_000, [run(4_000)], later)).toBeUndefined()
    expect(since(9_000, [run(30)], later)).toBe(start - 20)
  })

  test.each([
    ['from one side alone', run(3_600, { source: 'cassandra' })],
    ['of newer versions alone', run(3_600, { since: start + 1 })],
    ['that somebody wants and may never finish', run(3_600, { purpose: 'copy' })],
  ])('a run %s does not count', (_, found) => {
    expect(since(3_700, [found])).toBe(start - 20)
  })

  it('a copy from both sides counts once it is done', () => {
    expect(since(3_700, [run(3_600, { purpose: 'copy' }, { finishedAt: 1 })])).toBeUndefined()
  })
})
