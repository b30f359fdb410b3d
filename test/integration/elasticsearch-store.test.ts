/** What only the real server shows: mappings, lost points in time, blocks, and digits on the wire. */
import { randomUUID } from 'node:crypto'
import type { Client, estypes } from '@elastic/elasticsearch'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectElasticsearch } from '../../src/adapters/elasticsearch/client.js'
import {
  ElasticsearchDocumentStore,
  type DocumentStoreOptions,
} from '../../src/adapters/elasticsearch/document-store.js'
import type { StoredDocument } from '../../src/ports/store.js'
import { systemClock } from '../../src/runtime/clock.js'
import { testClient, testIndex, watchRequests, type TestIndex } from '../support/elasticsearch.js'
import { keepingLogger } from '../support/keeping-logger.js'

const signal = new AbortController().signal
const always = (): boolean => true

let client: Client
let indices: TestIndex[]
beforeEach(() => {
  client = testClient()
  indices = []
})
afterEach(async () => {
  for (const index of indices) await index.drop()
  await client.close()
})

const createIndex = async (
  mappings: estypes.MappingTypeMapping,
  settings: estypes.IndicesIndexSettings = {},
): Promise<string> => {
  const index = await testIndex(client, mappings, settings)
  indices.push(index)
  return index.name
}
const storeOf = (index: string, options: Partial<DocumentStoreOptions> = {}): ElasticsearchDocumentStore =>
  new ElasticsearchDocumentStore({
    client,
    index,
    timestampField: 'timestamp',
    unit: 's',
    mirrored: new Set(['name', 'number']),
    clock: systemClock,
    logger: keepingLogger(),
    ...options,
  })
const read = async (store: ElasticsearchDocumentStore, from: number, to: number): Promise<StoredDocument[]> => {
  const view = await store.openView([{ from, to }], signal)
  try {
    const documents: StoredDocument[] = []
    for await (const page of view.pages(signal)) documents.push(...page)
    return documents
  } finally {
    await view.close()
  }
}
const long = { type: 'long' } as const
const version = 1_700_000_000

describe('the timestamp field', () => {
  it.each<[string, estypes.MappingProperty, 's' | 'ms', number, unknown]>([
    ['long', long, 's', version, version],
    ['date', { type: 'date' }, 's', version, '2023-11-14T22:13:20.000Z'],
    ['date', { type: 'date' }, 'ms', version * 1000 + 7, '2023-11-14T22:13:20.007Z'],
    ['date', { type: 'date', format: 'epoch_second' }, 's', version, version],
    ['date', { type: 'date', format: 'epoch_second' }, 'ms', version * 1000 + 7, 1700000000.007],
    ['date', { type: 'date', format: 'epoch_millis' }, 's', version, version * 1000],
    ['date', { type: 'date', format: 'strict_date_time_no_millis' }, 's', version, '2023-11-14T22:13:20Z'],
  ])(
    'of type %s %j and unit %s is written, found by its range, added up, and read back',
    async (_, property, unit, at, text) => {
      const store = storeOf(await createIndex({ properties: { timestamp: property } }), { unit })
      const id = randomUUID()
      await store.write([{ id, version: at, source: { name: 'x' } }], always, signal)

      expect(await read(store, at, at + 1)).toEqual([
        { id, version: at, stamp: at, source: { name: 'x', timestamp: text } },
      ])
      expect(await read(store, at + 1, at + 100)).toEqual([])
      expect(await read(store, 0, at)).toEqual([])
      expect(await read(store, 0, Number.MAX_SAFE_INTEGER)).toHaveLength(1)
      await store.write([{ id: randomUUID(), version: at + 1, source: {} }], always, signal)
      const ranges = [{ from: at - 1, to: at + 5 }]
      const view = await store.openView(ranges, signal)
      expect(await view.sums(ranges, signal)).toEqual([{ ...ranges[0], count: 2, sum: 2 * at + 1 }])
      await view.close()
    },
  )

  it('at a path is found in both spellings, and never stands there twice', async () => {
    const index = await createIndex({ properties: { meta: { properties: { ts: long, by: { type: 'keyword' } } } } })
    const store = storeOf(index, { timestampField: 'meta.ts' })
    const external = { index, version: 5, version_type: 'external' as const }
    await client.index({ ...external, id: 'nested', document: { meta: { ts: 5, by: 'me' } } })
    await client.index({ ...external, id: 'dotted', document: { 'meta.ts': 5, 'meta.by': 'me' } })

    const found = await read(store, 5, 6)
    expect(found.map(({ id, stamp }) => `${id} ${stamp}`).sort()).toEqual(['dotted 5', 'nested 5'])

    const writes = ['nested', 'dotted'].map((id) => ({ id, version: 6, source: { name: 'new' } }))
    await store.write(writes, always, signal)
    const after = await read(store, 0, 10)
    expect(
      after.map(({ id, stamp, source }) => ({ id, stamp, source })).sort((a, b) => (a.id < b.id ? 1 : -1)),
    ).toEqual([
      { id: 'nested', stamp: 6, source: { name: 'new', meta: { ts: 6, by: 'me' } } },
      { id: 'dotted', stamp: 6, source: { name: 'new', meta: { ts: 6 }, 'meta.by': 'me' } },
    ])
  })
})

describe('documents', () => {
  it('keep every digit and every field name, on the way in and out', async () => {
    const store = storeOf(await createIndex({ dynamic: false, properties: { timestamp: long } }))
    const id = randomUUID()
    const other = JSON.parse(
      '{"__proto__":{"polluted":true},"constructor":7,"timestamp":1,"empty":{},"none":[]}',
    ) as object
    await client.index({ index: indices[0]!.name, id, version: 1, version_type: 'external', document: other })
    const number = [9007199254740993n, -9223372036854775808n, 123456789012345678901234567890n]

    await store.write([{ id, version: 2, source: { name: 'x', number } }], always, signal)

    const [document] = await read(store, 0, 10)
    expect(document?.source['number']).toEqual(number)
    expect(Object.keys(document?.source ?? {}).sort()).toEqual(
      ['__proto__', 'constructor', 'empty', 'name', 'none', 'number', 'timestamp'].sort(),
    )
    expect((await store.getMany([id], signal)).get(id)).toEqual(document)
    expect('polluted' in {}).toBe(false)
  })

  it('with a version beyond 2^53 are given with a version that is seen to be unsafe', async () => {
    const index = await createIndex({ properties: { timestamp: long } })
    const id = randomUUID()
    await client.transport.request({
      method: 'PUT',
      path: `/${index}/_doc/${id}`,
      querystring: { version: '9007199254740993', version_type: 'external' },
      body: { timestamp: 5 },
    })
    const found = await storeOf(index).getMany([id], signal)
    expect(Number.isSafeInteger(found.get(id)?.version)).toBe(false)
  })

  it('are read from all shards', async () => {
    const index = await createIndex({ properties: { timestamp: long } }, { number_of_shards: 3 })
    const store = storeOf(index, { pageLimits: { maxDocuments: 20, targetBytes: 8e6, maxBytes: 64e6 } })
    const writes = Array.from({ length: 100 }, (_, at) => ({ id: randomUUID(), version: 1 + (at % 4), source: {} }))
    await store.write(writes, always, signal)

    const found = await read(store, 0, 10)

    expect(found.map(({ id }) => id).sort()).toEqual(writes.map(({ id }) => id).sort())
  })

  it('are read in few requests and written in few', async () => {
    const index = await createIndex({ dynamic: 'strict', properties: { timestamp: long, name: { type: 'keyword' } } })
    const store = storeOf(index)
    const requests = watchRequests(client)
    const writes = Array.from({ length: 1_000 }, (_, at) => ({ id: randomUUID(), version: at, source: { name: 'x' } }))

    await store.write(writes, always, signal)
    expect(requests.paths).toEqual([`GET /${index}`, `POST /${index}/_bulk`])

    requests.reset()
    expect(await read(store, 0, 2_000)).toHaveLength(1_000)
    expect(requests.paths).toHaveLength(6)

    requests.reset()
    expect(
      (
        await store.getMany(
          writes.map(({ id }) => id),
          signal,
        )
      ).size,
    ).toBe(1_000)
    expect(requests.paths).toHaveLength(1)
  })

  it('that a strict mapping does not take are set aside', async () => {
    const store = storeOf(await createIndex({ dynamic: 'strict', properties: { timestamp: long } }))

    const outcomes = await store.write(
      [
        { id: 'a', version: 1, source: { name: 'unknown' } },
        { id: 'b', version: 1, source: {} },
      ],
      always,
      signal,
    )

    expect(outcomes).toMatchObject([
      { kind: 'rejected', detail: expect.stringContaining('strict_dynamic_mapping_exception') },
      { kind: 'written' },
    ])
  })

  it('may be large: pages shrink to what was asked for', async () => {
    const store = storeOf(await createIndex({ dynamic: false, properties: { timestamp: long } }), {
      pageLimits: { maxDocuments: 2_000, targetBytes: 500_000, maxBytes: 2e6 },
    })
    const name = 'x'.repeat(100_000)
    const writes = Array.from({ length: 60 }, (_, at) => ({ id: `${at}`, version: at, source: { name } }))
    expect((await store.write(writes, always, signal)).every(({ kind }) => kind === 'written')).toBe(true)

    expect(await read(store, 0, 100)).toHaveLength(60)
    expect(
      (
        await store.getMany(
          writes.map(({ id }) => id),
          signal,
        )
      ).size,
    ).toBe(60)
  })
})

describe('a point in time that the server has lost', () => {
  it('costs neither a document nor gives one twice', async () => {
    const index = await createIndex({ properties: { timestamp: long } })
    const store = storeOf(index, { pageLimits: { maxDocuments: 10, targetBytes: 8e6, maxBytes: 64e6 } })
    const writes = Array.from({ length: 100 }, (_, at) => ({
      id: randomUUID(),
      version: 1 + Math.floor(at / 7),
      source: { name: 'x' },
    }))
    await store.write(writes, always, signal)
    let pointInTime: string | undefined
    client.diagnostic.on('response', (_error, result) => {
      const body: unknown = result?.body
      if (typeof body === 'object' && body !== null && 'pit_id' in body) pointInTime = String(body.pit_id)
    })

    const view = await store.openView([{ from: 0, to: 1_000 }], signal)
    const seen: string[] = []
    let losses = 0
    for await (const page of view.pages(signal)) {
      seen.push(...page.map(({ id }) => id))
      if (pointInTime !== undefined && losses < 3) {
        losses += 1
        await client.closePointInTime({ id: pointInTime }, { ignore: [404] })
        // What moves meanwhile is not shown again.
        await client.index({
          index,
          id: seen[0]!,
          version: 500 + losses,
          version_type: 'external',
          document: { timestamp: 50 },
        })
      }
    }
    await view.close()

    expect(losses).toBe(3)
    expect(seen).toHaveLength(100)
    expect([...seen].sort()).toEqual(writes.map(({ id }) => id).sort())
  })
})

describe('an index that cannot be used', () => {
  it('is told from one that is missing, and is never created by a write', async () => {
    const index = `caes-test-${randomUUID()}`
    const store = storeOf(index)
    const mismatch = { code: 'CAES_SCHEMA_MISMATCH', hint: expect.stringContaining(`PUT /${index} {"mappings"`) }

    await expect(store.openView([{ from: 0, to: 1 }], signal)).rejects.toMatchObject(mismatch)
    await expect(store.getMany(['a'], signal)).rejects.toMatchObject(mismatch)
    await expect(store.write([{ id: 'a', version: 1, source: {} }], always, signal)).rejects.toMatchObject(mismatch)
    expect(await client.indices.exists({ index })).toBe(false)
  })

  it('gets the mapping that the hint names', async () => {
    const index = await createIndex({})
    const store = storeOf(index)
    const failure: unknown = await store.readIndexInfo(signal).catch((error: unknown) => error)
    const [, path, body] = /PUT (\S+) (\{.*\})/.exec((failure as { hint: string }).hint) ?? []

    await client.transport.request(
      { method: 'PUT', path: path!, body: body! },
      { headers: { 'content-type': 'application/json' } },
    )

    await expect(store.readIndexInfo(signal)).resolves.toMatchObject({ unmirrored: [] })
  })

  it.each([
    ['blocked for writing', { 'index.blocks.write': true }],
    ['on a disk that is full', { 'index.blocks.read_only_allow_delete': true }],
  ])('fails the window where it is %s', async (_, settings) => {
    const index = await createIndex({ properties: { timestamp: long } })
    await client.indices.putSettings({ index, settings })

    const writing = storeOf(index).write([{ id: 'a', version: 1, source: {} }], always, signal)

    await expect(writing).rejects.toMatchObject({
      code: 'CAES_ELASTICSEARCH_BLOCKED',
      message: expect.stringContaining('cluster_block_exception'),
      hint: expect.stringContaining('read-only'),
    })
  })

  it('may be named by an alias', async () => {
    const index = await createIndex({ properties: { timestamp: long } })
    const alias = `caes-test-alias-${randomUUID()}`
    await client.indices.putAlias({ index, name: alias })
    const store = storeOf(alias)

    await store.write([{ id: 'a', version: 5, source: { name: 'x' } }], always, signal)

    expect(await read(store, 5, 6)).toHaveLength(1)
    expect((await store.getMany(['a'], signal)).size).toBe(1)
  })
})

describe('a server that cannot be reached', () => {
  it('is said to be down, by its address and without its password', async () => {
    const nobody = connectElasticsearch({ nodes: ['http://elastic:s3cret@127.0.0.1:1'], requestTimeoutMs: 2_000 })
    const failure: unknown = await storeOf('people', { client: nobody })
      .openView([{ from: 0, to: 1 }], signal)
      .catch((error: unknown) => error)
    await nobody.close()

    expect(failure).toMatchObject({ code: 'CAES_ELASTICSEARCH_DOWN', where: 'index "people" at http://127.0.0.1:1' })
    expect(`${String(failure)} ${JSON.stringify(failure)}`).not.toContain('s3cret')
  })
})
