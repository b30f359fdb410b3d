import { expect, test, vi } from 'vitest'
import { sharedLabels } from '../../../src/sync/shared-labels.js'
import { idsOf } from '../../support/ids.js'
import { at, v0 } from '../../support/observations.js'
import { MemoryPair } from './memory-pair.js'

const setUp = () => {
  const store = new MemoryPair({ now: at(v0) })
  const [id] = idsOf(1, 'labels') as [string]
  store.rows.putEntry(id, v0 - 5)
  let reads = 0
  store.onRequest = (kind) => {
    if (kind === 'read-entries') reads += 1
  }
  return { store, id, reads: () => reads }
}

test('parts that are worked on at a time share one reading of the entries, and so does one that follows soon', async () => {
  const { store, id, reads } = setUp()
  const labels = sharedLabels(60_000)
  const look = () => labels.use(store.pair, async (shared) => shared.get(id))
  expect(await Promise.all([look(), look()])).toEqual([v0 - 5, v0 - 5])
  const once = reads()
  await look()
  expect(reads()).toBe(once)
  labels.close(new Error('over'))
})

test('entries that nobody uses for a while are forgotten, and at once where others are needed', async () => {
  vi.useFakeTimers()
  try {
    const { store, reads } = setUp()
    const labels = sharedLabels(60_000)
    const look = (name = 'movies') => labels.use({ ...store.pair, name }, async () => undefined)
    await look()
    const once = reads()
    vi.advanceTimersByTime(60_001)
    await look()
    expect(reads()).toBe(2 * once)
    await look('other')
    await look()
    expect(reads()).toBe(4 * once)
  } finally {
    vi.useRealTimers()
  }
})

test('a reading that failed is tried again by the next part', async () => {
  const { store, id } = setUp()
  const labels = sharedLabels(60_000)
  let isDown = true
  store.onRequest = () => {
    if (isDown) throw new Error('down')
  }
  await expect(labels.use(store.pair, async () => undefined)).rejects.toThrow('down')
  isDown = false
  expect(await labels.use(store.pair, async (shared) => shared.get(id))).toBe(v0 - 5)
})
