import { readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { findRunning } from '../../../stack/bring-up.js'
import { freePorts } from '../../../stack/ports.js'
import { isAlive, isGroupAlive } from '../../../src/runtime/process-identity.js'
import { launch, stop } from '../../../stack/server-process.js'
import { liveRecords, readRecord, writeRecord } from '../../../stack/server-record.js'
import { eventually } from '../../support/eventually.js'
import { someServer, startSleeper } from './sleeper.js'
import { temporaryFolder } from './temporary-folder.js'

const launcher = `
  require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'inherit' })
  console.log('running in ' + process.cwd() + ' with ' + process.env.SOME_SETTING)
  setInterval(() => undefined, 1000)
`
const stubborn = `process.on('SIGTERM', () => undefined); console.log('deaf'); setInterval(() => undefined, 1000)`

async function run(home: string, script: string) {
  const plan = { command: process.execPath, args: ['-e', script], env: { SOME_SETTING: 'x' }, cwd: home }
  const record = await launch(someServer, plan, home)
  onTestFinished(() => stop(home, record, 0))
  await eventually(() => expect(readFileSync(record.log, 'utf8')).not.toBe(''))
  return record
}

test('a started server is recorded, logs to its file, and is found again', async () => {
  const home = temporaryFolder()
  const record = await run(home, launcher)
  expect(readFileSync(record.log, 'utf8')).toContain('with x')
  expect(liveRecords(home)).toEqual([record])
  expect(await findRunning(someServer, home)).toEqual(record)
})

test('stopping ends the server with all it started, and forgets it', async () => {
  const home = temporaryFolder()
  const record = await run(home, launcher)
  await stop(home, record, 5_000)
  expect(isGroupAlive(record.pid)).toBe(false)
  expect(readRecord(home, 'redis')).toBeUndefined()
})

test('a server that does not heed SIGTERM is killed', async () => {
  const home = temporaryFolder()
  const record = await run(home, stubborn)
  await stop(home, record, 200)
  expect(isGroupAlive(record.pid)).toBe(false)
})

test('stopping leaves a process alone that has the pid of the recorded one by now', async () => {
  const home = temporaryFolder()
  const other = await startSleeper()
  const recycled = { name: 'redis', version: '7', port: 6379, log: 'none', pid: other.pid, began: 'long ago' } as const
  writeRecord(home, recycled)
  await stop(home, recycled, 1_000)
  expect(isAlive(other)).toBe(true)
  expect(readRecord(home, 'redis')).toBeUndefined()
})

test('a recycled pid is not reused as a running server', async () => {
  const home = temporaryFolder()
  const other = await startSleeper()
  const [port = 0] = await freePorts(1)
  writeRecord(home, { name: 'redis', version: '7', port, log: 'none', pid: other.pid, began: 'long ago' })
  expect(await findRunning({ ...someServer, port }, home)).toBeUndefined()
})

test('our server of another version is stopped to make way', async () => {
  const home = temporaryFolder()
  const [port = 0] = await freePorts(1)
  const old = await startSleeper()
  writeRecord(home, { name: 'redis', version: '6', port, log: 'none', pid: old.pid, began: old.began })
  expect(await findRunning({ ...someServer, port }, home)).toBeUndefined()
  expect(isAlive(old)).toBe(false)
})

test('a program that is not there is an error that names the server', async () => {
  const home = temporaryFolder()
  const plan = { command: '/no/such/program', args: [], env: {}, cwd: home }
  await expect(launch(someServer, plan, home)).rejects.toMatchObject({
    code: 'CAES_STACK',
    message: expect.stringContaining('redis could not be started'),
  })
})
