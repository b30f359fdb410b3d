import { expect, test } from 'vitest'
import { MemoryPauseStore } from '../../../src/adapters/memory/memory-pause-store.js'
import { MemoryRunStore } from '../../../src/adapters/memory/memory-run-store.js'
import { CaesError } from '../../../src/core/errors.js'
import { noWindows } from '../../../src/core/pair-status.js'
import { overviewOf, readSnapshot, type OverviewDeps } from '../../../src/sync/read-overview.js'
import { testCheckpoints, testClock } from '../../support/daemon/memory-ports.js'

const second = 1_000_000
const pairs = ['a', 'b'].map((name) => ({ name, unit: 's', interval: 10 * second, settle: 2 * second }) as const)
const failed = [{ from: 980, to: 990 }]

const setUp = (more: Partial<OverviewDeps> = {}) => {
  const asked: string[] = []
  const count =
    <T>(what: string, answer: T): (() => Promise<T>) =>
    async () => {
      asked.push(what)
      return answer
    }
  const checkpoints = testCheckpoints()
  checkpoints.reset('a', { watermark: 980, acknowledged: [] })
  checkpoints.reset('b', { watermark: 995, acknowledged: [] })
  const deps: OverviewDeps = {
    checkpoints,
    pauses: new MemoryPauseStore(),
    windows: { openByState: count('open', new Map([['a', { ...noWindows, failed }]])) },
    rejects: { count: count('rejects', new Map()) },
    runs: new MemoryRunStore(),
    history: { done: count('done', { byPair: new Map(), completeSince: undefined }) },
    failures: {
      failed: async (pair) => {
        asked.push(`failures of ${pair}`)
        return { windows: [], more: 1 }
      },
    },
    workers: { workers: count('workers', 3) },
    clock: testClock(1_000 * second),
    ...more,
  }
  return { asked, deps }
}

test('one reading asks the queue once for all pairs, and for failures only where there are any', async () => {
  const { asked, deps } = setUp()
  const snapshot = await readSnapshot(pairs, deps)
  expect(asked.sort()).toEqual(['done', 'failures of a', 'open', 'rejects', 'workers'])
  for (const span of [60, 3_600]) overviewOf(pairs, snapshot, span * second)
  expect(asked).toHaveLength(5)
  expect(overviewOf(pairs, snapshot, 60 * second)).toMatchObject({
    workers: 3,
    faults: [],
    pairs: [
      { name: 'a', state: 'stalled', usualLag: 32 * second, failures: { more: 1 }, strip: [{ outcome: 'failed' }] },
      { name: 'b', state: 'in sync', failures: undefined, strip: [] },
    ],
  })
})

test('whatever cannot be read is left out, with the reason, and the rest is there', async () => {
  const down = async (): Promise<never> => {
    throw new CaesError('CAES_REDIS_DOWN', 'no answer')
  }
  const { deps } = setUp({ history: { done: down }, workers: { workers: down }, failures: { failed: down } })
  const snapshot = await readSnapshot(pairs, deps)
  expect(snapshot.faults).toHaveLength(3)
  expect(overviewOf(pairs, snapshot, 60 * second)).toMatchObject({
    workers: undefined,
    pairs: [
      { state: 'stalled', history: undefined, failures: undefined, strip: [{ outcome: 'failed' }] },
      { state: 'in sync', history: undefined },
    ],
  })
})
