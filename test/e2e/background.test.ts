import { afterAll, beforeAll, expect, test } from 'vitest'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { caesSync, configFile } from '../support/cli.js'
import { eventually } from '../support/eventually.js'
import { isAlive } from '../support/is-alive.js'
import { openPair, type PairFixture } from '../support/pair-fixture.js'
import { wipeQueues } from '../../src/demo/watch.js'
import { endpointsFrom } from '../../src/demo/schema.js'

let pair: PairFixture
let file: ReturnType<typeof configFile>
const home = (): NodeJS.ProcessEnv => ({ CAES_HOME: join(file.folder, 'home') })
const pidFile = () => join(file.folder, 'home', 'caes-sync.pid')
const pidOf = () => (JSON.parse(readFileSync(pidFile(), 'utf8')) as { pid: number }).pid
const verb = (...args: string[]) => caesSync([...args, '-c', file.path], home())

beforeAll(async () => {
  pair = await openPair()
  file = configFile(pair.configText)
})
afterAll(async () => {
  await verb('stop')
  await wipeQueues(endpointsFrom(process.env).redis, pair.name)
  file.remove()
  await pair.close()
})

test('start runs the service in the background, once, and stop ends it', async () => {
  const started = await verb('start')
  expect(started).toMatchObject({ code: 0, stderr: '' })
  const pid = pidOf()
  expect(isAlive(pid)).toBe(true)

  const again = await verb('start')
  expect(again.code).toBe(75)
  expect(again.stderr).toContain(`pid ${pid}`)
  expect(isAlive(pid)).toBe(true)

  // It does its work: the pair's checkpoint appears.
  await eventually(async () => {
    const { rows } = await pair.cassandra.execute(`SELECT pair FROM ${pair.name}.caes_checkpoint`)
    expect(rows.map((row) => String(row.get('pair')))).toEqual(['default'])
  })

  const restarted = await verb('restart', '--json')
  expect(restarted.code).toBe(0)
  expect(isAlive(pid)).toBe(false)
  const second = pidOf()
  const log = join(file.folder, 'home', 'caes-sync.log')
  expect(JSON.parse(restarted.stdout)).toEqual({ state: 'started', pid: second, log, stopped: pid })
  expect(isAlive(second)).toBe(true)

  const stopped = await verb('stop', '--json')
  expect(stopped.code).toBe(0)
  expect(JSON.parse(stopped.stdout)).toEqual({ state: 'stopped', pid: second })
  expect(isAlive(second)).toBe(false)
  expect(existsSync(pidFile())).toBe(false)
  expect(JSON.parse((await verb('stop', '--json')).stdout)).toEqual({ state: 'not running' })
  expect((await verb('stop')).stdout).toContain('not running')
})

test('a pid file that names another process, or nothing, is not believed', async () => {
  for (const stale of [JSON.stringify({ pid: process.pid, began: 'another time' }), '{"pid":', '']) {
    writeFileSync(pidFile(), stale)
    expect((await verb('stop')).stdout).toContain('not running')
    writeFileSync(pidFile(), stale)
    expect((await verb('start')).code).toBe(0)
    expect((await verb('stop')).code).toBe(0)
  }
})

test('a service that cannot start says why, with the exit code it would have in the foreground', async () => {
  const { code, stderr, stdout } = await verb('start', '--json', '--set', 'CassandraConfig.keyspace=nowhere')
  expect(code).toBe(78)
  expect(JSON.parse(stdout)).toMatchObject({ state: 'not started', exitCode: 78 })
  expect(stderr).toContain('"nowhere"')
  expect(existsSync(pidFile())).toBe(false)
})

test('a broken configuration does not take a running service down', async () => {
  expect((await verb('start')).code).toBe(0)
  const pid = pidOf()
  const { code } = await verb('restart', '--set', 'interval=never')
  expect(code).toBe(78)
  expect(isAlive(pid)).toBe(true)
  expect((await verb('stop')).code).toBe(0)
})
