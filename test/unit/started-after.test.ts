import { describe, expect, it } from 'vitest'
import { startedAfter } from '../../src/core/started-after.js'
import { turns } from './sync/memory-pair.js'

describe('work that starts after the question', () => {
  /** Work that ends when it is told to. */
  const controlled = () => {
    const ends: ((error?: Error) => void)[] = []
    const ask = startedAfter(
      () =>
        new Promise<number>((resolve, reject) => {
          const number = ends.length + 1
          ends.push((error) => (error === undefined ? resolve(number) : reject(error)))
        }),
    )
    return { ask, ends }
  }

  it('is not joined by those who come while it is under way: they share the next', async () => {
    const { ask, ends } = controlled()
    const first = ask()
    const [second, third] = [ask(), ask()]
    expect(ends).toHaveLength(1)
    ends[0]!()
    expect(await first).toBe(1)
    await turns()
    expect(ends).toHaveLength(2)
    ends[1]!()
    expect(await Promise.all([second, third])).toEqual([2, 2])
  })

  it('is never done twice at a time, whenever somebody asks', async () => {
    const { ask, ends } = controlled()
    const first = ask()
    const second = ask()
    ends[0]!()
    // In the very moment between two of them.
    const third = first.finally(() => {}).then(() => ask())
    await turns()
    expect(ends).toHaveLength(2)
    ends[1]!()
    await turns()
    expect(ends).toHaveLength(3)
    ends[2]!()
    expect(await Promise.all([second, third])).toEqual([2, 3])
  })

  it('fails those who wait for it, and nobody after them', async () => {
    const { ask, ends } = controlled()
    const first = ask()
    const second = ask()
    ends[0]!(new Error('lost'))
    await expect(first).rejects.toThrow('lost')
    await turns()
    ends[1]!()
    expect(await second).toBe(2)
  })
})
