/** Roles that the demo, a benchmark or a test has started, when that one is killed. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { endpointsFrom } from '../../src/demo/schema.js'
import { wipeQueues } from '../../src/demo/watch.js'
import { configFile, distUrl } from '../support/cli.js'
import { until } from '../support/eventually.js'
import { isAlive } from '../support/is-alive.js'
import { openPair, type PairFixture } from '../support/pair-fixture.js'

let pair: PairFixture
let file: ReturnType<typeof configFile>

beforeAll(async () => {
  pair = await openPair()
  file = configFile(pair.configText)
})
afterAll(async () => {
  await wipeQueues(endpointsFrom(process.env).redis, pair.name)
  file.remove()
  await pair.close()
})

/** Starts a scheduler and a worker, and prints their ids. */
const ownerOf = (configPath: string, folder: string): string => `
  import { startRole } from ${JSON.stringify(new URL('processes.js', distUrl).href)}
  const options = ${JSON.stringify({ configFile: configPath, folder })}
  const roles = [await startRole('scheduler', options), await startRole('worker', options)]
  console.log(JSON.stringify(roles.map(({ pid }) => pid)))
`

test('they end by themselves, as nobody else would end them', async () => {
  const owner = spawn(process.execPath, ['--input-type=module', '--eval', ownerOf(file.path, file.folder)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(owner.stdout, 'data')) as [Buffer]
  const pids = JSON.parse(line.toString()) as number[]
  expect(pids.map(isAlive)).toEqual([true, true])
  owner.kill('SIGKILL')
  await until('both have ended', () => !pids.some(isAlive), 60_000)
})
