import { describe, expect, it } from 'vitest'
import { connectElasticsearch, describeNodes } from '../../../src/adapters/elasticsearch/client.js'
import { fakeElasticsearch } from '../../support/fake-elasticsearch.js'

describe('the connection', () => {
  it.each([
    [
      'user and password',
      { username: 'elastic', password: 'päss' },
      `Basic ${Buffer.from('elastic:päss').toString('base64')}`,
    ],
    ['an API key', { apiKey: 'aWQ6a2V5' }, 'ApiKey aWQ6a2V5'],
  ])('logs in with %s', async (_, auth, header) => {
    let seen: string | undefined
    const server = await fakeElasticsearch(({ headers }) => {
      seen = headers['authorization']
      return { body: {} }
    })
    const client = connectElasticsearch({ nodes: [server.url], auth, requestTimeoutMs: 5_000 })

    await client.indices.refresh({ index: 'people' })

    expect(seen).toBe(header)
    await client.close()
    await server.close()
  })

  it('keeps its sockets while views come and go', async () => {
    const server = await fakeElasticsearch(() => undefined)
    const client = connectElasticsearch({ nodes: [server.url], requestTimeoutMs: 5_000 })
    const openAndClose = async (): Promise<boolean> => {
      const { id } = await client.openPointInTime({ index: 'people', keep_alive: '1m' })
      return (await client.closePointInTime({ id })).succeeded
    }

    const closed = [await openAndClose()]
    const opened = server.connections()
    for (let view = 0; view < 5; view += 1) closed.push(await openAndClose())

    expect(closed).toEqual(Array.from({ length: 6 }, () => true))
    expect(server.connections()).toBe(opened)
    await client.close()
    await server.close()
  })

  it('is described without its password', async () => {
    const client = connectElasticsearch({
      nodes: ['https://elastic:s3cret@one:9200/prefix/', 'http://two:9201'],
      requestTimeoutMs: 5_000,
    })

    expect(describeNodes(client)).toBe('https://one:9200/prefix, http://two:9201')
    await client.close()
  })
})
