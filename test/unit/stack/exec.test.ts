import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { areGiven, exec } from '../../../stack/exec.js'
import { projectRoot } from '../../../stack/folder.js'
import { type Interruption, Interrupted } from '../../../stack/interruption.js'
import { testVariables } from '../../../stack/fresh-stack.js'
import { runGuarded } from '../../../stack/guarded-command.js'
import { clearLeftovers, makePassingFolder } from '../../../stack/leftovers.js'
import { isAlive } from '../../../src/runtime/process-identity.js'
import { writeRecord } from '../../../stack/server-record.js'
import { readSettings } from '../../../stack/settings.js'
import { eventually } from '../../support/eventually.js'
import { startSleeper } from './sleeper.js'
import { temporaryFolder } from './temporary-folder.js'

const given = { CAES_TEST_ES_URL: 'http://x', CAES_TEST_CASSANDRA: 'x:1', CAES_TEST_REDIS_URL: 'redis://x' }
const node = process.execPath

/** An interruption that the test itself brings about. */
function interruptible(): Interruption & { interrupt(signal: NodeJS.Signals): void } {
  const controller = new AbortController()
  const listeners: ((signal: NodeJS.Signals) => void)[] = []
  return {
    signal: controller.signal,
    onSignal: (listener) => listeners.push(listener),
    release: () => undefined,
    interrupt(signal) {
      controller.abort(new Interrupted(signal))
      for (const listener of listeners) listener(signal)
    },
  }
}

test('servers that are given in full are used, and none is started', async () => {
  const folder = join(temporaryFolder(), 'stack')
  const code = await exec(readSettings({}), { path: folder }, node, ['-e', 'process.exit(7)'], given)
  expect(code).toBe(7)
  expect(existsSync(folder)).toBe(false)
})

test('servers that are given in part are refused', () => {
  expect(areGiven(testVariables, {})).toBe(false)
  expect(areGiven(testVariables, given)).toBe(true)
  expect(() => areGiven(testVariables, { ...given, CAES_TEST_CASSANDRA: '' })).toThrow(/not CAES_TEST_CASSANDRA/)
})

test('the command gets the variables, and its exit code is the answer', async () => {
  const script = 'process.exit(process.env.CAES_TEST_CASSANDRA === "x:1" ? 3 : 1)'
  expect(await runGuarded(node, ['-e', script], given, interruptible())).toBe(3)
})

test('a signal is passed on to the command, whose exit code counts', async () => {
  const ready = join(temporaryFolder(), 'ready')
  const script = `process.on('SIGTERM', () => process.exit(9)); require('fs').writeFileSync(process.env.READY, ''); setInterval(() => 0, 1000)`
  const interruption = interruptible()
  const running = runGuarded(node, ['-e', script], { READY: ready }, interruption)
  await eventually(() => expect(existsSync(ready)).toBe(true))
  interruption.interrupt('SIGTERM')
  expect(await running).toBe(9)
})

test('a command that a signal ends counts as 128 and its number', async () => {
  expect(await runGuarded(node, ['-e', 'process.kill(process.pid, "SIGKILL")'], {}, interruptible())).toBe(137)
})

test('a command that is not there is a usage error', async () => {
  await expect(runGuarded('/no/such/program', [], {}, interruptible())).rejects.toMatchObject({ code: 'CAES_USAGE' })
})

test('what a killed run left behind is stopped and removed, what a living run uses is not', async () => {
  const folder = temporaryFolder()
  const living = makePassingFolder(folder, undefined)
  const owner = spawn(node, ['-e', ''], { stdio: 'ignore' })
  await once(owner, 'exit')
  const dead = join(folder, `exec-${owner.pid}`)
  mkdirSync(dead)
  writeFileSync(join(dead, 'owner.json'), JSON.stringify({ pid: owner.pid, began: 'before' }))
  const [left, used] = [await startSleeper(), await startSleeper()]
  const server = { name: 'cassandra', version: '5', port: 1, log: 'none' } as const
  writeRecord(dead, { ...server, pid: left.pid, began: left.began })
  writeRecord(living, { ...server, pid: used.pid, began: used.began })

  await clearLeftovers(folder, new AbortController().signal)

  expect(isAlive(left)).toBe(false)
  expect(isAlive(used)).toBe(true)
  expect(readdirSync(folder)).toEqual([`exec-${process.pid}`])
})

test('what a killed run used is stopped at once, by the process that watched it', async () => {
  const folder = temporaryFolder()
  const server = await startSleeper()
  // As openFreshStack does, in a process that can be killed.
  const script = `
    const { makePassingFolder } = await import(process.env.DIST + '/leftovers.js')
    const { writeRecord } = await import(process.env.DIST + '/server-record.js')
    const { watchOwner } = await import(process.env.DIST + '/watch-owner.js')
    const home = makePassingFolder(process.env.FOLDER, undefined)
    writeRecord(home, JSON.parse(process.env.RECORD))
    watchOwner(process.env.FOLDER, home)
    console.log('here')
    setInterval(() => undefined, 1000)`
  const record = { name: 'redis', version: '7', port: 1, log: 'none', pid: server.pid, began: server.began }
  const owner = spawn(node, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, FOLDER: folder, RECORD: JSON.stringify(record), DIST: join(projectRoot, 'dist/stack') },
  })
  await once(owner.stdout, 'data')
  expect(isAlive(server)).toBe(true)
  owner.kill('SIGKILL')
  await eventually(() => expect(isAlive(server)).toBe(false), 30_000)
  await eventually(() => expect(readdirSync(folder)).toEqual([]), 30_000)
})
