import { expect, test } from 'vitest'
import { MemoryPauseStore } from '../../../src/adapters/memory/memory-pause-store.js'
import { MemoryRunStore } from '../../../src/adapters/memory/memory-run-store.js'
import { CaesError } from '../../../src/core/errors.js'
import { noWindows } from '../../../src/core/pair-status.js'
import { readStatus, type StatusDeps } from '../../../src/sync/read-status.js'
import { testCheckpoints, testClock } from '../../support/daemon/memory-ports.js'

const second = 1_000_000
const pair = (name: string) => ({ name, unit: 's', interval: 10 * second, settle: 2 * second }) as const
const failed = [{ from: 980, to: 990 }]

const deps = (): StatusDeps & { readonly pauses: MemoryPauseStore; readonly runs: MemoryRunStore } => {
  const checkpoints = testCheckpoints()
  checkpoints.reset('a', { watermark: 980, acknowledged: [] })
  checkpoints.reset('b', { watermark: 995, acknowledged: [] })
  return {
    checkpoints,
    pauses: new MemoryPauseStore(),
    windows: { openByState: async () => new Map([['a', { ...noWindows, failed }]]) },
    rejects: { count: async () => new Map([['b', 3]]) },
    runs: new MemoryRunStore(),
    clock: testClock(1_000 * second),
  }
}
const down = (code: 'CAES_REDIS_DOWN' | 'CAES_CASSANDRA_DOWN') => async () => {
  throw new CaesError(code, 'no answer')
}
const codes = (faults: readonly unknown[]) => new Set(faults.map((fault) => (fault as CaesError).code))

test('every pair of the configuration is told, with what all stores say about it', async () => {
  const all = deps()
  await all.pauses.pause('b', { since: 7, who: 'ann' })
  const { pairs, faults } = await readStatus([pair('a'), pair('b'), pair('c')], all)
  expect(faults).toEqual([])
  expect(pairs).toMatchObject([
    { name: 'a', state: 'stalled', stall: 'failed windows', lag: 20 * second, open: { failed }, rejects: 0 },
    { name: 'b', state: 'paused', pause: { since: 7, who: 'ann' }, lag: 5 * second, open: noWindows, rejects: 3 },
    { name: 'c', state: 'never ran', pause: undefined, lag: undefined, watermark: undefined, rejects: 0 },
  ])
})

test('without the queue, progress and pauses are told, and what the queue holds is unknown', async () => {
  const without = { windows: { openByState: down('CAES_REDIS_DOWN') }, rejects: { count: down('CAES_REDIS_DOWN') } }
  const { pairs, faults } = await readStatus([pair('a'), pair('c')], { ...deps(), ...without })
  expect(codes(faults)).toEqual(new Set(['CAES_REDIS_DOWN']))
  expect(pairs).toMatchObject([
    { state: 'in sync', lag: 20 * second, planned: undefined, open: undefined, rejects: undefined },
    { state: 'never ran', open: undefined, rejects: undefined },
  ])
})

test('without the checkpoints, the queue is told, and no state is guessed', async () => {
  const read = down('CAES_CASSANDRA_DOWN')
  const { pairs, faults } = await readStatus([pair('a')], { ...deps(), checkpoints: { read }, pauses: { read } })
  expect(codes(faults)).toEqual(new Set(['CAES_CASSANDRA_DOWN']))
  expect(pairs).toMatchObject([
    { name: 'a', state: undefined, lag: undefined, watermark: undefined, open: { failed }, rejects: 0 },
  ])
})

test('the queue is read before the progress: a window that is done in between is not taken for a lost one', async () => {
  const order: string[] = []
  const all = deps()
  await readStatus([pair('a')], {
    ...all,
    checkpoints: { read: async (name) => (order.push('progress'), all.checkpoints.read(name)) },
    windows: { openByState: async () => (order.push('queue'), all.windows.openByState()) },
  })
  expect(order).toEqual(['queue', 'progress'])
})
