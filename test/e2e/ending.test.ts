/** Ways in which a process ends that is not let to end by itself. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { windowId } from '../../src/adapters/bullmq/window-id.js'
import { windowsQueue, type WindowJobData } from '../../src/adapters/bullmq/window-job.js'
import { endpointsFrom } from '../../src/demo/schema.js'
import { wipeQueues } from '../../src/demo/watch.js'
import { configFile, distUrl } from '../support/cli.js'
import { until } from '../support/eventually.js'
import { openPair, type PairFixture } from '../support/pair-fixture.js'
import { openLine, type TcpLine } from '../support/tcp-line.js'

const endpoints = endpointsFrom(process.env)
const mainFile = fileURLToPath(new URL('../cli/main.js', distUrl))
/** SIGUSR2 then has the process run in a circle: no timer, no signal and no answer any more. */
const circle = `data:text/javascript,${encodeURIComponent(`process.on('SIGUSR2', () => { for (;;); })`)}`

let pair: PairFixture
let cassandra: TcpLine
let file: ReturnType<typeof configFile>

beforeAll(async () => {
  pair = await openPair()
  cassandra = await openLine('127.0.0.1', Number(endpoints.cassandra.split(':')[1]))
  const config = JSON.parse(pair.configText) as Record<string, object>
  file = configFile(
    JSON.stringify({
      ...config,
      CassandraConfig: {
        ...config['CassandraConfig'],
        driver: { contact_points: ['127.0.0.1'], port: cassandra.port },
      },
      worker: { lock: '3s', shutdownTimeout: '60s' },
    }),
  )
})
afterAll(async () => {
  await wipeQueues(endpoints.redis, pair.name)
  await cassandra.close()
  file.remove()
  await pair.close()
})

const start = async () => {
  const child = spawn(process.execPath, ['--import', circle, mainFile, 'run', '-c', file.path], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
  await until('it works', () => stderr.includes('worker takes windows'), 60_000)
  return { child, said: () => stderr, ended }
}

test('a process whose event loop stands still ends by itself and says why', async () => {
  const { child, said, ended } = await start()
  child.kill('SIGUSR2')
  expect(await ended).toEqual([null, 'SIGKILL'])
  expect(said()).toMatch(/^caes-sync: stuck: nothing ran for 6 s; .*\[CAES_STUCK\]$/m)
})

test('a second signal ends it at once, while the first one still waits for a window', async () => {
  const { child, said, ended } = await start()
  cassandra.silence('answers')
  // A window of the scheduler's own may have been done a moment before, and without answers it hands out no other.
  const redis = new Redis(endpoints.redis, { maxRetriesPerRequest: null })
  const queue = new Queue<WindowJobData>(windowsQueue, { connection: redis, prefix: pair.name })
  const window = { from: 1_700_000_000, to: 1_700_000_060 }
  await queue.add('a window', { pair: 'default', ...window }, { jobId: windowId('default', window) })
  let since = Infinity
  await until('a window hangs', async () => {
    since = (await redis.llen(`${pair.name}:windows:active`)) === 0 ? Infinity : Math.min(since, performance.now())
    return performance.now() - since > 1_500
  })
  await queue.close()
  redis.disconnect()
  child.kill('SIGTERM')
  await until('it drains', () => said().includes('a second signal leaves at once'))
  child.kill('SIGINT')
  expect(await ended).toEqual([130, null])
})
