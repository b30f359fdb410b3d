import { afterEach, describe, expect, it } from 'vitest'
import { createBulkPace } from '../../../src/adapters/elasticsearch/bulk-pace.js'
import { bulkAnswer, bulkIds, type FakeHandler } from '../../support/fake-elasticsearch.js'
import { always, fakeStore, signal, writes, type FakeStore } from './fake-store.js'

let fake: FakeStore | undefined
afterEach(async () => {
  await fake?.close()
  fake = undefined
})
const against = async (handler: FakeHandler): Promise<FakeStore> => (fake = await fakeStore(handler))

const refusal = (type: string) => ({ status: 429, body: { error: { type, reason: 'full' }, status: 429 } })
const full = refusal('es_rejected_execution_exception')
const limits = { maxActions: 1_000, maxBytes: 5e6 }
const signs = { inError: () => true, inAnswer: (busy: boolean) => busy }

describe('bulk requests to a busy server', () => {
  it('are halved each time, down to a few records, and grow back', async () => {
    const pace = createBulkPace()
    const sizes: number[] = []
    for (let request = 0; request < 7; request += 1) {
      await pace.send(async () => true, signs)
      sizes.push(pace.size(limits).maxActions)
    }
    expect(sizes).toEqual([500, 250, 125, 62, 50, 50, 50])
    for (let request = 0; request < 60; request += 1) await pace.send(async () => false, signs)
    expect(pace.size(limits)).toEqual(limits)
  })

  it('are halved also where the whole request was refused', async () => {
    const pace = createBulkPace()
    await expect(pace.send(() => Promise.reject(new Error('429')), signs)).rejects.toThrow('429')
    expect(pace.size(limits).maxActions).toBe(500)
  })

  it('stay small for the writers that come later', async () => {
    let busy = true
    const { store, requests } = await against(({ path, body }) => {
      if (!path.endsWith('/_bulk')) return undefined
      if (busy) {
        busy = false
        return full
      }
      return { body: bulkAnswer(bulkIds(body).map(() => ({ status: 201 }))) }
    })
    await store.write(writes(1_000), always, signal)
    await store.write(writes(400), always, signal)
    const sizes = requests('/_bulk').map(({ body }) => bulkIds(body).length)
    expect(sizes[0]).toBe(1_000)
    expect(Math.max(...sizes.slice(1))).toBeLessThan(600)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(2_400)
  })
})

describe('a size that was refused', () => {
  it('is not tried again, as the limit is a setting of the server', async () => {
    const most = 300_000
    const { store, requests } = await against(({ path, body }) => {
      if (!path.endsWith('/_bulk')) return undefined
      if (body.length > most) return { status: 413, body: '' }
      return { body: bulkAnswer(bulkIds(body).map(() => ({ status: 201 }))) }
    })
    const large = writes(900, 'x'.repeat(1_000))
    expect(new Set((await store.write(large, always, signal)).map(({ kind }) => kind))).toEqual(new Set(['written']))
    const before = requests('/_bulk').length
    await store.write(large, always, signal)
    const later = requests('/_bulk').slice(before)
    expect(Math.max(...later.map(({ body }) => body.length))).toBeLessThanOrEqual(most)
  })

  it('never makes requests smaller than is sensible', () => {
    const pace = createBulkPace()
    pace.refused(10)
    expect(pace.size(limits).maxBytes).toBe(64_000)
  })
})

describe('reading from a busy server', () => {
  it.each([
    ['/_refresh', 'refreshing'],
    ['/_pit', 'opening a view'],
    ['/_search', 'reading a page'],
  ])('asks %s again, ever later', async (ending) => {
    let left = 2
    const { store, sleeps } = await against(({ path, method }) =>
      path.endsWith(ending) && method !== 'DELETE' && left-- > 0 ? full : undefined,
    )
    const view = await store.openView([{ from: 0, to: 10 }], signal)
    for await (const page of view.pages(signal)) expect(page).toEqual([])
    await view.close()
    expect(sleeps).toEqual([100_000, 200_000])
  })

  it('asks for documents by id again', async () => {
    let left = 1
    const { store, sleeps } = await against(({ path }) => {
      if (!path.endsWith('/_mget')) return undefined
      return left-- > 0 ? full : { body: { docs: [{ _index: 'people', _id: 'a', found: false }] } }
    })
    expect((await store.getMany(['a'], signal)).size).toBe(0)
    expect(sleeps).toEqual([100_000])
  })

  it('gives up after a number of tries, as overloaded', async () => {
    const { store, requests } = await against(({ path }) => (path.endsWith('/_refresh') ? full : undefined))
    const opening = store.openView([{ from: 0, to: 10 }], signal)
    await expect(opening).rejects.toMatchObject({ code: 'CAES_ELASTICSEARCH_OVERLOADED' })
    expect(requests('/_refresh')).toHaveLength(4)
  })

  it('does not wait for a full disk, which says 429 as well', async () => {
    const blocked = refusal('cluster_block_exception')
    const { store, requests } = await against(({ path }) => (path.endsWith('/_refresh') ? blocked : undefined))
    const opening = store.openView([{ from: 0, to: 10 }], signal)
    await expect(opening).rejects.toMatchObject({ code: 'CAES_ELASTICSEARCH_BLOCKED' })
    expect(requests('/_refresh')).toHaveLength(1)
  })
})
