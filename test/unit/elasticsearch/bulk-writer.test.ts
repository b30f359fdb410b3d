import { afterEach, describe, expect, it } from 'vitest'
import type { DocumentStoreOptions } from '../../../src/adapters/elasticsearch/document-store.js'
import { bulkAnswer, bulkIds, people, type FakeAnswer, type FakeHandler } from '../../support/fake-elasticsearch.js'
import { always, fakeStore, signal, writes, type FakeStore } from './fake-store.js'

let fake: FakeStore | undefined
afterEach(async () => {
  await fake?.close()
  fake = undefined
})

/** Answers bulk requests, given their ids and how many came before; all else as a healthy server does. */
const onBulk = async (
  answer: (ids: readonly string[], before: number) => FakeAnswer | undefined | Promise<FakeAnswer | undefined>,
  options: Partial<DocumentStoreOptions> = {},
  other: FakeHandler = () => undefined,
): Promise<FakeStore> => {
  let before = 0
  fake = await fakeStore(async (request) => {
    if (!request.path.endsWith('/_bulk')) return await other(request)
    before += 1
    return await answer(bulkIds(request.body), before - 1)
  }, options)
  return fake
}

const busy = { status: 429, error: { type: 'es_rejected_execution_exception', reason: 'queue full' } }
const conflict = { status: 409, error: { type: 'version_conflict_engine_exception', reason: 'conflict' } }
const poison = { status: 400, error: { type: 'document_parsing_exception', reason: 'failed to parse field [name]' } }
const created = { status: 201 }
const items = (answers: readonly (typeof busy | typeof created)[]): FakeAnswer => ({ body: bulkAnswer(answers) })

describe('writing documents', () => {
  it('needs two requests for a thousand: one look at the mapping, one bulk request', async () => {
    const { store, server } = await onBulk(() => undefined)

    await store.write(writes(1_000), always, signal)

    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /people',
      'POST /people/_bulk',
    ])
  })

  it('sends documents as an index operation with external version, and asks for small answers', async () => {
    const { store, requests } = await onBulk(() => undefined)

    await store.write(writes(1), always, signal)

    const [request] = requests('/_bulk')
    expect(request?.body).toBe(
      '{"index":{"_id":"id-0","version":100,"version_type":"external"}}\n{"name":"someone","timestamp":100}\n',
    )
    expect(request?.query.get('filter_path')).toBe('items.*.status,items.*.error.type,items.*.error.reason')
  })

  it('bounds requests by their number of records', async () => {
    const { store, requests } = await onBulk(() => undefined, { bulkLimits: { maxActions: 400 } })

    await store.write(writes(1_000), always, signal)

    expect(requests('/_bulk').map(({ body }) => bulkIds(body).length)).toEqual([400, 400, 200])
  })

  it('bounds requests by their size', async () => {
    const { store, requests } = await onBulk(() => undefined, { bulkLimits: { maxBytes: 10_000 } })

    await store.write(writes(50, 'x'.repeat(1_000)), always, signal)

    expect(requests('/_bulk').length).toBeGreaterThan(5)
    expect(Math.max(...requests('/_bulk').map(({ body }) => body.length))).toBeLessThanOrEqual(10_000)
  })

  it('keeps no more requests in flight than allowed', async () => {
    let inFlight = 0
    let most = 0
    let meet = (): void => {}
    const { store } = await onBulk(
      async () => {
        most = Math.max(most, (inFlight += 1))
        // The first of two waits for the second; a third would be seen.
        if (inFlight % 2 === 1) await new Promise<void>((resolve) => (meet = resolve))
        else meet()
        inFlight -= 1
        return undefined
      },
      { bulkLimits: { maxActions: 1, inFlight: 2 } },
    )

    await store.write(writes(20), always, signal)

    expect(most).toBe(2)
  })

  it('classifies each record of a mixed answer once', async () => {
    const answers = [created, conflict, poison, busy, created]
    const { store, requests } = await onBulk((_, before) => (before === 0 ? items(answers) : undefined))

    const outcomes = await store.write(writes(5), always, signal)

    expect(outcomes.map(({ kind }) => kind)).toEqual(['written', 'superseded', 'rejected', 'written', 'written'])
    expect(requests('/_bulk').map(({ body }) => bulkIds(body))).toEqual([
      ['id-0', 'id-1', 'id-2', 'id-3', 'id-4'],
      ['id-3'],
    ])
  })
})

describe('a busy server', () => {
  it('is asked again, ever later, for the records it was too busy for', async () => {
    const { store, sleeps } = await onBulk((ids, before) => (before < 3 ? items(ids.map(() => busy)) : undefined))

    const outcomes = await store.write(writes(2), always, signal)

    expect(outcomes.map(({ kind }) => kind)).toEqual(['written', 'written'])
    expect(sleeps).toEqual([100_000, 200_000, 400_000])
  })

  it('spreads the waits over their second half', async () => {
    const { store, sleeps } = await onBulk((ids, before) => (before < 2 ? items(ids.map(() => busy)) : undefined), {
      random: () => 0,
    })

    await store.write(writes(1), always, signal)

    expect(sleeps).toEqual([50_000, 100_000])
  })

  it.each([429, 503])('is asked again where it refused the whole request with %i', async (status) => {
    const refusal = { status, body: { error: { type: 'es_rejected_execution_exception', reason: 'full' }, status } }
    const { store, sleeps } = await onBulk((_, before) => (before === 0 ? refusal : undefined))

    expect(await store.write(writes(1), always, signal)).toEqual([{ kind: 'written' }])
    expect(sleeps).toHaveLength(1)
  })

  it('is given up after a number of attempts', async () => {
    const { store, requests } = await onBulk((ids) => items(ids.map(() => busy)), { bulkLimits: { attempts: 3 } })

    await expect(store.write(writes(2), always, signal)).rejects.toMatchObject({
      code: 'CAES_ELASTICSEARCH_OVERLOADED',
      message: expect.stringContaining('2 records 3 times'),
    })
    expect(requests('/_bulk')).toHaveLength(3)
  })

  it('is not asked again once the reading has become too old', async () => {
    let fresh = true
    const { store, requests } = await onBulk((ids) => {
      fresh = false
      return items(ids.map((_, at) => (at === 0 ? created : busy)))
    })

    const outcomes = await store.write(writes(3), () => fresh, signal)

    expect(outcomes.map(({ kind }) => kind)).toEqual(['written', 'unsent', 'unsent'])
    expect(requests('/_bulk')).toHaveLength(1)
  })
})

describe('a request that is too large', () => {
  const tooLarge = { status: 413, body: '' }

  it('is halved until its parts pass', async () => {
    const { store, requests } = await onBulk((ids) => (ids.length > 2 ? tooLarge : undefined))

    const outcomes = await store.write(writes(8), always, signal)

    expect(outcomes.every(({ kind }) => kind === 'written')).toBe(true)
    expect(requests('/_bulk').map(({ body }) => bulkIds(body).length)).toEqual([8, 4, 2, 2, 4, 2, 2])
  })

  it('sets the one document aside that is too large alone', async () => {
    const { store } = await onBulk((ids) => (ids.includes('id-2') ? tooLarge : undefined))

    const outcomes = await store.write(writes(4), always, signal)

    expect(outcomes.map(({ kind }) => kind)).toEqual(['written', 'written', 'rejected', 'written'])
    expect(outcomes[2]).toMatchObject({ reason: 'MAPPING', detail: expect.stringContaining('document too large') })
  })

  it('sets a record aside that the answer calls too large, after it was sent alone', async () => {
    const large = { status: 413, error: { type: 'es_rejected_execution_exception', reason: 'too large' } }
    const { store, requests } = await onBulk((ids) => items(ids.map((id) => (id === 'id-1' ? large : created))))

    const outcomes = await store.write(writes(3), always, signal)

    expect(outcomes.map(({ kind }) => kind)).toEqual(['written', 'rejected', 'written'])
    expect(requests('/_bulk').map(({ body }) => bulkIds(body))).toEqual([['id-0', 'id-1', 'id-2'], ['id-1']])
  })
})

describe('a failed request', () => {
  it('ends the writing, but only after those in flight have settled', async () => {
    let settled = 0
    let release = (): void => {}
    const slow = new Promise<void>((resolve) => {
      release = resolve
    })
    const { store, requests } = await onBulk(
      async (_, before) => {
        if (before === 1) {
          // Answers only after the other has failed for certain.
          await slow
          settled += 1
          return undefined
        }
        setImmediate(release)
        return { status: 500, body: { error: { type: 'boom', reason: 'boom' }, status: 500 } }
      },
      { bulkLimits: { maxActions: 1, inFlight: 2 } },
    )

    await expect(store.write(writes(10), always, signal)).rejects.toMatchObject({ code: 'CAES_ELASTICSEARCH_REFUSED' })

    expect(settled).toBe(1)
    expect(requests('/_bulk')).toHaveLength(2)
  })

  it('ends the waits of the others', async () => {
    const waiting: AbortSignal[] = []
    const { store } = await onBulk(
      (ids, before) => (before === 0 ? items(ids.map(() => busy)) : { status: 500, body: { status: 500 } }),
      {
        bulkLimits: { maxActions: 1, inFlight: 2 },
        clock: {
          now: () => 0,
          monotonic: () => 0,
          sleep: (_, signal) => {
            waiting.push(signal)
            return new Promise((_resolve, reject) => {
              const fail = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'))
              if (signal.aborted) fail()
              else signal.addEventListener('abort', fail, { once: true })
            })
          },
        },
      },
    )

    await expect(store.write(writes(2), always, signal)).rejects.toMatchObject({ code: 'CAES_ELASTICSEARCH_REFUSED' })
    expect(waiting.every(({ aborted }) => aborted)).toBe(true)
  })

  it.each([
    [
      'a read-only index',
      { status: 403, error: { type: 'cluster_block_exception', reason: 'read-only' } },
      'CAES_ELASTICSEARCH_BLOCKED',
    ],
    [
      'a full disk',
      { status: 429, error: { type: 'cluster_block_exception', reason: 'flood stage' } },
      'CAES_ELASTICSEARCH_BLOCKED',
    ],
    [
      'a missing primary',
      { status: 503, error: { type: 'unavailable_shards_exception', reason: 'primary shard is not active' } },
      'CAES_ELASTICSEARCH_INCOMPLETE',
    ],
    [
      'an index that is gone',
      { status: 404, error: { type: 'index_not_found_exception', reason: 'gone' } },
      'CAES_SCHEMA_MISMATCH',
    ],
  ])('is %s, although the answer is 200', async (_, item, code) => {
    const { store, requests } = await onBulk((ids) => items(ids.map(() => item)))

    await expect(store.write(writes(2), always, signal)).rejects.toMatchObject({ code })
    expect(requests('/_bulk')).toHaveLength(1)
  })

  it.each([
    ['fewer answers than records', { items: [{ index: created }] }],
    ['no answers', {}],
    ['answers of another kind', { items: [{ create: created }, { create: created }] }],
  ])('is one with %s', async (_, body) => {
    const { store } = await onBulk(() => ({ body }))

    await expect(store.write(writes(2), always, signal)).rejects.toMatchObject({
      code: 'CAES_ELASTICSEARCH_INCOMPLETE',
    })
  })

  it('is not tried again by the client behind our back', async () => {
    const { store, requests } = await onBulk(() => ({ status: 502, body: '' }))

    await expect(store.write(writes(1), always, signal)).rejects.toMatchObject({ code: 'CAES_ELASTICSEARCH_DOWN' })
    expect(requests('/_bulk')).toHaveLength(1)
  })
})

describe('an index that may hold more than the sync mirrors', () => {
  const loose = { people: { ...people.people, mappings: { ...people.people.mappings, dynamic: 'false' } } }
  const stored = (body: string): FakeAnswer => ({
    body: {
      docs: (JSON.parse(body) as { ids: string[] }).ids.map((id) => ({
        _id: id,
        _version: 1,
        found: true,
        _source: { name: 'old', timestamp: 1, note: `of ${id}` },
      })),
    },
  })
  const other: FakeHandler = ({ method, path, body }) => {
    if (method === 'GET' && path === '/people') return { body: loose }
    return path.endsWith('/_mget') ? stored(body) : undefined
  }

  it('is read right before each bulk request, and again before a retry', async () => {
    const { store, server } = await onBulk(
      (ids, before) => (before === 0 ? items(ids.map(() => busy)) : undefined),
      {},
      other,
    )

    await store.write(writes(2), always, signal)

    expect(server.requests.map(({ path }) => path)).toEqual([
      '/people',
      '/people/_mget',
      '/people/_bulk',
      '/people/_mget',
      '/people/_bulk',
    ])
    expect(server.requests.at(-1)?.body).toContain('{"note":"of id-1","name":"someone","timestamp":101}')
  })

  it('is not overwritten where its fields could not be read', async () => {
    const failing: FakeHandler = (request) =>
      request.path.endsWith('/_mget')
        ? { body: { docs: [{ _id: 'id-0', error: { type: 'no_shard_available_action_exception', reason: 'x' } }] } }
        : other(request)
    const { store, requests } = await onBulk(() => undefined, {}, failing)

    await expect(store.write(writes(1), always, signal)).rejects.toMatchObject({
      code: 'CAES_ELASTICSEARCH_INCOMPLETE',
    })
    expect(requests('/_bulk')).toHaveLength(0)
  })
})
