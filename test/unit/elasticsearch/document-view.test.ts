import { afterEach, describe, expect, it } from 'vitest'
import type { DocumentStoreOptions } from '../../../src/adapters/elasticsearch/document-store.js'
import { longTimestamp } from '../../../src/adapters/elasticsearch/timestamp-field.js'
import { searchRequest } from '../../../src/adapters/elasticsearch/document-view.js'
import type { FakeAnswer, FakeHandler } from '../../support/fake-elasticsearch.js'
import { fakeStore, signal, type FakeStore } from './fake-store.js'

let fake: FakeStore | undefined
afterEach(async () => {
  await fake?.close()
  fake = undefined
})

const start = async (handler: FakeHandler, options: Partial<DocumentStoreOptions> = {}): Promise<FakeStore> => {
  fake = await fakeStore(handler, options)
  return fake
}

interface Doc {
  readonly id: string
  readonly version: number
}
interface Search {
  readonly pit: { readonly id: string }
  readonly size: number
  readonly search_after?: readonly [number, number]
}

const shards = { total: 1, successful: 1, failed: 0 }
const page = (documents: readonly Doc[], all: readonly Doc[] = documents): FakeAnswer => ({
  body: {
    pit_id: 'pit',
    timed_out: false,
    _shards: shards,
    hits: {
      hits: documents.map((document) => ({
        _id: document.id,
        _version: document.version,
        _source: { timestamp: document.version, name: 'x' },
        sort: [document.version, all.indexOf(document)],
      })),
    },
  },
})

/** What a point in time over these documents answers. */
const search = (documents: readonly Doc[], { size, search_after: after }: Search): FakeAnswer => {
  const sorted = [...documents].sort((a, b) => a.version - b.version)
  const rest = sorted.filter(
    (each, at) => after === undefined || each.version > after[0] || (each.version === after[0] && at > after[1]),
  )
  return page(rest.slice(0, size), sorted)
}
const lost: FakeAnswer = {
  status: 404,
  body: {
    error: {
      type: 'search_phase_execution_exception',
      reason: 'all shards failed',
      root_cause: [{ type: 'search_context_missing_exception', reason: 'No search context found for id [4]' }],
    },
    status: 404,
  },
}

const read = async ({ store }: FakeStore, range = { from: 0, to: 1_000 }): Promise<string[]> => {
  const view = await store.openView([range], signal)
  try {
    const seen: string[] = []
    for await (const documents of view.pages(signal))
      seen.push(...documents.map(({ id, version }) => `${id}@${version}`))
    return seen
  } finally {
    await view.close()
  }
}
const numbered = (count: number, version = (at: number) => 100 + at): Doc[] =>
  Array.from({ length: count }, (_, at) => ({ id: `id-${at}`, version: version(at) }))

describe('the request for a page', () => {
  const timestamp = longTimestamp('timestamp')
  const ranges = [{ from: 100, to: 200 }]

  it('asks for everything that a complete reading takes', () => {
    expect(searchRequest({ id: 'p', timestamp, size: 7, position: { ranges, after: undefined } })).toEqual({
      pit: { id: 'p', keep_alive: '5m' },
      size: 7,
      version: true,
      query: { range: { timestamp: { gte: 100, lt: 200 } } },
      sort: [{ timestamp: 'asc' }, { _shard_doc: 'asc' }],
      track_total_hits: false,
      allow_partial_search_results: false,
    })
  })

  it('asks for several ranges at once, also where only some documents are wanted', () => {
    const several = [...ranges, { from: 300, to: 310 }]
    const either = {
      bool: {
        should: [{ range: { timestamp: { gte: 100, lt: 200 } } }, { range: { timestamp: { gte: 300, lt: 310 } } }],
      },
    }
    const page = { id: 'p', timestamp, size: 7, position: { ranges: several, after: undefined } }
    expect(searchRequest(page).query).toEqual(either)
    expect(searchRequest({ ...page, having: 'deleted' }).query).toEqual({
      bool: { filter: [either, { term: { deleted: true } }] },
    })
  })

  it('goes on behind the last document', () => {
    expect(searchRequest({ id: 'p', timestamp, size: 7, position: { ranges, after: [150, 4] } })).toMatchObject({
      search_after: [150, 4],
    })
  })
})

describe('reading a range', () => {
  it('needs few requests for a thousand documents', async () => {
    const documents = numbered(1_000)
    const store = await start(({ path, body }) =>
      path === '/_search' ? search(documents, JSON.parse(body) as Search) : undefined,
    )

    expect(await read(store)).toHaveLength(1_000)

    expect(store.server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /people',
      'GET /people/_refresh',
      'POST /people/_pit',
      'POST /_search',
      'POST /_search',
      'DELETE /_pit',
    ])
  })

  it('fetches the next page while the first is worked on', async () => {
    const documents = numbered(30)
    const { store, requests } = await start(
      ({ path, body }) => (path === '/_search' ? search(documents, JSON.parse(body) as Search) : undefined),
      { pageLimits: { maxDocuments: 10, targetBytes: 8e6, maxBytes: 64e6 } },
    )
    const view = await store.openView([{ from: 0, to: 1_000 }], signal)
    const pages = view.pages(signal)[Symbol.asyncIterator]()

    await pages.next()

    await expect.poll(() => requests('/_search').length).toBe(2)
    await pages.return?.()
    await view.close()
  })

  it('takes the new id that an answer gives its point in time', async () => {
    const documents = numbered(20)
    const ids: string[] = []
    const store = await start(
      ({ path, method, body }) => {
        if (method === 'DELETE') ids.push(`closed ${(JSON.parse(body) as { id: string }).id}`)
        if (path !== '/_search') return undefined
        const query = JSON.parse(body) as Search
        ids.push(query.pit.id)
        const answer = search(documents, query)
        return { body: { ...(answer.body as object), pit_id: `${query.pit.id}+` } }
      },
      { pageLimits: { maxDocuments: 15, targetBytes: 8e6, maxBytes: 64e6 } },
    )

    await read(store)

    expect(ids).toEqual(['pit', 'pit+', 'closed pit++'])
  })

  it('asks for smaller pages where documents are large', async () => {
    const documents = numbered(60)
    const sizes: number[] = []
    const store = await start(
      ({ path, body }) => {
        if (path !== '/_search') return undefined
        const query = JSON.parse(body) as Search
        sizes.push(query.size)
        return search(documents, query)
      },
      { pageLimits: { maxDocuments: 20, targetBytes: 200, maxBytes: 64e6 } },
    )

    expect(await read(store)).toHaveLength(60)

    expect(sizes[0]).toBe(20)
    expect(Math.max(...sizes.slice(1))).toBeLessThan(10)
  })

  it('asks again for less where an answer is too large to be read', async () => {
    const documents = numbered(64)
    const store = await start(
      ({ path, body }) => (path === '/_search' ? search(documents, JSON.parse(body) as Search) : undefined),
      { pageLimits: { maxDocuments: 64, targetBytes: 1e6, maxBytes: 2_000 } },
    )

    const seen = await read(store)

    expect(seen).toEqual(documents.map(({ id, version }) => `${id}@${version}`))
  })

  it('reads no larger page than the index gives', async () => {
    const store = await start(({ method, path }) =>
      method === 'GET' && path === '/people'
        ? {
            body: {
              people: {
                mappings: { properties: { timestamp: { type: 'long' } } },
                settings: { 'index.max_result_window': '7' },
              },
            },
          }
        : undefined,
    )

    await read(store)

    expect(JSON.parse(store.requests('/_search')[0]?.body ?? '')).toMatchObject({ size: 7 })
  })

  it('stops where the signal is aborted while the next page is on its way', async () => {
    const documents = numbered(30)
    const abort = new AbortController()
    const reason = new Error('enough')
    const { store } = await start(
      async ({ path, body }) => {
        if (path !== '/_search') return undefined
        const query = JSON.parse(body) as Search
        // The second page never comes.
        if (query.search_after !== undefined) await new Promise(() => {})
        return search(documents, query)
      },
      { pageLimits: { maxDocuments: 10, targetBytes: 8e6, maxBytes: 64e6 } },
    )
    const view = await store.openView([{ from: 0, to: 1_000 }], signal)
    const pages = view.pages(abort.signal)[Symbol.asyncIterator]()
    await pages.next()

    const second = pages.next()
    abort.abort(reason)

    await expect(second).rejects.toBe(reason)
    await view.close()
  })
})

describe('an answer that is not the whole answer', () => {
  const incomplete = { code: 'CAES_ELASTICSEARCH_INCOMPLETE' }
  const empty = { pit_id: 'pit', timed_out: false, _shards: shards, hits: { hits: [] } }

  it.each([
    ['times out', { ...empty, timed_out: true }],
    ['ends early', { ...empty, terminated_early: true }],
    ['lacks a shard', { ...empty, _shards: { ...shards, failed: 1 } }],
    ['lacks the content of a document', { ...empty, hits: { hits: [{ _id: 'a', _version: 1, sort: [1, 1] }] } }],
  ])('is never taken for one: the search %s', async (_, body) => {
    const store = await start(({ path }) => (path === '/_search' ? { body } : undefined))

    await expect(read(store)).rejects.toMatchObject(incomplete)
    expect(store.requests('/_pit').map(({ method }) => method)).toEqual(['POST', 'DELETE'])
  })

  it.each([
    ['a shard fails', { total: 2, successful: 1, failed: 1 }],
    ['no copy of a shard is active', { total: 2, successful: 0, failed: 0 }],
  ])('is never taken for one: %s at the refresh', async (_, _shards) => {
    const store = await start(({ path }) => (path.endsWith('/_refresh') ? { body: { _shards } } : undefined))

    await expect(read(store)).rejects.toMatchObject(incomplete)
    expect(store.requests('/_pit')).toEqual([])
  })

  it('is never taken for one: the view lacks a shard', async () => {
    const store = await start(({ method, path }) =>
      method === 'POST' && path.endsWith('/_pit')
        ? { body: { id: 'pit', _shards: { ...shards, failed: 1 } } }
        : undefined,
    )

    await expect(read(store)).rejects.toMatchObject(incomplete)
    expect(store.requests('/_pit').map(({ method }) => method)).toEqual(['POST', 'DELETE'])
  })

  it('is never taken for one: fewer documents than were asked for by id', async () => {
    const { store } = await start(({ path }) => (path.endsWith('/_mget') ? { body: { docs: [] } } : undefined))

    await expect(store.getMany(['a'], signal)).rejects.toMatchObject(incomplete)
  })
})

const halves = [
  { from: 0, to: 10 },
  { from: 10, to: 20 },
]
const counted = (counts: readonly number[], more: object = {}): FakeAnswer => ({
  body: {
    timed_out: false,
    _shards: shards,
    hits: { hits: [] },
    aggregations: { ranges: { buckets: counts.map((count) => ({ doc_count: count })) } },
    ...more,
  },
})

describe('counting', () => {
  it.each([
    ['shards that failed', { _shards: { ...shards, failed: 1 } }],
    ['a search that timed out', { timed_out: true }],
  ])('concludes nothing from %s', async (_, more) => {
    const store = await start(({ path }) => (path === '/_search' ? counted([1, 2], more) : undefined))
    const view = await store.store.openView([{ from: 0, to: 20 }], signal)
    await expect(view.count(halves, signal)).rejects.toMatchObject({ code: 'CAES_ELASTICSEARCH_INCOMPLETE' })
    await view.close()
  })
})

describe('a point in time that the server has lost', () => {
  it('is opened anew: reading goes on at the last timestamp, gives nothing twice and leaves nothing out', async () => {
    const before = numbered(40, (at) => 100 + Math.floor(at / 8))
    // In the new one the documents stand in another order, one has moved up, and one is new.
    const moved = { id: 'id-0', version: 104 }
    const fresh = { id: 'fresh', version: 104 }
    const after = [fresh, ...before.slice(1).toReversed(), moved]
    let opened = 0
    let searches = 0
    const store = await start(
      ({ method, path, body }) => {
        if (method === 'POST' && path.endsWith('/_pit')) {
          opened += 1
          return { body: { id: `pit-${opened}`, _shards: shards } }
        }
        if (path !== '/_search') return undefined
        searches += 1
        if (searches === 3) return lost
        return search(opened === 1 ? before : after, JSON.parse(body) as Search)
      },
      { pageLimits: { maxDocuments: 10, targetBytes: 8e6, maxBytes: 64e6 } },
    )

    const seen = await read(store)

    expect(opened).toBe(2)
    expect(new Set(seen).size).toBe(seen.length)
    expect([...seen].sort()).toEqual([...before, fresh].map(({ id, version }) => `${id}@${version}`).sort())
    // What was acknowledged meanwhile by a shard that moved must be searchable again.
    expect(store.requests('/_refresh')).toHaveLength(2)
    expect(store.logger.lines).toMatchObject([{ level: 'warn' }])
  })

  it('ends the reading where it is lost again and again', async () => {
    const store = await start(({ path }) => (path === '/_search' ? lost : undefined))

    await expect(read(store)).rejects.toMatchObject({ code: 'CAES_ELASTICSEARCH_INCOMPLETE' })
    expect(store.requests('/_search')).toHaveLength(4)
  })

  it('is opened anew for counting', async () => {
    let searches = 0
    const store = await start(({ path }) => {
      if (path !== '/_search') return undefined
      searches += 1
      return searches === 1 ? lost : counted([3, 4])
    })
    const view = await store.store.openView([{ from: 0, to: 20 }], signal)
    expect(await view.count(halves, signal)).toEqual([3, 4])
    expect(store.requests('_pit').length).toBeGreaterThan(1)
    await view.close()
  })

  it('is closed once, and whoever closes it meanwhile waits for that', async () => {
    let closed = 0
    const { store } = await start(({ method }) => {
      if (method === 'DELETE') closed += 1
      return undefined
    })
    const view = await store.openView([{ from: 0, to: 1 }], signal)
    const first = view.close()
    await view.close()
    expect(closed).toBe(1)
    await first
    await view.close()
    expect(closed).toBe(1)
  })

  it('may stay lost when it is closed', async () => {
    const { store, logger } = await start(({ method }) =>
      method === 'DELETE' ? { status: 500, body: { error: { type: 'boom', reason: 'x' }, status: 500 } } : undefined,
    )
    const view = await store.openView([{ from: 0, to: 1 }], signal)

    await view.close()
    await view.close()

    expect(logger.lines).toMatchObject([{ level: 'debug' }])
  })
})
