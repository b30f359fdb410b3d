/** What finding and removing documents for good has to give: the text of the port, as tests. */
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DocumentStoreFixture } from './document-store.js'

const signal = new AbortController().signal
const always = (): boolean => true
const ids = (count: number): string[] => Array.from({ length: count }, () => randomUUID())

export const describeDocumentPurge = (name: string, makeFixture: () => Promise<DocumentStoreFixture>): void => {
  describe(`removing documents from ${name}`, () => {
    let fixture: DocumentStoreFixture
    beforeEach(async () => {
      fixture = await makeFixture()
    })
    afterEach(() => fixture.close())

    const putAll = (all: readonly string[], version: number, more: object = {}): Promise<void> =>
      fixture.client.putMany(all.map((id) => ({ id, version, source: { timestamp: version, ...more } })))
    const found = async (field: string, from: number, to: number): Promise<string[]> => {
      const view = await fixture.store.openViewOf(field, { from, to }, signal)
      try {
        const all: string[] = []
        for await (const page of view.pages(signal)) all.push(...page.map(({ id }) => id))
        return all
      } finally {
        await view.close()
      }
    }
    const isThere = async (id: string): Promise<boolean> => (await fixture.store.getMany([id], signal)).has(id)

    it('finds those of a range in which a field is true, over many pages', async () => {
      const deleted = ids(fixture.pageSize * 2 + 1)
      const [kept, undecided, before, after] = ids(4) as [string, string, string, string]
      await putAll(deleted, 500, { deleted: true })
      await putAll([kept], 500, { deleted: false })
      await putAll([undecided], 500)
      await putAll([before], 499, { deleted: true })
      await putAll([after], 600, { deleted: true })

      expect((await found('deleted', 500, 600)).sort()).toEqual(deleted.toSorted())
    })

    it('finds nothing by a field that no document has', async () => {
      await putAll(ids(3), 500)

      expect(await found('deleted', 0, 1_000)).toEqual([])
    })

    it.each([
      ['the same version', 500],
      ['an older version', 499],
    ])('takes a document of %s away', async (_, version) => {
      const [id] = ids(1) as [string]
      await putAll([id], version, { deleted: true })

      expect(await fixture.store.remove([{ id, version: 500 }], signal)).toEqual([true])

      expect(await isThere(id)).toBe(false)
      expect(await found('deleted', 0, 1_000)).toEqual([])
    })

    it('leaves a document of a newer version, and says so', async () => {
      const [newer, other] = ids(2) as [string, string]
      await putAll([newer], 501)
      await putAll([other], 500)

      const removals = [newer, other].map((id) => ({ id, version: 500 }))
      expect(await fixture.store.remove(removals, signal)).toEqual([false, true])

      expect(await isThere(newer)).toBe(true)
      expect(await isThere(other)).toBe(false)
    })

    it('can be repeated, also where nothing ever was', async () => {
      const [id] = ids(1) as [string]
      const removal = { id, version: 500 }

      expect(await fixture.store.remove([removal], signal)).toEqual([true])
      expect(await fixture.store.remove([removal], signal)).toEqual([true])
    })

    it('keeps an older write away, and lets a newer one through', async () => {
      const [id] = ids(1) as [string]
      await putAll([id], 500)
      await fixture.store.remove([{ id, version: 500 }], signal)

      const write = (version: number) =>
        fixture.store.write([{ id, version, source: { name: 'again' } }], always, signal)
      expect(await write(500)).toEqual([{ kind: 'superseded' }])
      expect(await write(501)).toEqual([{ kind: 'written' }])
      expect(await isThere(id)).toBe(true)
    })

    it('has an answer for each of more than one request holds, in order', async () => {
      const all = ids(fixture.batchSize * 2 + 2)
      await putAll(all, 500)
      const newer = all.filter((_, at) => at % 3 === 0)
      await putAll(newer, 900)

      const gone = await fixture.store.remove(
        all.map((id) => ({ id, version: 500 })),
        signal,
      )

      expect(gone).toEqual(all.map((_, at) => at % 3 !== 0))
    })

    it('asks nothing once the signal is aborted, nor for nothing', async () => {
      const reason = new Error('enough')
      const aborted = AbortSignal.abort(reason)

      await expect(fixture.store.remove([{ id: randomUUID(), version: 1 }], aborted)).rejects.toBe(reason)
      await expect(fixture.store.openViewOf('deleted', { from: 0, to: 1 }, aborted)).rejects.toBe(reason)
      expect(await fixture.store.remove([], signal)).toEqual([])
      expect(fixture.requests()).toBe(0)
    })
  })
}
