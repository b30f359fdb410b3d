import { expect, it } from 'vitest'
import { heardPair } from '../../../src/sync/heard-pair.js'
import { syncWindow } from '../../../src/sync/sync-window.js'
import { idsOf } from '../../support/ids.js'
import { at, v0 } from '../../support/observations.js'
import { MemoryPair } from './memory-pair.js'

const window = { from: v0 - 10, to: v0 + 10 }
const [one, other, early] = idsOf(3) as [string, string, string]
const never = new AbortController().signal

const filled = (): MemoryPair => {
  const pair = new MemoryPair({ now: at(v0, 40) })
  pair.index(one, v0, { a: 1 })
  pair.batch(other, v0 + 1, { a: 2 })
  // In the overlap, which is read by itself.
  pair.index(early, v0 - 15, { a: 3 })
  return pair
}

it('each answer is heard, and the window is synced as without', async () => {
  const [plain, listened] = [filled(), filled()]
  let heard = 0
  const expected = await plain.sync(window.from, window.to)
  const result = await syncWindow(
    heardPair(listened.pair, () => {
      heard += 1
    }),
    window,
    { signal: never },
  )
  expect(result).toEqual(expected)
  expect(listened.state()).toEqual(plain.state())
  const methods = listened.calls.map(({ method }) => method)
  expect(new Set(methods).size).toBe(7)
  // One answer each; entries come in one page here, and so do the documents of either range.
  expect(heard).toBe(methods.length)
})

it('a store that fails is not heard', async () => {
  const pair = filled()
  let heard = 0
  pair.onRequest = () => {
    throw new Error('away')
  }
  const listening = heardPair(pair.pair, () => (heard += 1))
  await expect(syncWindow(listening, window, { signal: never })).rejects.toThrow('away')
  expect(heard).toBe(0)
})
