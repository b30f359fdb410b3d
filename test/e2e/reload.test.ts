/** Another configuration for a running service, in the same process; and log files that are moved away. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { endpointsFrom } from '../../src/demo/schema.js'
import { wipeQueues } from '../../src/demo/watch.js'
import { caesSync, configFile } from '../support/cli.js'
import { eventually } from '../support/eventually.js'
import { idsOf } from '../support/ids.js'
import { openPair, type PairFixture } from '../support/pair-fixture.js'

let pair: PairFixture
let file: ReturnType<typeof configFile>
const home = () => join(file.folder, 'home')
const verb = (name: string) => caesSync([name, '-c', file.path], { CAES_HOME: home() })
const pidOf = () => (JSON.parse(readFileSync(join(home(), 'caes-sync.pid'), 'utf8')) as { pid: number }).pid
const logPath = () => join(file.folder, 'caes.log')
const log = () => readFileSync(logPath(), 'utf8')

const configure = (change: object): void => {
  const logging = {
    version: 1,
    formatters: { simple: { format: '%(levelname)-8s %(name)s %(message)s' } },
    handlers: { file: { class: 'logging.FileHandler', filename: 'caes.log', formatter: 'simple' } },
    loggers: { caes: { level: 'INFO', handlers: ['file'], propagate: false } },
  }
  writeFileSync(file.path, JSON.stringify({ ...(JSON.parse(pair.configText) as object), logging, ...change }))
}
/** It goes on syncing: a document that is written now comes over. */
const goesOn = async (name: string): Promise<void> => {
  const [id] = idsOf(1, name) as [string]
  await pair.index(id, Math.floor(Date.now() / 1_000), { vint: 7 })
  await eventually(async () => expect(await pair.row(id)).toMatchObject({ vint: 7 }))
}

beforeAll(async () => {
  pair = await openPair()
  file = configFile('')
  configure({})
})
afterAll(async () => {
  await verb('stop')
  await wipeQueues(endpointsFrom(process.env).redis, pair.name)
  file.remove()
  await pair.close()
})

test('a file that has not changed restarts nothing, and a log that was moved away is begun anew', async () => {
  expect(await verb('start')).toMatchObject({ code: 0, stderr: '' })
  await eventually(() => expect(log()).toMatch(/^INFO +caes\.worker worker takes windows/m))
  renameSync(logPath(), `${logPath()}.1`)
  const { code, stdout } = await verb('reload')
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('has not changed') as string })
  expect(log()).toContain('the configuration has not changed')
})

test('a changed file is gone on with in the same process, and no window is lost', async () => {
  const pid = pidOf()
  configure({ worker: { concurrency: 2 } })
  expect(await verb('reload')).toMatchObject({ code: 0, stdout: `caes-sync reloaded, pid ${pid}\n` })
  expect(pidOf()).toBe(pid)
  expect(log()).toContain('worker takes windows concurrency=2')
  await goesOn('after a reload')
})

test('a bad file, or one that names what is not there, is refused with 78, and the service goes on', async () => {
  const pid = pidOf()
  configure({ sync: { overlap: 'soon' } })
  const bad = await verb('reload')
  expect(bad.code).toBe(78)
  expect(bad.stderr).toContain('the service goes on with the old configuration')
  expect(bad.stderr).toMatch(/caes-sync\.yaml:\d+:\d+: sync\.overlap must be a duration/)
  expect(log()).toContain('the configuration stays as it was')

  const { ElasticSearchConfig } = JSON.parse(pair.configText) as { ElasticSearchConfig: object }
  configure({ ElasticSearchConfig: { ...ElasticSearchConfig, index: 'nowhere' } })
  expect((await verb('reload')).code).toBe(78)
  expect(pidOf()).toBe(pid)
  await goesOn('after refused reloads')
})

test('where nothing runs there is nothing to reload', async () => {
  configure({})
  expect((await verb('stop')).code).toBe(0)
  const { code, stderr } = await verb('reload')
  expect(code).toBe(1)
  expect(stderr).toContain('CAES_NOT_RUNNING')
})
