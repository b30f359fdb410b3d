import { Redis } from 'ioredis'
import { afterEach, describe, expect, test } from 'vitest'
import { openRedis } from '../../src/adapters/bullmq/connection.js'
import { shownPlace, type RedisPlace } from '../../src/adapters/bullmq/redis-client.js'
import { freePorts } from '../../stack/ports.js'
import { daemonFixture, quietResult, type DaemonFixture } from '../support/daemon/fixture.js'
import { eventually, until } from '../support/eventually.js'
import { keepingLogger } from '../support/keeping-logger.js'
import { startRedis, type RedisProcess } from '../support/redis-process.js'
import { clientTls, sheet } from './support.js'

const servers: RedisProcess[] = []
let daemon: DaemonFixture | undefined
afterEach(async () => {
  await daemon?.close()
  daemon = undefined
  for (const server of servers.splice(0)) await server.close()
})

const start = async (...args: Parameters<typeof startRedis>): Promise<void> => {
  servers.push(await startRedis(...args))
}

/** TLS alone, with certificates on both sides. A sentinel and a node of a cluster are clients, too. */
const tlsSettings = (port: number): Record<string, string> => {
  const { ca, server, client } = sheet().certificates
  return {
    port: '0',
    'tls-port': String(port),
    'tls-cert-file': server.cert,
    'tls-key-file': server.key,
    'tls-client-cert-file': client.cert,
    'tls-client-key-file': client.key,
    'tls-ca-cert-file': ca.cert,
    'tls-auth-clients': 'yes',
  }
}

/** The whole queue: windows are planned, handed out, worked on, and acknowledged. Resolves to what the board answers. */
const boardAfterWindows = async (place: RedisPlace): Promise<number> => {
  daemon = await daemonFixture(place)
  const { worker, scheduler, watermark, dashboard } = daemon
  await worker(async (pair, window) => quietResult(pair, window))
  await scheduler()
  const before = watermark()
  await until('the watermark moves', () => watermark() > before + 1_000)
  const { url } = await dashboard()
  return (await fetch(`${url}/board/api/queues`)).status
}

const refusalOf = async (place: RedisPlace): Promise<unknown> => {
  const link = openRedis(place, 'producer', 'test', keepingLogger())
  try {
    return await link.untilReady(20_000)
  } catch (error) {
    return error
  } finally {
    link.close()
  }
}

const denied = (place: RedisPlace): object => ({
  code: 'CAES_REDIS_DENIED',
  where: shownPlace(place),
  message: expect.stringContaining('WRONGPASS') as string,
})

describe('sentinels', () => {
  const place = (port: number, password = 'of-the-sentinel'): RedisPlace => ({
    sentinel: { name: 'main', nodes: [{ host: '127.0.0.1', port }], login: { username: 'watcher', password } },
    login: sheet().accounts.redis.admin,
    tls: clientTls(),
  })
  const sentinel = async (): Promise<number> => {
    const [port = 0] = await freePorts(1)
    const { redis, accounts } = sheet()
    const { username, password } = accounts.redis.admin
    await start(
      { ...tlsSettings(port), 'tls-replication': 'yes' },
      {
        sentinel: true,
        more: [
          'user default off',
          'user watcher on >of-the-sentinel +@all allchannels allkeys',
          `sentinel monitor main 127.0.0.1 ${/\d+$/.exec(redis)?.[0]} 1`,
          `sentinel auth-user main ${username}`,
          `sentinel auth-pass main ${password}`,
        ],
      },
    )
    return port
  }

  test('name the server, each with a login of its own, all over TLS', async () => {
    expect(await boardAfterWindows(place(await sentinel()))).toBe(200)
  })

  test('that do not let us in are told from a server that is down', async () => {
    const wrong = place(await sentinel(), 'wrong')
    expect(await refusalOf(wrong)).toMatchObject(denied(wrong))
  })
})

describe('a cluster', () => {
  const password = 'of-the-cluster'
  const cluster = async (): Promise<number[]> => {
    // The bus is 10,000 above by default, where connections of others may have their ports.
    const [port, otherPort, bus, otherBus] = (await freePorts(4)) as [number, number, number, number]
    const ports = [port, otherPort]
    const buses = [bus, otherBus]
    for (const [at, port] of ports.entries()) {
      const clustered = { 'tls-cluster': 'yes', 'cluster-enabled': 'yes', 'cluster-port': String(buses[at]) }
      const settings = { ...tlsSettings(port), ...clustered, appendonly: 'no' }
      await start(settings, {
        more: ['user default off', `user caes on >${password} ~* &* +@all`, `cluster-announce-tls-port ${port}`],
      })
    }
    const nodes = ports.map(
      (port) => new Redis({ host: '127.0.0.1', port, username: 'caes', password, tls: clientTls() }),
    )
    const [one, other] = nodes as [Redis, Redis]
    await one.call('CLUSTER', 'ADDSLOTSRANGE', '0', '8191')
    await other.call('CLUSTER', 'ADDSLOTSRANGE', '8192', '16383')
    await one.call('CLUSTER', 'MEET', '127.0.0.1', String(otherPort), String(otherBus))
    await eventually(async () => {
      for (const node of nodes) expect(await node.call('CLUSTER', 'INFO')).toMatch(/cluster_state:ok[^]*known_nodes:2/)
    })
    for (const node of nodes) node.disconnect()
    return ports
  }
  const place = (ports: readonly number[], login = { username: 'caes', password }): RedisPlace => ({
    cluster: ports.map((port) => ({ host: '127.0.0.1', port })),
    login,
    tls: clientTls(),
  })

  test('keeps all keys of a queue on one node, over TLS and with a login', async () => {
    // One address is enough to find the other.
    const [first] = await cluster()
    expect(await boardAfterWindows(place([first!]))).toBe(200)
  })

  test('that does not let us in says so, and where', async () => {
    const wrong = place(await cluster(), { username: 'caes', password: 'wrong' })
    expect(await refusalOf(wrong)).toMatchObject(denied(wrong))
  })
})
