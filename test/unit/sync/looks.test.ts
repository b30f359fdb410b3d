import { describe, expect, test } from 'vitest'
import { Looks } from '../../../src/sync/look.js'
import { idsOf } from '../../support/ids.js'
import { v0 } from '../../support/observations.js'
import { MemoryPair, turns } from './memory-pair.js'

const [id, other] = idsOf(2, 'looks') as [string, string]

const looksAt = (store: MemoryPair): Looks => new Looks(store.pair, { from: 0 }, new AbortController().signal)

/** Requests that wait at a gate until they are let through. */
const gate = () => {
  const waiting: (() => void)[] = []
  return {
    enter: () => new Promise<void>((resolve) => waiting.push(resolve)),
    open: async () => {
      for (const resolve of waiting.splice(0)) resolve()
      await turns(5)
    },
  }
}

describe('looks that are shared', () => {
  test('a further look keeps the entries of those ids alone that were asked for, so that its memory is theirs', async () => {
    const store = new MemoryPair()
    store.rows.putEntry(id, v0)
    store.rows.putEntry(other, v0)
    const looks = looksAt(store)
    expect((await looks.first()).labels.size).toBe(2)
    const { labels } = await looks.again([other])
    expect([labels.size, labels.get(other)]).toEqual([1, v0])
  })

  test('whoever asks while one is under way shares the next, which starts after the question', async () => {
    const store = new MemoryPair()
    const looks = looksAt(store)
    const { enter, open } = gate()
    store.onApplied = enter
    const first = looks.again([id])
    await turns(5)
    store.rows.putEntry(id, v0)
    const [second, third] = [looks.again([id]), looks.again([id])]
    await turns(5)
    expect(store.count('read-entries')).toBe(1)
    await open()
    await open()
    expect((await first).labels.size).toBe(0)
    expect((await second).labels.get(id)).toBe(v0)
    expect(await third).toBe(await second)
    expect(store.count('read-entries')).toBe(2)
  })

  test('there is never more than one at a time, whenever somebody asks', async () => {
    const store = new MemoryPair()
    const looks = looksAt(store)
    let underWay = 0
    let most = 0
    store.onRequest = async () => {
      most = Math.max(most, (underWay += 1))
      await turns(2)
    }
    const asked: Promise<unknown>[] = []
    /** One question in each of the many small steps from the end of a look to the start of the next. */
    const askAllTheTime = async (): Promise<void> => {
      for (let step = 0; step < 40; step += 1) {
        asked.push(looks.again([id]))
        await Promise.resolve()
      }
    }
    let handingOver: Promise<void> | undefined
    store.onApplied = () => {
      underWay -= 1
      handingOver ??= askAllTheTime()
    }
    asked.push(looks.again([id]), looks.again([id]))
    await asked[0]
    await handingOver
    await Promise.all(asked)
    expect(most).toBe(1)
  })

  test('a look that fails fails those who wait for it, and not those who wait for the next', async () => {
    const store = new MemoryPair()
    const looks = looksAt(store)
    store.onRequest = (_, occurrence) => {
      if (occurrence === 1) throw new Error('lost page')
    }
    const [first, second] = [looks.again([id]), looks.again([id])]
    await expect(first).rejects.toThrow('lost page')
    expect((await second).labels.size).toBe(0)
    expect((await looks.again([id])).labels.size).toBe(0)
  })

  test('the newest usable entry labels a record; unusable ones are set aside', async () => {
    const store = new MemoryPair()
    for (const version of [v0 + 1, v0 + 3, v0 + 2, v0 + 3.5, v0 + 1e6, 2 ** 53]) store.rows.putEntry(id, version)
    const { labels, faults, startedAt } = await looksAt(store).first()
    expect([...labels]).toEqual([[id, v0 + 3]])
    expect(faults.map(({ reason }) => reason)).toEqual(['VERSION_NOT_INTEGER', 'VERSION_FUTURE', 'VERSION_UNSAFE'])
    expect(startedAt).toBe(store.clock.now())
  })
})
