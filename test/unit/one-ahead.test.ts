import { describe, expect, it } from 'vitest'
import { oneAhead } from '../../src/core/one-ahead.js'
import { turns } from './sync/memory-pair.js'

describe('reading one ahead', () => {
  /** Counts what was begun and whether it was let go. */
  const source = (count: number, failAt = Infinity) => {
    const seen = { begun: 0, closed: false }
    async function* items(): AsyncGenerator<number> {
      try {
        for (let item = 0; item < count; item += 1) {
          seen.begun += 1
          await turns(1)
          if (item === failAt) throw new Error('lost')
          yield item
        }
      } finally {
        seen.closed = true
      }
    }
    return { seen, items: items() }
  }

  it('gives every item in order', async () => {
    const found: number[] = []
    for await (const item of oneAhead(source(5).items)) found.push(item)
    expect(found).toEqual([0, 1, 2, 3, 4])
  })

  it('has the next item under way while the consumer works on one, and no more than that', async () => {
    const { seen, items } = source(5)
    for await (const item of oneAhead(items)) {
      await turns(5)
      expect(seen.begun).toBe(Math.min(item + 2, 5))
    }
  })

  it('fails where the source does, after what came before', async () => {
    const found: number[] = []
    const read = async (): Promise<void> => {
      for await (const item of oneAhead(source(5, 2).items)) found.push(item)
    }
    await expect(read()).rejects.toThrow('lost')
    expect(found).toEqual([0, 1])
  })

  it('lets the source go behind a consumer that has seen enough', async () => {
    const { seen, items } = source(5)
    for await (const item of oneAhead(items)) if (item === 1) break
    expect(seen).toEqual({ begun: 3, closed: true })
  })
})
