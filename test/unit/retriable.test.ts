import { expect, test } from 'vitest'
import { retriable } from '../../src/runtime/retriable.js'

test('is opened once for all who ask, and again only after a failure', async () => {
  let opened = 0
  let down = true
  const open = retriable(async () => {
    opened += 1
    if (down) throw new Error('down')
    return opened
  })
  const both = await Promise.allSettled([open(), open()])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(opened).toBe(1)
  down = false
  expect(await Promise.all([open(), open()])).toEqual([2, 2])
  expect(await open()).toBe(2)
})
