import { expect, test } from 'vitest'
import { inTime } from '../../src/runtime/in-time.js'
import { remembered } from '../../src/runtime/remembered.js'

test('an answer is good for its time, for all who ask, and then asked for again', async () => {
  let now = 0
  let asked = 0
  const read = remembered(
    1_000,
    async () => (asked += 1),
    () => now,
  )
  expect(await Promise.all([read(), read(), read()])).toEqual([1, 1, 1])
  now = 999
  expect(await read()).toBe(1)
  now = 1_000
  expect(await read()).toBe(2)
})

test('a failure is not remembered', async () => {
  let asked = 0
  const read = remembered(1_000, async () => {
    asked += 1
    if (asked === 1) throw new Error('down')
    return asked
  })
  await expect(read()).rejects.toThrow('down')
  expect(await read()).toBe(2)
})

test('what is forgotten is asked for anew, also where the old answer is still on its way', async () => {
  const answers: ((answer: string) => void)[] = []
  const read = remembered(1_000, () => new Promise<string>((resolve) => answers.push(resolve)))
  const before = read()
  read.forget()
  const after = read()
  answers[1]?.('new')
  expect(await after).toBe('new')
  answers[0]?.('old')
  expect(await before).toBe('old')
  expect(await read()).toBe('new')
})

test('what takes too long is said to, and asked for only once meanwhile, for each key', async () => {
  const answers = new Map<string, (answer: string) => void>()
  let asked = 0
  const read = inTime(
    5,
    (key) => {
      asked += 1
      return new Promise<string>((resolve) => answers.set(key, resolve))
    },
    () => new Error('too late'),
  )
  await expect(Promise.all([read('a'), read('a')])).rejects.toThrow('too late')
  await expect(read('a')).rejects.toThrow('too late')
  await expect(read('b')).rejects.toThrow('too late')
  expect(asked).toBe(2)
  const last = read('a')
  answers.get('a')?.('here')
  expect(await last).toBe('here')
  await expect(read('a')).rejects.toThrow('too late')
  expect(asked).toBe(3)
})
