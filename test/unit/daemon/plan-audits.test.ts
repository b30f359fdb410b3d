import { describe, expect, it } from 'vitest'
import { startAt } from '../../../src/core/progress.js'
import { MemoryPauseStore } from '../../../src/adapters/memory/memory-pause-store.js'
import { MemoryRunStore } from '../../../src/adapters/memory/memory-run-store.js'
import { createPlanner } from '../../../src/daemon/planner.js'
import { testCheckpoints, testClock, testLogger, testPartQueue, testQueue } from '../../support/daemon/memory-ports.js'

const second = 1_000_000
const rule = { interval: 600, span: 3_600, overlap: 20 }
const pair = {
  name: 'a',
  unit: 's' as const,
  settle: 2 * second,
  entries: { ttl: 7_200 * second, overlap: 20 * second, interval: 10 * second, usualLag: 32 * second },
  cadence: { step: 10, maxOpen: 20 },
}
const start = 600 * 100_000

const setUp = (audit: { readonly audit?: typeof rule } = { audit: rule }) => {
  const deps = {
    checkpoints: testCheckpoints(),
    pauses: new MemoryPauseStore(),
    runs: new MemoryRunStore(),
    parts: testPartQueue(),
    queue: testQueue(),
    clock: testClock(start * second),
    logger: testLogger(),
    metrics: { observed: () => undefined, runsObserved: () => undefined, reconciliationStarted: () => undefined },
  }
  deps.checkpoints.reset('a', startAt(start))
  const pairs = [{ ...pair, ...audit }]
  return { ...deps, planner: () => createPlanner(pairs, deps) }
}

describe('planning audits', () => {
  it('hands each one out once, however often it is woken and by however many planners', async () => {
    const { planner, queue, clock } = setUp()
    const [one, two] = [planner(), planner()]
    for (let tick = 0; tick < 130; tick += 1) {
      await one.plan()
      await two.plan()
      clock.advance(10 * second)
    }
    expect(queue.audits.map(({ audit }) => audit)).toEqual([100_000, 100_001, 100_002])
    expect(queue.audits[0]?.windows).toHaveLength(6)
  })

  it('is left out for pairs that are not audited, and for those that are paused', async () => {
    const without = setUp({})
    await without.planner().plan()
    expect(without.queue.audits).toEqual([])
    const paused = setUp()
    await paused.pauses.pause('a', { who: 'ann', since: start * 1_000 })
    await paused.planner().plan()
    expect(paused.queue.audits).toEqual([])
  })

  it('keeps no window from being planned when it fails, and is tried again at the next tick', async () => {
    const { planner, queue, logger, clock, checkpoints } = setUp()
    checkpoints.reset('a', startAt(start - 60))
    const enqueueAudit = queue.enqueueAudit.bind(queue)
    queue.enqueueAudit = async () => {
      throw new Error('no answer')
    }
    const woken = planner()
    await woken.plan()
    expect(queue.windows.get('a')).not.toEqual([])
    expect(woken.fault()).toBeUndefined()
    expect(logger.lines.some(({ message }) => message.includes('cannot plan an audit'))).toBe(true)
    queue.enqueueAudit = enqueueAudit
    clock.advance(10 * second)
    await woken.plan()
    expect(queue.audits).toHaveLength(1)
  })
})
