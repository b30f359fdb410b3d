import { expect, test } from 'vitest'
import { batched } from '../../../src/runtime/batched.js'

test('what comes together is worked on together, in batches of at most so many', async () => {
  const batches: number[][] = []
  const ask = batched(3, async (items: readonly number[]) => {
    batches.push([...items])
    return items.map((item) => item * 2)
  })
  expect(await Promise.all([1, 2, 3, 4].map(ask))).toEqual([2, 4, 6, 8])
  expect(batches).toEqual([[1, 2, 3], [4]])
  expect(await ask(5)).toBe(10)
})

test('a batch that fails fails its own requests only', async () => {
  const ask = batched(1, async (items: readonly number[]) => {
    if (items[0] === 1) throw new Error('no')
    return items
  })
  const answers = await Promise.allSettled([ask(1), ask(2)])
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
})

test('an answer that is missing is a failure', async () => {
  await expect(batched(5, async () => [])(1)).rejects.toThrow('0 answers for 1 requests')
})
