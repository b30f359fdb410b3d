import { afterEach, describe, expect, it } from 'vitest'
import { scanRequest } from '../../../src/adapters/elasticsearch/document-scan.js'
import type { FakeAnswer, FakeHandler } from '../../support/fake-elasticsearch.js'
import { fakeStore, signal, type FakeStore } from './fake-store.js'

let fake: FakeStore | undefined
afterEach(async () => {
  await fake?.close()
  fake = undefined
})

interface Search {
  readonly pit: { readonly id: string }
  readonly size: number
  readonly search_after?: readonly [number]
}

const whole = { side: 'elasticsearch', from: 0 } as const
const shards = { total: 1, successful: 1, failed: 0 }
const lost: FakeAnswer = {
  status: 404,
  body: { error: { type: 'search_context_missing_exception', reason: 'No search context found' }, status: 404 },
}

/** What a shard with so many documents answers; in another point in time they stand in another order. */
const pageOf = (count: number, { pit, size, search_after: after }: Search, order = 0): FakeAnswer => {
  const start = after === undefined ? 0 : after[0] + 1
  const places = Array.from({ length: Math.max(0, Math.min(size, count - start)) }, (_, at) => start + at)
  const hits = places.map((at) => ({
    _id: `id-${(at + order) % count}`,
    _version: 1,
    _source: { timestamp: 1, name: 'x' },
    sort: [at],
  }))
  return { body: { pit_id: pit.id, timed_out: false, _shards: shards, hits: { hits } } }
}

const start = async (search: (query: Search, nth: number) => FakeAnswer): Promise<FakeStore> => {
  let searches = 0
  let views = 0
  const handler: FakeHandler = ({ path, body }) => {
    if (path.endsWith('/_pit') && path !== '/_pit') return { body: { id: `pit ${++views}`, _shards: shards } }
    return path === '/_search' ? search(JSON.parse(body) as Search, ++searches) : undefined
  }
  // Scans take pages of twice as many.
  const pageLimits = { maxDocuments: 5, targetBytes: 8e6, maxBytes: 64e6 }
  fake = await fakeStore(handler, { pageLimits })
  return fake
}
const read = async ({ store }: FakeStore): Promise<string[]> => {
  const found: string[] = []
  for await (const page of store.scan(whole, signal)) found.push(...page.map(({ id }) => id))
  return found
}

describe('the request for a page of a scan', () => {
  const query = { id: 'p', size: 7, whole: true, after: undefined }

  it('asks for everything that a complete reading takes', () => {
    expect(scanRequest({ ...query, part: { side: 'elasticsearch', from: 100, to: 200 } })).toEqual({
      pit: { id: 'p', keep_alive: '5m' },
      size: 7,
      version: true,
      query: { range: { _seq_no: { gte: 100, lt: 200 } } },
      sort: [{ _shard_doc: 'asc' }],
      track_total_hits: false,
      allow_partial_search_results: false,
    })
  })

  it('has no end in the last part, and no content where only ids are asked for', () => {
    const request = scanRequest({ ...query, part: { side: 'elasticsearch', from: 100 }, whole: false, after: [41] })
    expect(request).toMatchObject({ query: { range: { _seq_no: { gte: 100 } } }, _source: false, search_after: [41] })
    expect(request).not.toHaveProperty('version')
  })
})

describe('scanning a part', () => {
  it('begins anew where the point in time is lost, and gives every document once', async () => {
    const store = await start((query, nth) => (nth === 3 ? lost : pageOf(25, query, query.pit.id === 'pit 1' ? 0 : 7)))

    const found = await read(store)

    expect(new Set(found).size).toBe(25)
    expect(found).toHaveLength(25)
    expect(store.requests('/people/_pit')).toHaveLength(2)
    // What is acknowledged meanwhile has to be seen in the new one, too.
    expect(store.requests('/_refresh')).toHaveLength(2)
    expect(store.logger.lines.filter(({ level }) => level === 'warn')).toHaveLength(1)
  })

  it('refreshes nothing for a part that has an end: what belongs to it could be searched when it was cut', async () => {
    const store = await start((query) => pageOf(5, query))
    for await (const page of store.store.scan({ ...whole, to: 100 }, signal)) expect(page).toHaveLength(5)
    expect(store.requests('/people/_pit')).toHaveLength(1)
    expect(store.requests('/_refresh')).toEqual([])
  })

  it('gives up where points in time are lost again and again', async () => {
    const store = await start((query, nth) => (nth > 1 ? lost : pageOf(25, query)))

    await expect(read(store)).rejects.toMatchObject({ name: 'CaesError', code: 'CAES_ELASTICSEARCH_INCOMPLETE' })
  })

  it('takes no partial page for a whole one', async () => {
    const store = await start((query) => {
      const { body } = pageOf(25, query)
      return { body: { ...(body as object), _shards: { total: 2, successful: 1, failed: 1 } } }
    })

    await expect(read(store)).rejects.toMatchObject({ code: 'CAES_ELASTICSEARCH_INCOMPLETE' })
  })

  it('leaves no point in time open, also behind a consumer that has seen enough', async () => {
    const store = await start((query) => pageOf(25, query))

    for await (const page of store.store.scan(whole, signal)) {
      expect(page).toHaveLength(10)
      break
    }

    expect(store.server.requests.filter(({ method, path }) => method === 'DELETE' && path === '/_pit')).toHaveLength(1)
  })
})
