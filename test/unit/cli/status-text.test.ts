import { describe, expect, it, test } from 'vitest'
import { describeStatus, statusData, type StatusView } from '../../../src/cli/status-text.js'
import { CaesError } from '../../../src/core/errors.js'
import { noWindows, stalls, type Stall } from '../../../src/core/pair-status.js'
import type { PairReading } from '../../../src/sync/read-status.js'

const now = new Date(2026, 0, 31, 10, 0, 0)
const watermark = now.getTime() / 1_000 - 200
const reading = (more: Partial<PairReading> = {}): PairReading => ({
  name: 'default',
  state: 'in sync',
  stall: undefined,
  watermark,
  planned: watermark + 60,
  lag: 200_000_000,
  progress: { watermark, acknowledged: [] },
  pause: undefined,
  open: { ...noWindows, active: [{ from: 1, to: 2 }], failed: [{ from: 3, to: 4 }] },
  rejects: 0,
  runs: [],
  verifiedAt: undefined,
  ...more,
})
const view = (more: Partial<StatusView> = {}): StatusView => ({
  units: new Map([['default', 's']]),
  width: undefined,
  color: false,
  now,
  ...more,
})
const text = (pair: PairReading, more: Partial<StatusView> = {}): string =>
  describeStatus({ pairs: [pair], faults: [] }, view(more))

describe('the status for people', () => {
  it('is a line a pair, with lag and local time', () => {
    expect(text(reading())).toBe(
      'PAIR     STATE      LAG         SYNCED UP TO  OPEN  FAILED  REJECTS\n' +
        'default  ● in sync  3 min 20 s  09:56:40      2     1       0\n',
    )
  })

  test.each(Object.keys(stalls) as Stall[])('says what "%s" means and what to try', (stall) => {
    const shown = text(reading({ state: 'stalled', stall }))
    expect(shown).toContain('▲ stalled')
    expect(shown).toContain(`default: ${stalls[stall].meaning}\n  try: ${stalls[stall].advice}`)
  })

  it('says who paused a pair, and how it goes on', () => {
    const pause = { since: new Date(2026, 0, 30, 23, 5, 9).getTime(), who: 'ann\u001b[2J' }
    const shown = text(reading({ state: 'paused', pause }))
    expect(shown).toContain('paused since 2026-01-30 23:05:09 by ann\\u{1b}[2J\n  to go on: caes-sync resume')
  })

  it('tells when a pair will have caught up, where that is known', () => {
    const left = new Map([['default', 90_000_000]])
    expect(text(reading({ state: 'catching up' }), { left })).toContain('caught up in about 1 min 30 s')
    expect(text(reading({ state: 'catching up' }))).not.toContain('caught up')
  })

  it('marks what is not known, and says why', () => {
    const unknown = reading({
      state: undefined,
      watermark: undefined,
      lag: undefined,
      open: undefined,
      rejects: undefined,
    })
    const fault = new CaesError('CAES_CASSANDRA_DOWN', 'no host answers', { hint: 'start it' })
    const shown = describeStatus({ pairs: [unknown], faults: [fault, fault] }, view())
    expect(shown).toMatch(/default +\? unknown +– +– +\? +\? +\?/)
    expect(shown.match(/! CAES_CASSANDRA_DOWN: no host answers; start it/g)).toHaveLength(1)
  })

  it('shows colours only where they are wanted, and never instead of the word', () => {
    expect(text(reading(), { color: true })).toContain('\u001b[32m● in sync\u001b[0m')
    expect(text(reading())).not.toContain('\u001b')
  })
})

describe('the status for programs', () => {
  it('has exactly the documented keys', () => {
    expect(statusData({ pairs: [reading()], faults: [] })).toEqual({
      pairs: [
        {
          name: 'default',
          state: 'in sync',
          watermark,
          planned: watermark + 60,
          lagSeconds: 200,
          openWindows: 2,
          failedWindows: 1,
          rejects: 0,
          verified: null,
          runs: [],
        },
      ],
    })
  })

  it('has null for what is not known, never a number', () => {
    const pair = reading({
      state: undefined,
      watermark: undefined,
      planned: undefined,
      lag: undefined,
      open: undefined,
      rejects: undefined,
      runs: undefined,
    })
    const down = new CaesError('CAES_REDIS_DOWN', 'Redis at 10.0.0.1:6379 cannot be reached')
    expect(statusData({ pairs: [pair], faults: [down, down] })).toEqual({
      faults: ['CAES_REDIS_DOWN: Redis at 10.0.0.1:6379 cannot be reached'],
      pairs: [
        {
          name: 'default',
          state: null,
          watermark: null,
          planned: null,
          lagSeconds: null,
          openWindows: null,
          failedWindows: null,
          rejects: null,
          verified: null,
          runs: null,
        },
      ],
    })
  })
})
