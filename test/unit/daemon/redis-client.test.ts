import { Cluster, type Redis } from 'ioredis'
import { afterEach, describe, expect, it } from 'vitest'
import { redisClient, shownPlace, type RedisPlace } from '../../../src/adapters/bullmq/redis-client.js'

const opened: (Redis | Cluster)[] = []
afterEach(() => {
  for (const client of opened.splice(0)) client.disconnect()
})

const open = (place: RedisPlace): Redis | Cluster => {
  const client = redisClient(place, { behaviour: { maxRetriesPerRequest: 1 }, offlineQueue: false })
  client.on('error', () => undefined) // nothing listens there
  opened.push(client)
  return client
}

const login = { username: 'caes', password: 'p@ss/w:rd %' }
const nodes = [
  { host: '127.0.0.1', port: 1 },
  { host: 'localhost', port: 2 },
]
const tls = { ca: 'PEM', rejectUnauthorized: true }

describe('the client of Redis', () => {
  it('takes everything from the URL', () => {
    expect(open({ url: 'rediss://u:p%2F@127.0.0.1:1/3' }).options).toMatchObject({
      host: '127.0.0.1',
      port: 1,
      db: 3,
      username: 'u',
      password: 'p/',
      tls: true,
      enableOfflineQueue: false,
    })
  })

  it('has login, database and TLS over those of the URL', () => {
    const { options } = open({ url: 'redis://u:p@127.0.0.1:1/3', login, database: 0, tls })
    expect(options).toMatchObject({ ...login, db: 0, tls })
    expect(open({ url: 'redis://u:p@127.0.0.1:1', login: { password: 'only' } }).options).toMatchObject({
      username: '',
      password: 'only',
    })
  })

  it('asks sentinels for the server, with logins of their own and the same TLS', () => {
    const place = { sentinel: { name: 'main', nodes, login: { password: 'watch' } }, login, tls }
    expect(open(place).options).toMatchObject({
      ...login,
      name: 'main',
      sentinels: nodes,
      sentinelPassword: 'watch',
      tls,
      sentinelTLS: tls,
      enableTLSForSentinelMode: true,
    })
  })

  it('knows a cluster by its nodes and dials them by name, which their certificates have', () => {
    const client = open({ cluster: nodes, login, tls })
    expect(client).toBeInstanceOf(Cluster)
    const { redisOptions, enableOfflineQueue, dnsLookup } = (client as Cluster).options
    expect(redisOptions).toMatchObject({ ...login, tls })
    expect(enableOfflineQueue).toBe(false)
    dnsLookup?.('redis1.example', (error, address) => expect([error, address]).toEqual([null, 'redis1.example']))
    expect.assertions(4)
  })

  it('is shown without anything of its login', () => {
    expect(shownPlace({ url: 'redis://user:secret@cache.local:6380/2?x=secret' })).toBe('cache.local:6380/2')
    expect(shownPlace({ sentinel: { name: 'main', nodes, login }, login })).toBe(
      'main of sentinel 127.0.0.1:1, localhost:2',
    )
    expect(shownPlace({ cluster: nodes, login })).toBe('cluster 127.0.0.1:1, localhost:2')
  })
})
