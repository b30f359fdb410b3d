/** Connections that lead nowhere any more without being closed, as behind a firewall that forgot them. */
import { afterEach, describe, expect, it } from 'vitest'
import { openRedis } from '../../src/adapters/bullmq/connection.js'
import { connectCassandra } from '../../src/adapters/cassandra/client.js'
import { cassandraOptions } from '../support/cassandra.js'
import { redisUrl } from '../support/daemon/fixture.js'
import { eventually } from '../support/eventually.js'
import { keepingLogger } from '../support/keeping-logger.js'
import { openLine } from '../support/tcp-line.js'

const releases: (() => unknown)[] = []
afterEach(async () => {
  for (const release of releases.splice(0).toReversed()) await release()
})

describe('a connection that says nothing any more', () => {
  it('to Cassandra is replaced after a few requests without an answer', async () => {
    const line = await openLine(cassandraOptions.contactPoints[0]!, cassandraOptions.port)
    releases.push(() => line.close())
    const client = await connectCassandra({
      contactPoints: ['127.0.0.1'],
      port: line.port,
      requestTimeoutMs: 1_000,
    })
    releases.push(() => client.shutdown())
    const ask = () => client.execute('SELECT release_version FROM system.local', [], { isIdempotent: true })
    expect((await ask()).rows).toHaveLength(1)

    line.silence('requests', 'answers')
    await expect(ask()).rejects.toThrow('did not reply before timeout')
    // What is silent stays silent; only new connections lead somewhere.
    await line.mend()
    await eventually(async () => expect((await ask()).rows).toHaveLength(1))
  })
  const openLink = async (kind: 'producer' | 'worker') => {
    const { hostname, port } = new URL(redisUrl)
    const line = await openLine(hostname, Number(port))
    releases.push(() => line.close())
    const link = openRedis({ url: `redis://127.0.0.1:${line.port}` }, kind, 'test', keepingLogger())
    releases.push(() => link.close())
    await link.untilReady(5_000)
    expect(await link.client.ping()).toBe('PONG')
    line.silence('requests', 'answers')
    const asked = link.client.ping()
    await line.mend()
    return { link, asked }
  }

  it('to Redis is replaced when an answer is overdue, and whoever asked hears of it', async () => {
    const { link, asked } = await openLink('producer')
    await expect(asked).rejects.toThrow('Command timed out')
    await eventually(async () => expect(await link.client.ping()).toBe('PONG'))
  })

  it('to Redis is replaced when an answer is overdue, and a worker asks again by itself', async () => {
    const { asked } = await openLink('worker')
    expect(await asked).toBe('PONG')
  })
})
