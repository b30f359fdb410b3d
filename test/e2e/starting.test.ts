/** Processes that start while something they need is away. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startRole, stopRoles, type Role, type RoleProcess } from '../../src/demo/processes.js'
import { endpointsFrom } from '../../src/demo/schema.js'
import { wipeQueues } from '../../src/demo/watch.js'
import { caesSync, configFile, distUrl } from '../support/cli.js'
import { eventually, until } from '../support/eventually.js'
import { freePort } from '../support/free-port.js'
import { idsOf } from '../support/ids.js'
import { openPair, type PairFixture } from '../support/pair-fixture.js'
import { openLine, type TcpLine } from '../support/tcp-line.js'

const endpoints = endpointsFrom(process.env)
const redisUrl = new URL(endpoints.redis)
const targets = {
  elasticsearch: { host: '127.0.0.1', port: Number(new URL(endpoints.elasticsearch).port) },
  cassandra: { host: '127.0.0.1', port: Number(endpoints.cassandra.split(':')[1]) },
  redis: { host: '127.0.0.1', port: Number(redisUrl.port === '' ? '6379' : redisUrl.port) },
} as const
type Server = keyof typeof targets
const servers = Object.keys(targets) as Server[]
const mainFile = fileURLToPath(new URL('../cli/main.js', distUrl))

let pair: PairFixture
let lines: Record<Server, TcpLine>
let file: ReturnType<typeof configFile>
const running: RoleProcess[] = []

beforeAll(async () => {
  pair = await openPair()
})
afterAll(() => pair.close())

beforeEach(async () => {
  const open = async (server: Server): Promise<TcpLine> => openLine(targets[server].host, targets[server].port)
  lines = {
    elasticsearch: await open('elasticsearch'),
    cassandra: await open('cassandra'),
    redis: await open('redis'),
  }
  const config = JSON.parse(pair.configText) as Record<string, { driver: object }>
  file = configFile(
    JSON.stringify({
      ...config,
      ElasticSearchConfig: {
        ...config['ElasticSearchConfig'],
        driver: { hosts: [`http://127.0.0.1:${lines.elasticsearch.port}`] },
      },
      CassandraConfig: {
        ...config['CassandraConfig'],
        driver: { contact_points: ['127.0.0.1'], port: lines.cassandra.port },
      },
      redis: { url: `redis://127.0.0.1:${lines.redis.port}`, prefix: pair.name },
    }),
  )
})
afterEach(async () => {
  for (const server of servers) await lines[server].mend()
  await stopRoles(running.splice(0), 60_000)
  await wipeQueues(endpoints.redis, pair.name)
  for (const server of servers) await lines[server].close()
  file.remove()
})

const start = async (role: Role): Promise<RoleProcess> => {
  const started = await startRole(role, { configFile: file.path, folder: file.folder, base: distUrl })
  running.push(started)
  return started
}
/** `caes-sync run` from the command line. */
const spawnRun = (args: readonly string[]) => {
  const child = spawn(process.execPath, [mainFile, 'run', '-c', file.path, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return { child, said: () => stderr, ended }
}
const away: Record<Server, (port: number) => string> = {
  elasticsearch: (port) => `ElasticSearchConfig.driver={hosts: ["http://127.0.0.1:${port}"]}`,
  cassandra: (port) => `CassandraConfig.driver={contact_points: [127.0.0.1], port: ${port}}`,
  redis: (port) => `redis.url=redis://127.0.0.1:${port}`,
}

const text = async (url: string): Promise<string> => (await fetch(url)).text()
const status = async (url: string): Promise<number> => (await fetch(url)).status

describe('starting while a store or Redis is away', () => {
  test('each process waits and says what for, is alive but not ready, and goes on by itself', async () => {
    for (const server of servers) await lines[server].cut()
    const scheduler = await start('scheduler')
    const worker = await start('worker')
    const dashboard = await start('dashboard')
    for (const { url } of [scheduler, worker, dashboard]) {
      expect(await status(`${url}/healthz`)).toBe(200)
      await until('it says so', async () => (await text(`${url}/readyz`)).includes('CAES_REDIS_DOWN'))
      expect(await status(`${url}/readyz`)).toBe(503)
    }

    await lines.redis.mend()
    await until('the page is ready', async () => (await status(`${dashboard.url}/readyz`)) === 200)
    await until('Cassandra is named', async () =>
      [await text(`${scheduler.url}/readyz`), await text(`${worker.url}/readyz`)].every((each) =>
        each.includes('CAES_CASSANDRA_DOWN'),
      ),
    )
    await lines.cassandra.mend()
    await until('the scheduler plans', async () => (await status(`${scheduler.url}/readyz`)) === 200)
    await until('only Elasticsearch is missing', async () =>
      (await text(`${worker.url}/readyz`)).includes('CAES_ELASTICSEARCH_DOWN'),
    )
    await lines.elasticsearch.mend()
    await until('the worker is ready', async () => (await status(`${worker.url}/readyz`)) === 200)

    const [one, other] = idsOf(2, 'starting') as [string, string]
    const now = Math.floor(Date.now() / 1_000)
    await pair.index(one, now, { vint: 1 })
    await pair.batch(other, now, { vint: 2 })
    await eventually(async () => expect(await pair.row(one)).toMatchObject({ vint: 1 }), 60_000)
    await eventually(async () => expect(await pair.document(other)).toMatchObject({ source: { vint: 2 } }), 60_000)

    // And away again while windows run. Without Cassandra none are handed out, so it is the scheduler that meets it.
    const meets = { elasticsearch: worker, cassandra: scheduler } as const
    for (const [index, store] of (['elasticsearch', 'cassandra'] as const).entries()) {
      const ready = `${meets[store].url}/readyz`
      await lines[store].cut()
      await until('it is named', async () => (await text(ready)).includes(`CAES_${store.toUpperCase()}_DOWN`), 60_000)
      expect(await status(`${meets[store].url}/healthz`)).toBe(200)
      await lines[store].mend()
      await pair.index(one, now + 1 + index, { vint: 10 + index })
      await eventually(async () => expect(await pair.row(one)).toMatchObject({ vint: 10 + index }), 60_000)
      await until('it is ready', async () => (await status(ready)) === 200)
    }
  })

  test('SIGTERM ends the waiting with exit code 0', async () => {
    for (const server of servers) await lines[server].cut()
    const { child, said, ended } = spawnRun(['--role', 'all'])
    await until('it waits', () => said().includes('CAES_REDIS_DOWN'))
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
  })

  test('--fail-fast ends with exit code 69 and names what is away', async () => {
    const results = servers.map(async (server) => {
      const { said, ended } = spawnRun(['--role', 'worker', '--fail-fast', '--set', away[server](await freePort())])
      return { server, code: await ended, stderr: said() }
    })
    for (const { server, code, stderr } of await Promise.all(results)) {
      expect(stderr).toContain(`[CAES_${server.toUpperCase()}_DOWN]`)
      expect(code).toBe(69)
    }
  })

  test.each([
    ['an index that is missing', 'ElasticSearchConfig.index=nowhere', 'CAES_SCHEMA_MISMATCH'],
    ['a wrong password', `redis.url=redis://ann:hunter2@127.0.0.1:${targets.redis.port}`, 'CAES_REDIS_DENIED'],
  ])('%s ends the start at once with exit code 78', async (_, override, code) => {
    const result = await caesSync(['run', '--role', 'worker', '-c', file.path, '--set', override])
    expect(result.stderr).toContain(code)
    expect(result.stderr).not.toContain('hunter2')
    expect(result.code).toBe(78)
  })

  test('what turns out to be wrong after the wait ends it with exit code 78', async () => {
    await lines.elasticsearch.cut()
    const { said, ended } = spawnRun(['--role', 'worker', '--set', 'ElasticSearchConfig.index=nowhere'])
    await until('it waits', () => said().includes('CAES_ELASTICSEARCH_DOWN'))
    await lines.elasticsearch.mend()
    expect(await ended).toBe(78)
    expect(said()).toContain('CAES_SCHEMA_MISMATCH')
  })
})
