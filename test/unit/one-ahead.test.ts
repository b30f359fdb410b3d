import { describe, expect, it } from 'vitest'
import { begun, oneAhead } from '../../src/core/one-ahead.js'
import { turns } from './sync/memory-pair.js'

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

describe('reading one ahead', () => {
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

describe('what is begun', () => {
  const readAll = async (items: AsyncIterable<number>): Promise<number[]> => {
    const found: number[] = []
    for await (const item of items) found.push(item)
    return found
  }

  it('has its first item under way before anybody reads, and gives all of them in order', async () => {
    const { seen, items } = source(3)
    const reading = begun(items)
    await turns(5)
    expect(seen.begun).toBe(1)
    expect(await readAll(reading)).toEqual([0, 1, 2])
    expect(seen.closed).toBe(true)
    await reading.end()
  })

  it('is let go where nobody reads it, also where it has failed', async () => {
    for (const failAt of [Infinity, 0]) {
      const { seen, items } = source(3, failAt)
      await begun(items).end()
      expect(seen).toEqual({ begun: 1, closed: true })
    }
  })

  it.each([0, 1])('fails where the source does, with item %i', async (failAt) => {
    await expect(readAll(begun(source(3, failAt).items))).rejects.toThrow('lost')
  })
})
