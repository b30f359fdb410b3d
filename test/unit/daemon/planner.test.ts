import { expect, test } from 'vitest'
import { MemoryPauseStore } from '../../../src/adapters/memory/memory-pause-store.js'
import { MemoryRunStore } from '../../../src/adapters/memory/memory-run-store.js'
import { CaesError } from '../../../src/core/errors.js'
import { noResult } from '../../../src/core/run.js'
import { createPlanner } from '../../../src/daemon/planner.js'
import type { PlannedPair } from '../../../src/sync/plan-windows.js'
import { testCheckpoints, testClock, testPartQueue, testQueue } from '../../support/daemon/memory-ports.js'
import { keepingLogger } from '../../support/keeping-logger.js'

const second = 1_000_000
const pair: PlannedPair = {
  name: 'a',
  unit: 's',
  settle: 2 * second,
  entries: { ttl: 600 * second, overlap: 20 * second, interval: 10 * second, usualLag: 32 * second },
  cadence: { step: 10, maxOpen: 20 },
}

/** What two planners of one pair share. */
const setUp = () => {
  const logger = keepingLogger()
  const started: string[] = []
  const deps = {
    checkpoints: testCheckpoints(),
    pauses: new MemoryPauseStore(),
    runs: new MemoryRunStore(),
    parts: testPartQueue(),
    queue: testQueue(),
    clock: testClock(10_000 * second),
    logger,
    metrics: {
      observed: () => {},
      runsObserved: () => {},
      reconciliationStarted: (name: string) => void started.push(name),
    },
  }
  const told = () => logger.lines.filter(({ message }) => message.includes('older than CassandraConfig.ttl')).length
  return { ...deps, started, told, planner: () => createPlanner([pair], deps) }
}

test('a gap longer than entries live is reconciled by one run for any number of planners, which is said aloud, once', async () => {
  const { planner, clock, told, runs, parts, started, logger } = setUp()
  const [one, two] = [planner(), planner()]
  await one.plan()
  clock.advance(579 * second)
  await one.plan()
  expect(told()).toBe(0)
  // Some ticks before they expire: a window that is handed out now may be read after that.
  clock.advance(2 * second)
  await Promise.all([one.plan(), two.plan()])
  await one.plan()
  expect(told()).toBe(1)
  expect(started).toEqual(['a'])
  expect(await runs.list('a')).toMatchObject([{ plan: { purpose: 'reconciliation', source: 'both', since: 9_980 } }])
  expect(parts.handedOut).toEqual([[1, 'cut']])

  // While it has not begun, it will read whatever is written until then.
  clock.advance(1_000 * second)
  await one.plan()
  expect(told()).toBe(1)

  // It begins and ends, and the log says that, too.
  const [run] = await runs.list('a')
  await runs.replan(run!, { ...run!.plan, cut: { rowParts: 1, expected: 5, begunAt: clock.now() / 1_000 } })
  await runs.finishPart(run!, 0, { ...noResult, read: 7 })
  await Promise.all([one.plan(), two.plan()])
  expect(logger.lines.filter(({ message }) => message.startsWith('reconciliation 1 is done'))).toMatchObject([
    { level: 'info', fields: { pair: 'a', read: 7 } },
  ])
  // The watermark is as old as before, while windows catch up: what was written since is young enough for them.
  clock.advance(300 * second)
  await one.plan()
  expect(await runs.list('a')).toHaveLength(1)
  // And when they do not come to it in time either, it is a gap again.
  clock.advance(330 * second)
  await one.plan()
  expect(told()).toBe(2)
})

test('a gap behind a reconciliation that has begun is recorded before its windows are handed out, and waits for the other to end', async () => {
  const { planner, clock, runs, parts } = setUp()
  await planner().plan()
  clock.advance(700 * second)
  await planner().plan()
  const [first] = await runs.list('a')
  await runs.replan(first!, { ...first!.plan, cut: { rowParts: 1, expected: 5, begunAt: clock.now() / 1_000 } })
  // All processes are killed, and come again much later.
  clock.advance(700 * second)
  await planner().plan()
  expect(await runs.list('a')).toMatchObject([{}, { number: 2, plan: { purpose: 'reconciliation', since: 9_980 } }])
  expect(parts.handedOut).toEqual([
    [1, 'cut'],
    [1, 0],
  ])
  await runs.finishPart(first!, 0, noResult)
  await planner().plan()
  await planner().plan()
  expect(parts.handedOut.at(-1)).toEqual([2, 'cut'])
})

test('windows of a gap are not handed out before its reconciliation is recorded: acknowledged, they would hide it', async () => {
  const { planner, clock, runs, queue } = setUp()
  await planner().plan()
  clock.advance(700 * second)
  let isDown = true
  const create = runs.create.bind(runs)
  runs.create = async (run) => {
    if (isDown) throw new CaesError('CAES_CASSANDRA_DOWN', 'no answer')
    return create(run)
  }
  await expect(planner().plan()).rejects.toThrow('no answer')
  expect(queue.windows.get('a') ?? []).toEqual([])
  isDown = false
  await planner().plan()
  expect(queue.windows.get('a')?.length).toBeGreaterThan(0)
})

test('a paused pair is reconciled when it is resumed', async () => {
  const { planner, clock, runs, pauses } = setUp()
  await planner().plan()
  await pauses.pause('a', { since: 1, who: 'ann' })
  clock.advance(700 * second)
  await planner().plan()
  expect(await runs.list('a')).toEqual([])
  await pauses.resume('a')
  await planner().plan()
  expect(await runs.list('a')).toHaveLength(1)
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
  const planner = createPlanner([pair], {
    ...deps,
    logger,
    metrics: { observed: () => {}, runsObserved: () => {}, reconciliationStarted: () => {} },
  })
  await planner.plan()
  await planner.plan()
  expect(logger.lines.filter(({ message }) => message.startsWith('first start'))).toMatchObject([
    { fields: { pair: 'a', from: '2023-11-14T22:13:20Z' } },
  ])
})
