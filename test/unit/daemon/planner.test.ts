import { expect, test } from 'vitest'
import { MemoryPauseStore } from '../../../src/adapters/memory/memory-pause-store.js'
import { MemoryRunStore } from '../../../src/adapters/memory/memory-run-store.js'
import { createPlanner } from '../../../src/daemon/planner.js'
import type { PlannedPair } from '../../../src/sync/plan-windows.js'
import { testCheckpoints, testClock, testPartQueue, testQueue } from '../../support/daemon/memory-ports.js'
import { keepingLogger } from '../../support/keeping-logger.js'

const second = 1_000_000
const pair: PlannedPair = {
  name: 'a',
  unit: 's',
  settle: 2 * second,
  entryTtl: 600 * second,
  cadence: { step: 10, maxOpen: 20 },
}

test('a gap longer than entries live is said aloud, once, and again only after it was closed', async () => {
  const logger = keepingLogger()
  const checkpoints = testCheckpoints()
  const clock = testClock(10_000 * second)
  const metrics = { observed: () => {}, runsObserved: () => {} }
  const planner = createPlanner([pair], {
    checkpoints,
    pauses: new MemoryPauseStore(),
    runs: new MemoryRunStore(),
    parts: testPartQueue(),
    queue: testQueue(),
    clock,
    logger,
    metrics,
  })
  const warnings = () => logger.lines.filter(({ message }) => message.includes('older than CassandraConfig.ttl')).length

  await planner.plan()
  clock.advance(590 * second)
  await planner.plan()
  expect(warnings()).toBe(0)
  clock.advance(20 * second)
  await planner.plan()
  await planner.plan()
  expect(warnings()).toBe(1)

  checkpoints.reset('a', { watermark: 10_600, acknowledged: [] })
  await planner.plan()
  clock.advance(700 * second)
  await planner.plan()
  expect(warnings()).toBe(2)
})

test('the first start of a pair says from when on it syncs', async () => {
  const logger = keepingLogger()
  const deps = {
    checkpoints: testCheckpoints(),
    pauses: new MemoryPauseStore(),
    runs: new MemoryRunStore(),
    parts: testPartQueue(),
    queue: testQueue(),
    clock: testClock(1_700_000_000 * second),
  }
  const planner = createPlanner([pair], { ...deps, logger, metrics: { observed: () => {}, runsObserved: () => {} } })
  await planner.plan()
  await planner.plan()
  expect(logger.lines.filter(({ message }) => message.startsWith('first start'))).toMatchObject([
    { fields: { pair: 'a', from: '2023-11-14T22:13:20Z' } },
  ])
})
