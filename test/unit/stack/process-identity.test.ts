import { expect, test } from 'vitest'
import { beganAt, isAlive, isGroupAlive, identityOf, parseProcStat } from '../../../src/runtime/process-identity.js'
import { startSleeper } from './sleeper.js'

test('a process is recognised by its pid and its start', () => {
  expect(isAlive({ pid: 7, began: 'boot/100' }, () => 'boot/100')).toBe(true)
})

test('a recycled pid is not the recorded process', () => {
  expect(isAlive({ pid: 7, began: 'boot/100' }, () => 'boot/250')).toBe(false)
})

test('the same pid and ticks after a restart of the machine are another process', () => {
  expect(isAlive({ pid: 7, began: 'boot-1/100' }, () => 'boot-2/100')).toBe(false)
})

test('a process that is gone is not alive', () => {
  expect(isAlive({ pid: 7, began: 'boot/100' }, () => undefined)).toBe(false)
})

test('this very process is alive, and is not a process that began at another time', () => {
  const own = identityOf(process.pid)
  expect(isAlive(own)).toBe(true)
  expect(isAlive({ ...own, began: 'another time' })).toBe(false)
})

test('state, group and start are read although the name holds blanks and brackets', () => {
  const after = ['S', '1', '4242', ...Array.from({ length: 16 }, () => '0'), '987654', '0']
  expect(parseProcStat(`77 (odd) name (x)) ${after.join(' ')}`)).toEqual({
    state: 'S',
    group: 4242,
    startTicks: '987654',
  })
})

test('a killed process and its group are dead as soon as it has ended', async () => {
  const { pid, began, ended } = await startSleeper()
  expect(isAlive({ pid, began })).toBe(true)
  expect(isGroupAlive(pid)).toBe(true)
  process.kill(pid, 'SIGKILL')
  await ended
  expect(beganAt(pid)).not.toBe(began)
  expect(isGroupAlive(pid)).toBe(false)
})
