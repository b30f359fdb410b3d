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

  it('is described without its password', async () => {
    const client = connectElasticsearch({
      nodes: ['https://elastic:s3cret@one:9200/prefix/', 'http://two:9201'],
      requestTimeoutMs: 5_000,
    })

    expect(describeNodes(client)).toBe('https://one:9200/prefix, http://two:9201')
    await client.close()
  })
})
