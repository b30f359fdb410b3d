import { expect, test } from 'vitest'
import { chunked, forEachConcurrently, together } from '../../src/core/concurrency.js'

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

test('no more than the limit is under way at a time, and everything is done', async () => {
  let underWay = 0
  let most = 0
  const done: number[] = []
  await forEachConcurrently(
    Array.from({ length: 20 }, (_, index) => index),
    3,
    async (item) => {
      underWay += 1
      most = Math.max(most, underWay)
      await turn()
      done.push(item)
      underWay -= 1
    },
  )
  expect(most).toBe(3)
  expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index))
})

test('after a failure nothing new starts, and it is thrown only when what was under way has settled', async () => {
  const log: string[] = []
  const run = forEachConcurrently([1, 2, 3, 4, 5], 2, async (item) => {
    log.push(`start ${item}`)
    await turn()
    if (item === 1) throw new Error('first')
    await turn()
    log.push(`end ${item}`)
  })
  await expect(run).rejects.toThrow('first')
  expect(log).toEqual(['start 1', 'start 2', 'end 2'])
})

test('an item that arrives after a failure is not started', async () => {
  const log: number[] = []
  async function* source() {
    yield 1
    await turn()
    await turn()
    yield 2
  }
  const run = forEachConcurrently(source(), 4, async (item) => {
    log.push(item)
    await Promise.reject(new Error('at once'))
  })
  await expect(run).rejects.toThrow('at once')
  expect(log).toEqual([1])
})

test('a failing source fails the run after what was under way has settled', async () => {
  const ended: number[] = []
  async function* source() {
    yield 1
    yield 2
    await turn()
    throw new Error('lost page')
  }
  const run = forEachConcurrently(source(), 4, async (item) => {
    await turn()
    await turn()
    await turn()
    ended.push(item)
  })
  await expect(run).rejects.toThrow('lost page')
  expect(ended).toEqual([1, 2])
})

test('chunks keep every item once and in order', () => {
  expect(chunked([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]])
  expect(chunked([], 2)).toEqual([])
})

const live = new AbortController().signal
/** Work that only its signal ends. */
const endless = async (signal: AbortSignal): Promise<never> => {
  while (!signal.aborted) await turn()
  throw signal.reason
}

test('two works go on together, and both results are given', async () => {
  const log: string[] = []
  const work = (name: string) => async () => {
    log.push(`start ${name}`)
    await turn()
    log.push(`end ${name}`)
    return name
  }
  expect(await together(live, work('a'), work('b'))).toEqual(['a', 'b'])
  expect(log).toEqual(['start a', 'start b', 'end a', 'end b'])
})

test.each([0, 1])(
  'where work %i fails the other one is stopped, and only then the failure is thrown',
  async (which) => {
    let stopped = false
    const other = (signal: AbortSignal) => endless(signal).finally(() => (stopped = true))
    const failing = async () => {
      await turn()
      throw new Error('first')
    }
    const works = which === 0 ? together(live, failing, other) : together(live, other, failing)
    await expect(works).rejects.toThrow('first')
    expect(stopped).toBe(true)
  },
)

test('both works are stopped with the signal that they were given', async () => {
  const stop = new AbortController()
  const works = together(stop.signal, endless, endless)
  stop.abort(new Error('enough'))
  await expect(works).rejects.toThrow('enough')
})
