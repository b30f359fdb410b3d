/**
 * What every DocumentStore owes its users: the text of the port, as tests. Registered for memory and Elasticsearch
 * alike, so that what is simulated on the one holds on the other.
 */
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/core/json.js'
import type { Window } from '../../src/core/window.js'
import type { DocumentScan } from '../../src/ports/scan.js'
import type { PurgeableDocuments } from '../../src/ports/purge.js'
import type { DocumentStore, DocumentWrite, StoredDocument } from '../../src/ports/store.js'

/** Applications that write to the same index. */
export interface IndexClient {
  /** `index` with external version, acknowledged, not refreshed. */
  put(id: string, version: number, source: JsonObject): Promise<void>
  putMany(
    documents: readonly { readonly id: string; readonly version: number; readonly source: JsonObject }[],
  ): Promise<void>
  putUnversioned(id: string, source: JsonObject): Promise<void>
  delete(id: string, version: number): Promise<void>
}

export interface DocumentStoreFixture {
  /**
   * Timestamp field `timestamp` of type long, unit s. Mirrored: `name`, `count` and `poison`, the last of which refuses
   * any text. Pages and requests hold `pageSize` and `batchSize` records.
   */
  readonly store: DocumentStore & DocumentScan & PurgeableDocuments
  readonly client: IndexClient
  readonly pageSize: number
  readonly batchSize: number
  /** How many requests the store has sent so far. */
  requests(): number
  close(): Promise<void>
}

const signal = new AbortController().signal
const always = (): boolean => true
const ids = (count: number): string[] => Array.from({ length: count }, () => randomUUID())

const written = (id: string, version: number, name = `at ${version}`): DocumentWrite => ({
  id,
  version,
  source: { name, count: version },
})

export const describeDocumentStore = (name: string, makeFixture: () => Promise<DocumentStoreFixture>): void => {
  describe(`DocumentStore: ${name}`, () => {
    let fixture: DocumentStoreFixture
    beforeEach(async () => {
      fixture = await makeFixture()
    })
    afterEach(async () => {
      await fixture.close()
    })

    const put = async (id: string, version: number, more: JsonObject = {}): Promise<void> =>
      await fixture.client.put(id, version, { timestamp: version, name: `at ${version}`, ...more })

    const readPages = async (from: number, to: number): Promise<StoredDocument[][]> => {
      return await readRanges([{ from, to }])
    }
    const readRanges = async (ranges: readonly Window[]): Promise<StoredDocument[][]> => {
      const view = await fixture.store.openView(ranges, signal)
      try {
        const pages: StoredDocument[][] = []
        for await (const page of view.pages(signal)) pages.push([...page])
        return pages
      } finally {
        await view.close()
      }
    }
    const read = async (from: number, to: number): Promise<StoredDocument[]> => (await readPages(from, to)).flat()
    const get = async (id: string): Promise<StoredDocument | undefined> =>
      (await fixture.store.getMany([id], signal)).get(id)
    const putAll = async (documents: readonly (readonly [string, number])[]): Promise<void> =>
      await fixture.client.putMany(documents.map(([id, version]) => ({ id, version, source: { timestamp: version } })))

    describe('a view', () => {
      it('gives every document of the range once, in the order of the timestamp, over many pages', async () => {
        const all = ids(fixture.pageSize * 3 + 1)
        await putAll(all.map((id, at) => [id, 1_000 + ((at * 7) % 50)]))

        const pages = await readPages(1_000, 1_050)

        const documents = pages.flat()
        expect(pages.length).toBeGreaterThan(3)
        expect(documents.map(({ id }) => id).sort()).toEqual([...all].sort())
        const stamps = documents.map(({ stamp }) => stamp!)
        expect(stamps).toEqual([...stamps].sort((a, b) => a - b))
      })

      it('gives every document once where all have the same timestamp', async () => {
        const all = ids(fixture.pageSize * 2 + 3)
        await putAll(all.map((id) => [id, 1_000]))

        expect((await read(1_000, 1_001)).map(({ id }) => id).sort()).toEqual([...all].sort())
      })

      it('of several ranges gives what lies in one of them, in the order of the timestamp, over many pages', async () => {
        const all = ids(fixture.pageSize * 6)
        await putAll(all.map((id, at) => [id, 1_000 + (at % 60)]))

        const ranges = [
          { from: 1_000, to: 1_010 },
          { from: 1_030, to: 1_031 },
          { from: 1_040, to: 1_060 },
        ]
        const documents = (await readRanges(ranges)).flat()

        const wanted = all.filter((_, at) => at % 60 < 10 || at % 60 === 30 || at % 60 >= 40)
        expect(documents.map(({ id }) => id).sort()).toEqual(wanted.sort())
        const stamps = documents.map(({ stamp }) => stamp!)
        expect(stamps).toEqual([...stamps].sort((a, b) => a - b))
      })

      it('ends after full pages without an empty one', async () => {
        await putAll(ids(fixture.pageSize * 2).map((id) => [id, 1_000]))

        const pages = await readPages(1_000, 1_001)

        expect(pages.every((page) => page.length > 0)).toBe(true)
        expect(pages.flat()).toHaveLength(fixture.pageSize * 2)
      })

      it('of a part of its ranges gives what lies in that', async () => {
        const all = ids(fixture.pageSize * 3)
        await putAll(all.map((id, at) => [id, 1_000 + (at % 30)]))
        const view = await fixture.store.openView([{ from: 1_000, to: 1_030 }], signal)
        try {
          const inside: string[] = []
          const part = [
            { from: 1_003, to: 1_004 },
            { from: 1_020, to: 1_022 },
          ]
          for await (const page of view.pages(signal, part)) inside.push(...page.map(({ id }) => id))
          expect(inside.sort()).toEqual(all.filter((_, at) => [3, 20, 21].includes(at % 30)).sort())
          for await (const page of view.pages(signal, [])) expect(page).toEqual([])
        } finally {
          await view.close()
        }
      })

      it('adds up the versions of its documents by range', async () => {
        // The last of them add up to more than can be counted exactly in a double.
        const large = [2 ** 52 + 1, 2 ** 52 + 3, 2 ** 52 + 5]
        await putAll(ids(7).map((id, at) => [id, 1_000 + at * 3]))
        await putAll(ids(3).map((id, at) => [id, large[at]!]))
        const all = { from: 1_000, to: 2 ** 53 - 1 }
        const view = await fixture.store.openView([all], signal)
        await putAll(ids(2).map((id) => [id, 1_005]))
        try {
          const ranges = [
            { from: 1_000, to: 1_006 },
            { from: 1_006, to: 1_007 },
            { from: 1_007, to: 1_009 },
            { from: 1_000, to: 2 ** 52 },
            { from: 2 ** 52, to: all.to },
          ]
          const sums = await view.sums(ranges, signal)
          expect(sums.slice(0, 4)).toEqual([
            { ...ranges[0], count: 2, sum: 2_003 },
            { ...ranges[1], count: 1, sum: 1_006 },
            { ...ranges[2], count: 0, sum: 0 },
            { ...ranges[3], count: 7, sum: 7_063 },
          ])
          expect(sums[4]!.count).toBe(3)
          expect(Math.abs(sums[4]!.sum - 3 * 2 ** 52 - 9)).toBeLessThanOrEqual(4)
        } finally {
          await view.close()
        }
      })

      it('counts its documents by range, each range with its start and without its end', async () => {
        await putAll(ids(fixture.pageSize * 2 + 3).map((id, at) => [id, 1_000 + (at % 3) * 10]))
        const view = await fixture.store.openView([{ from: 1_000, to: 1_021 }], signal)
        await putAll(ids(2).map((id) => [id, 1_005]))
        try {
          const part = { from: 1_001, to: 1_020 }
          const [all, first, middle, last] = await view.count(
            [{ from: 1_000, to: 1_021 }, { from: 1_000, to: 1_001 }, part, { from: 1_020, to: 1_021 }],
            signal,
          )
          expect(all).toBe(fixture.pageSize * 2 + 3)
          expect(middle).toBe(Math.floor((all! + 1) / 3))
          expect(first! + middle! + last!).toBe(all)
          // As many as a division asks for, on a grid.
          const grid = Array.from({ length: 1_024 }, (_, at) => ({ from: 1_000 + at, to: 1_001 + at }))
          const counts = await view.count(grid, signal)
          expect(counts).toHaveLength(1_024)
          expect([counts[0], counts[10], counts[20]]).toEqual([first, middle, last])
          expect(counts.reduce((sum, count) => sum + count, 0)).toBe(all)
        } finally {
          await view.close()
        }
      })

      it('takes the start of the range in and leaves its end out', async () => {
        const [before, first, last, after] = ids(4) as [string, string, string, string]
        await putAll([
          [before, 99],
          [first, 100],
          [last, 199],
          [after, 200],
        ])

        expect((await read(100, 200)).map(({ id }) => id)).toEqual([first, last])
      })

      it('gives nothing for a range without documents', async () => {
        expect(await readPages(1, 1_000)).toEqual([])
      })

      it('shows a write that was acknowledged before it was opened', async () => {
        const [id] = ids(1) as [string]
        await put(id, 500)

        expect(await read(500, 501)).toEqual([
          { id, version: 500, stamp: 500, source: { timestamp: 500, name: 'at 500' } },
        ])
      })

      it('keeps the content of the moment it was opened', async () => {
        const all = ids(fixture.pageSize * 2)
        const [first, second] = all as [string, string]
        await putAll(all.map((id) => [id, 500]))
        const view = await fixture.store.openView([{ from: 0, to: 1_000 }], signal)
        try {
          await put(first, 600)
          await put(second, 2_000)
          await put(randomUUID(), 500)
          // A search by others makes all of it visible to whoever opens a view now.
          await read(0, 1)

          const documents: StoredDocument[] = []
          for await (const page of view.pages(signal)) documents.push(...page)

          expect(documents.map(({ id }) => id).sort()).toEqual([...all].sort())
          expect(documents.every(({ version }) => version === 500)).toBe(true)
        } finally {
          await view.close()
        }
      })

      it('gives the version and the timestamp field apart, also where a client wrote without a version', async () => {
        const [id] = ids(1) as [string]
        await put(id, 500)
        await fixture.client.putUnversioned(id, { timestamp: 500, name: 'unversioned' })

        expect(await read(500, 501)).toEqual([
          { id, version: 501, stamp: 500, source: { timestamp: 500, name: 'unversioned' } },
        ])
      })

      it('does not show a deleted document', async () => {
        const [id] = ids(1) as [string]
        await put(id, 500)
        await fixture.client.delete(id, 501)

        expect(await read(0, 1_000)).toEqual([])
      })

      it('can be left after the first page and closed twice', async () => {
        await putAll(ids(fixture.pageSize * 3).map((id) => [id, 500]))
        const view = await fixture.store.openView([{ from: 0, to: 1_000 }], signal)
        for await (const page of view.pages(signal)) {
          expect(page.length).toBeGreaterThan(0)
          break
        }

        await view.close()
        await expect(view.close()).resolves.toBeUndefined()
      })

      it('stops with the reason of the signal', async () => {
        await putAll(ids(fixture.pageSize * 3).map((id) => [id, 500]))
        const abort = new AbortController()
        const view = await fixture.store.openView([{ from: 0, to: 1_000 }], abort.signal)
        const reason = new Error('enough')
        let pages = 0

        const reading = (async () => {
          for await (const page of view.pages(abort.signal)) {
            pages += page.length > 0 ? 1 : 0
            abort.abort(reason)
          }
        })()

        await expect(reading).rejects.toBe(reason)
        expect(pages).toBe(1)
        await view.close()
      })

      it('is not opened once the signal is aborted', async () => {
        const reason = new Error('too late')
        await expect(fixture.store.openView([{ from: 0, to: 1 }], AbortSignal.abort(reason))).rejects.toBe(reason)
        expect(fixture.requests()).toBe(0)
      })
    })

    describe('getMany', () => {
      it('sees a write that nothing has refreshed, and leaves out ids that are not there', async () => {
        const [there, missing, deleted] = ids(3) as [string, string, string]
        await put(there, 500)
        await put(deleted, 500)
        await fixture.client.delete(deleted, 501)

        const found = await fixture.store.getMany([there, missing, deleted], signal)

        expect([...found]).toEqual([
          [there, { id: there, version: 500, stamp: 500, source: { timestamp: 500, name: 'at 500' } }],
        ])
      })

      it('gives more documents than one request holds', async () => {
        const all = ids(fixture.batchSize * 2 + 1)
        await putAll(all.map((id, at) => [id, at + 1]))

        const found = await fixture.store.getMany(all, signal)

        expect(all.map((id) => found.get(id)?.version)).toEqual(all.map((_, at) => at + 1))
      })

      it('asks nothing for no ids, and nothing once the signal is aborted', async () => {
        expect((await fixture.store.getMany([], signal)).size).toBe(0)
        const reason = new Error('too late')
        await expect(fixture.store.getMany(ids(1), AbortSignal.abort(reason))).rejects.toBe(reason)
        expect(fixture.requests()).toBe(0)
      })
    })

    describe('write', () => {
      it('creates a document with its version and the timestamp field', async () => {
        const [id] = ids(1) as [string]

        expect(await fixture.store.write([written(id, 500)], always, signal)).toEqual([{ kind: 'written' }])

        expect(await get(id)).toEqual({
          id,
          version: 500,
          stamp: 500,
          source: { timestamp: 500, name: 'at 500', count: 500 },
        })
      })

      it('replaces an older version as a whole: a mirrored field that is missing is gone', async () => {
        const [id] = ids(1) as [string]
        await put(id, 400, { count: 7 })

        await fixture.store.write([{ id, version: 500, source: { name: 'new' } }], always, signal)

        expect((await get(id))?.source).toEqual({ timestamp: 500, name: 'new' })
      })

      it.each([
        ['the same', 500],
        ['a newer', 501],
      ])('does not touch a document of %s version', async (_, version) => {
        const [id] = ids(1) as [string]
        await put(id, version)

        expect(await fixture.store.write([written(id, 500, 'loser')], always, signal)).toEqual([{ kind: 'superseded' }])

        expect(await get(id)).toMatchObject({ version, source: { name: `at ${version}` } })
      })

      it('does not bring back what was deleted at a newer version', async () => {
        const [id] = ids(1) as [string]
        await put(id, 400)
        await fixture.client.delete(id, 600)

        expect(await fixture.store.write([written(id, 500)], always, signal)).toEqual([{ kind: 'superseded' }])
        expect(await get(id)).toBeUndefined()
      })

      it('makes what it wrote visible to the next view', async () => {
        const [id] = ids(1) as [string]
        await fixture.store.write([written(id, 500)], always, signal)

        expect((await read(500, 501)).map((document) => document.id)).toEqual([id])
      })

      it('keeps fields of the stored document that are not mirrored', async () => {
        const [id] = ids(1) as [string]
        await put(id, 400, { count: 1, note: 'keep me', tags: [{ b: 1, c: null }] })

        await fixture.store.write([written(id, 500)], always, signal)

        expect((await get(id))?.source).toEqual({
          timestamp: 500,
          name: 'at 500',
          count: 500,
          note: 'keep me',
          tags: [{ b: 1, c: null }],
        })
      })

      it('sets a record aside that the mapping refuses, and writes all others of the same request', async () => {
        const [good, bad, other] = ids(3) as [string, string, string]

        const outcomes = await fixture.store.write(
          [written(good, 500), { id: bad, version: 500, source: { poison: 'secret text' } }, written(other, 500)],
          always,
          signal,
        )

        expect(outcomes).toMatchObject([
          { kind: 'written' },
          { kind: 'rejected', reason: 'MAPPING', detail: expect.stringContaining('poison') },
          { kind: 'written' },
        ])
        expect(JSON.stringify(outcomes)).not.toContain('secret text')
        const found = await fixture.store.getMany([good, bad, other], signal)
        expect([...found.keys()].sort()).toEqual([good, other].sort())
      })

      it('gives one outcome for each write, in order, over several requests', async () => {
        const all = ids(fixture.batchSize * 2 + 2)
        await putAll(all.filter((_, at) => at % 3 === 0).map((id) => [id, 900]))

        const outcomes = await fixture.store.write(
          all.map((id) => written(id, 500)),
          always,
          signal,
        )

        expect(outcomes.map(({ kind }) => kind)).toEqual(all.map((_, at) => (at % 3 === 0 ? 'superseded' : 'written')))
      })

      it('sends nothing that maySend forbids, and says so', async () => {
        const all = ids(3)

        const outcomes = await fixture.store.write(
          all.map((id) => written(id, 500)),
          () => false,
          signal,
        )

        expect(outcomes).toEqual(all.map(() => ({ kind: 'unsent' })))
        expect(fixture.requests()).toBe(0)
        expect((await fixture.store.getMany(all, signal)).size).toBe(0)
      })

      it('asks maySend before every request: what was sent is written, the rest unsent', async () => {
        const all = ids(fixture.batchSize * 6)
        let asked = 0

        const outcomes = await fixture.store.write(
          all.map((id) => written(id, 500)),
          () => (asked += 1) <= 4,
          signal,
        )

        const found = await fixture.store.getMany(all, signal)
        expect(found.size).toBeGreaterThan(0)
        expect(found.size).toBeLessThan(all.length)
        expect(outcomes.map(({ kind }) => kind)).toEqual(all.map((id) => (found.has(id) ? 'written' : 'unsent')))
      })

      it('sends nothing more once the signal is aborted', async () => {
        const all = ids(fixture.batchSize * 8)
        const abort = new AbortController()
        const reason = new Error('enough')
        let asked = 0

        const writing = fixture.store.write(
          all.map((id) => written(id, 500)),
          () => {
            if ((asked += 1) === 4) abort.abort(reason)
            return true
          },
          abort.signal,
        )

        await expect(writing).rejects.toBe(reason)
        expect((await fixture.store.getMany(all, signal)).size).toBeLessThan(all.length)
      })

      it('does nothing for no writes', async () => {
        expect(await fixture.store.write([], always, signal)).toEqual([])
        expect(fixture.requests()).toBe(0)
      })
    })
  })
}
