/** What reading all documents by parts has to give: the text of the port, as tests. */
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DocumentPart } from '../../src/core/run-part.js'
import type { StoredDocument } from '../../src/ports/store.js'
import type { DocumentStoreFixture } from './document-store.js'

const signal = new AbortController().signal
const ids = (count: number): string[] => Array.from({ length: count }, () => randomUUID()).sort()

export const describeDocumentScan = (name: string, makeFixture: () => Promise<DocumentStoreFixture>): void => {
  describe(`scans of documents in ${name}`, () => {
    let fixture: DocumentStoreFixture
    beforeEach(async () => {
      fixture = await makeFixture()
    })
    afterEach(() => fixture.close())

    const put = (all: readonly string[], version: number): Promise<void> =>
      fixture.client.putMany(all.map((id) => ({ id, version, source: { timestamp: version, name: `of ${id}` } })))
    const partsOf = (size: number): Promise<readonly DocumentPart[]> => fixture.store.parts(size, signal)
    const readIds = async (part: DocumentPart): Promise<string[]> => {
      const found: string[] = []
      for await (const page of fixture.store.scanIds(part, signal)) found.push(...page)
      return found
    }
    const read = async (part: DocumentPart): Promise<StoredDocument[]> => {
      const found: StoredDocument[] = []
      for await (const page of fixture.store.scan(part, signal)) found.push(...page)
      return found
    }
    const whole: DocumentPart = { side: 'elasticsearch', from: 0 }

    it('give every document once, over several parts and pages, also where all have one version', async () => {
      const all = ids(fixture.pageSize * 12)
      await put(all, 7)
      const parts = await partsOf(fixture.pageSize * 3)
      expect(parts.length).toBeGreaterThanOrEqual(3)
      const found = await Promise.all(parts.map(readIds))
      expect(found.flat().sort()).toEqual(all)
      expect(found.filter((part) => part.length > 0).length).toBeGreaterThanOrEqual(3)
    })

    it('tell of a document what reading it by its id tells', async () => {
      const all = ids(fixture.pageSize * 2 + 3)
      await put(all, 7)
      const found = await read(whole)
      expect(new Map(found.map((each) => [each.id, each]))).toEqual(await fixture.store.getMany(all, signal))
      expect(found).toHaveLength(all.length)
    })

    it('see what was acknowledged before, whatever it is', async () => {
      const [id] = ids(1) as [string]
      await fixture.client.put(id, 3, { timestamp: 3 })
      await fixture.client.putUnversioned('no uuid', { name: 'without a timestamp' })
      expect((await readIds(whole)).sort()).toEqual([id, 'no uuid'].sort())
      expect((await read(whole)).find((each) => each.id === 'no uuid')).toMatchObject({ stamp: undefined })
    })

    it('of the same part give the same documents, whatever was written to others meanwhile', async () => {
      const all = ids(fixture.pageSize * 4)
      await put(all, 7)
      const [first] = await partsOf(fixture.pageSize)
      const before = await readIds(first!)
      expect(before.length).toBeGreaterThan(0)
      const others = all.filter((id) => !before.includes(id))
      await put([...others, ...ids(5)], 8)
      expect((await readIds(first!)).sort()).toEqual(before.sort())
    })

    it('of the last part give what was written since the cut', async () => {
      const all = ids(fixture.pageSize * 4)
      await put(all, 7)
      const parts = await partsOf(fixture.pageSize)
      const [again, fresh] = [all[0]!, randomUUID()]
      await put([again, fresh], 8)
      const found = await Promise.all(parts.map(readIds))
      expect([...new Set(found.flat())].sort()).toEqual([...all, fresh].sort())
      expect(found.at(-1)).toEqual(expect.arrayContaining([again, fresh]))
    })

    it('may tell an old state, but never that alone', async () => {
      const all = ids(fixture.pageSize * 4)
      await put(all, 7)
      const parts = await partsOf(fixture.pageSize)
      await put(all.slice(0, 5), 8)
      const versions = new Map<string, number[]>()
      for (const part of parts) {
        for (const { id, version } of await read(part)) versions.set(id, [...(versions.get(id) ?? []), version])
      }
      expect(all.slice(0, 5).map((id) => versions.get(id)?.at(-1))).toEqual([8, 8, 8, 8, 8])
      expect(all.slice(5).map((id) => versions.get(id))).toEqual(all.slice(5).map(() => [7]))
    })

    it('leave out what was deleted', async () => {
      const [kept, gone] = ids(2) as [string, string]
      await put([kept, gone], 7)
      await fixture.client.delete(gone, 8)
      expect(await readIds(whole)).toEqual([kept])
    })

    it('of an empty index are one part without documents', async () => {
      const parts = await partsOf(10)
      expect(parts).toEqual([whole])
      expect(await readIds(whole)).toEqual([])
      expect(await fixture.store.count(signal)).toBe(0)
    })

    it('choose at random what is there, each document once', async () => {
      const all = ids(fixture.pageSize * 4)
      await put(all, 7)
      await readIds(whole)
      const chosen = await fixture.store.sampleIds(10, signal)
      expect(new Set(chosen).size).toBe(10)
      expect(all).toEqual(expect.arrayContaining([...chosen]))
      expect((await fixture.store.sampleIds(1_000, signal)).toSorted()).toEqual(all)
      const others = await Promise.all(Array.from({ length: 5 }, () => fixture.store.sampleIds(10, signal)))
      expect(new Set(others.flat()).size).toBeGreaterThan(10)
    })

    it('stop between two pages when the signal is aborted there', async () => {
      await put(ids(fixture.pageSize * 4), 7)
      const stop = new AbortController()
      const readOne = async (): Promise<void> => {
        for await (const page of fixture.store.scan(whole, stop.signal)) {
          expect(page.length).toBeGreaterThan(0)
          stop.abort(new Error('enough'))
        }
      }
      await expect(readOne()).rejects.toThrow('enough')
    })

    it('send nothing once the signal is aborted', async () => {
      const stop = new AbortController()
      stop.abort(new Error('enough'))
      const before = fixture.requests()
      await expect(fixture.store.scanIds(whole, stop.signal)[Symbol.asyncIterator]().next()).rejects.toThrow('enough')
      await expect(fixture.store.parts(10, stop.signal)).rejects.toThrow('enough')
      expect(fixture.requests()).toBe(before)
    })
  })
}
