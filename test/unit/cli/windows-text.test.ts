import { describe, expect, it } from 'vitest'
import type { ListedWindow } from '../../../src/adapters/bullmq/window-list.js'
import { partId, windowId } from '../../../src/adapters/bullmq/window-id.js'
import { describeWindows, windowLine } from '../../../src/cli/windows-text.js'
import { emptyReport } from '../../../src/core/report.js'

const now = new Date(2026, 0, 31, 10, 0, 0)
const from = now.getTime() / 1_000 - 3_600
const window = { from, to: from + 60 }
const listed = (more: Partial<ListedWindow> = {}): ListedWindow => ({
  id: windowId('default', window),
  pair: 'default',
  window,
  part: undefined,
  state: 'completed',
  attempts: 1,
  mostAttempts: 5,
  error: undefined,
  note: undefined,
  report: { ...emptyReport('default', window), unchanged: 12 },
  ended: now.getTime(),
  ...more,
})
const view = { units: new Map([['default', 's' as const]]), width: undefined, now }
const text = (each: ListedWindow, more = 0): string => describeWindows({ windows: [each], more }, view)

describe('the list of windows', () => {
  it('shows the range in local time, with the date where it is not today', () => {
    expect(text(listed())).toContain('  09:00:00–09:01:00  completed  1/5    12 equal\n')
    const before = { from: from - 86_400, to: from - 86_340 }
    expect(text(listed({ window: before }))).toContain('  2026-01-30 09:00:00–09:01:00  ')
    const overnight = { from: from - 9 * 3_600 - 30, to: from - 9 * 3_600 + 30 }
    expect(text(listed({ window: overnight }))).toContain('  2026-01-30 23:59:30–2026-01-31 00:00:30  ')
  })

  it('shows logical versions, and those of pairs it does not know, as they are', () => {
    expect(text(listed({ window: { from: 10, to: 20 } }))).toContain('  10–20  ')
    expect(text(listed({ pair: 'other' }))).toContain(`  ${window.from}–${window.to}  `)
  })

  it('shows a part by its own range, and programs both', () => {
    const part = { from: from + 30, to: from + 31, ids: { index: 1, of: 5 } }
    const each = listed({ id: partId(windowId('default', window), part), part })
    expect(text(each)).toContain('.2of5  09:00:30–09:00:31  completed')
    expect(JSON.parse(windowLine(each))).toMatchObject({ ...window, part })
  })

  it('tells what a window did, why it failed, or what it waits for', () => {
    const report = {
      ...emptyReport('default', window),
      written: { elasticsearch: 3, cassandra: 0 },
      ties: 1,
      rejected: 2,
    }
    expect(text(listed({ report }))).toContain('3 → Elasticsearch, 1 ties, 2 rejected')
    const failed = text(listed({ state: 'failed', report: undefined, error: 'CAES_X: no', note: 'reading' }))
    expect(failed).toContain('CAES_X: no\n')
    expect(failed).toContain('caes-sync retry ID')
    expect(text(listed({ state: 'delayed', report: undefined, note: 'waits: paused by ann' }))).toContain(
      'paused by ann',
    )
    expect(text(listed({ state: 'delayed', report: undefined, error: 'CAES_Y: no' }))).toContain('CAES_Y: no')
  })

  it('says when there are more, or none', () => {
    expect(text(listed(), 950)).toContain('and 950 older')
    expect(describeWindows({ windows: [], more: 0 }, view)).toBe('no such windows\n')
  })

  it('fits the terminal, and never cuts the id that is to be copied', () => {
    for (const width of [80, 100, 140]) {
      const each = listed({ state: 'failed', report: undefined, error: `CAES_X: ${'x'.repeat(300)}` })
      const lines = describeWindows({ windows: [each], more: 0 }, { ...view, width }).split('\n')
      expect(lines[1]).toContain(each.id)
      for (const line of lines.slice(0, 2)) expect(Array.from(line).length).toBeLessThanOrEqual(width)
    }
  })

  it('is one line of JSON a window for programs', () => {
    expect(JSON.parse(windowLine(listed()))).toEqual({
      id: windowId('default', window),
      pair: 'default',
      ...window,
      part: null,
      state: 'completed',
      attempts: 1,
      mostAttempts: 5,
      error: null,
      note: null,
      report: { ...emptyReport('default', window), unchanged: 12 },
      ended: now.toISOString(),
    })
    expect(windowLine(listed({ error: 'a\nb\u202e' }))).not.toMatch(/[\n\u202e]/)
  })
})
