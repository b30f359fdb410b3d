import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { takeLock } from '../../../stack/lock.js'
import { identityOf } from '../../../src/runtime/process-identity.js'
import { temporaryFolder } from './temporary-folder.js'

const never = new AbortController().signal

test('a second holder waits until the first one releases', async () => {
  const file = join(temporaryFolder(), 'lock')
  const order: string[] = []
  const release = await takeLock(file, never, () => undefined)
  const second = takeLock(file, never, () => undefined).then((releaseSecond) => {
    order.push('second')
    return releaseSecond
  })
  order.push('first')
  release()
  ;(await second)()
  expect(order).toEqual(['first', 'second'])
})

test('a released lock leaves nothing behind', async () => {
  const folder = temporaryFolder()
  const release = await takeLock(join(folder, 'lock'), never, () => undefined)
  release()
  expect(readdirSync(folder)).toEqual([])
})

test('the lock of a dead process is taken over, also when its pid lives again in another process', async () => {
  const file = join(temporaryFolder(), 'lock')
  writeFileSync(file, JSON.stringify({ ...identityOf(process.pid), began: 'long ago', token: 'dead' }))
  const release = await takeLock(file, never, () => undefined)
  expect(existsSync(file)).toBe(true)
  release()
  expect(existsSync(file)).toBe(false)
})

test('ten at once hold it one after the other', async () => {
  const file = join(temporaryFolder(), 'lock')
  let inside = 0
  const seen: number[] = []
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      const release = await takeLock(file, never, () => undefined)
      seen.push(++inside)
      await Promise.resolve()
      inside--
      release()
    }),
  )
  expect(seen).toEqual(Array.from({ length: 10 }, () => 1))
})

test('waiting ends with the reason of the signal', async () => {
  const file = join(temporaryFolder(), 'lock')
  await takeLock(file, never, () => undefined)
  const controller = new AbortController()
  const waiting = takeLock(file, controller.signal, () => undefined)
  controller.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
})
