import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { auditAt, auditWindows, type AuditRule } from '../../src/core/audit.js'
import { merged } from '../../src/core/window.js'

const rule: AuditRule = { interval: 600, span: 3_600, overlap: 20 }
const now = 600 * 100_000

describe('the windows of an audit', () => {
  it('go from the span before it to the overlap before it, each as long as the interval', () => {
    const windows = auditWindows(rule, auditAt(rule, now), now)
    expect(windows).toHaveLength(6)
    expect(windows[0]).toEqual({ from: now - 3_600, to: now - 3_000 })
    expect(windows.at(-1)).toEqual({ from: now - 600, to: now - 20 })
  })

  it('are the same whoever plans them, and at whatever moment until the next audit', () => {
    expect(auditAt(rule, now + 599)).toBe(auditAt(rule, now))
    expect(auditAt(rule, now + 600)).toBe(auditAt(rule, now) + 1)
  })

  it('end at the watermark, since what lies beyond is still to be synced', () => {
    const windows = auditWindows(rule, auditAt(rule, now), now - 1_000)
    expect(windows.at(-1)?.to).toBe(now - 1_000)
    expect(auditWindows(rule, auditAt(rule, now), now - 4_000)).toEqual([])
  })

  it('are none where audits are off', () => {
    expect(auditWindows({ ...rule, span: 0 }, auditAt(rule, now), now)).toEqual([])
  })

  it('cover what landed late within the bound, in the first audit that finds it settled', () => {
    const rules = fc.record({
      interval: fc.integer({ min: 1, max: 50 }),
      span: fc.integer({ min: 80, max: 300 }),
      overlap: fc.integer({ min: 0, max: 20 }),
    })
    fc.assert(
      fc.property(rules, fc.integer({ min: 1_000, max: 5_000 }), fc.nat(300), (each, version, late) => {
        const { interval, span, overlap } = each
        if (late <= overlap || late > span - interval - overlap) return
        const settled = version + late + overlap
        const audit = Math.ceil(settled / interval)
        expect(audit * interval - (version + late)).toBeLessThan(interval + overlap)
        const windows = auditWindows(each, audit, Infinity)
        expect(windows.some(({ from, to }) => from <= version && version < to)).toBe(true)
      }),
    )
  })

  it('cover, audit by audit, every version until it is older than the span, without a gap', () => {
    const rules = fc.record({
      interval: fc.integer({ min: 1, max: 50 }),
      span: fc.integer({ min: 1, max: 200 }),
      overlap: fc.integer({ min: 0, max: 20 }),
    })
    fc.assert(
      fc.property(rules, fc.integer({ min: 20, max: 200 }), (each, audit) => {
        const due = audit * each.interval
        const windows = auditWindows(each, audit, Infinity)
        const [from, to] = [Math.max(0, due - each.span), due - each.overlap]
        if (to <= from) return
        const [whole, ...others] = merged(windows)
        expect(others).toEqual([])
        expect(whole!.from).toBeLessThanOrEqual(from)
        expect(whole!.to).toBe(to)
        for (const window of windows) expect(window.to - window.from).toBeLessThanOrEqual(each.interval)
      }),
    )
  })
})
