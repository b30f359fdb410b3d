/** What reading all rows by parts has to give: the text of the port, as tests. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ring, splitRing, type RowPart } from '../../src/core/run-part.js'
import type { Row } from '../../src/core/record.js'
import type { RowScan } from '../../src/ports/scan.js'
import type { RowContent, RowStore } from '../../src/ports/store.js'
import type { MakeRowStore, RowStoreFixture } from './row-store.js'

const live = new AbortController().signal
const count = 3_000
const whole = splitRing(1)[0]!

export const describeRowScan = (name: string, make: MakeRowStore): void => {
  describe(`scans of rows in ${name}`, () => {
    let fixture: RowStoreFixture
    let store: RowStore & RowScan
    const ids = Array.from({ length: count }, () => randomUUID()).sort()
    const absent = randomUUID()

    beforeAll(async () => {
      fixture = await make({ buckets: 1, bigVersions: false })
      ;({ store } = fixture)
      const writes = ids.map((id, index) => ({
        id,
        version: 1_000,
        fields: new Map<string, number | string>([
          ['n', index],
          ...(index % 2 ? [['t', `text ${index}`] as const] : []),
        ]),
        clear: new Set<string>(),
        writeTime: 1_000 + index,
      }))
      await store.writeRows(writes, new Map(), () => true, live)
      // An entry is no row, and neither is a row that was deleted.
      await fixture.client.entry(absent, 1_000)
    })
    afterAll(() => fixture.close())

    const read = async (part: RowPart, what?: RowContent): Promise<Map<string, Row>> => {
      const rows: (readonly [string, Row])[] = []
      for await (const page of store.scan(part, live, what)) rows.push(...page)
      expect(new Set(rows.map(([id]) => id)).size).toBe(rows.length)
      return new Map(rows)
    }
    const readIds = async (part: RowPart): Promise<string[]> => {
      const found: string[] = []
      for await (const page of store.scanIds(part, live)) found.push(...page)
      return found.sort()
    }

    it('give every row once, however the ring is split', async () => {
      for (const parts of [1, 7, 64]) {
        const found: string[] = []
        for (const part of splitRing(parts)) found.push(...(await readIds(part)))
        expect(found.sort()).toEqual(ids)
      }
    })

    it('tell of a row what reading it by its id tells', async () => {
      const rows = await read(whole)
      expect(rows).toEqual(await store.getMany(ids, live))
      expect(rows.size).toBe(count)
    })

    it('tell of neighbours what reading them by their ids tells', async () => {
      const inOrder: string[] = []
      for await (const page of store.scanIds(whole, live)) inOrder.push(...page)
      const some = inOrder.slice(200, 2_300)
      expect(await store.getNeighbours(some, live)).toEqual(await store.getMany(some, live))
      expect(await store.getNeighbours([], live)).toEqual(new Map())
    })

    it('tell the same of what lies anywhere, and nothing of what is not there', async () => {
      const anywhere = [ids[5]!, absent, ids[3]!, ids[2_999]!, ids[4]!]
      expect(await store.getNeighbours(anywhere, live)).toEqual(await store.getMany(anywhere, live))
      expect(await store.getNeighbours([absent], live)).toEqual(new Map())
    })

    it('leave out write times that nobody asked for, and nothing else', async () => {
      const timed = await read(whole)
      expect([...timed.values()].every(({ writeTime }) => writeTime !== undefined)).toBe(true)
      const timeless = new Map([...timed].map(([id, { fields }]) => [id, { fields, writeTime: undefined }]))
      expect(await read(whole, { writeTimes: false })).toEqual(timeless)
      expect(await store.getMany(ids, live, { writeTimes: false })).toEqual(timeless)
    })

    it('of the same part give the same rows, with or without their content', async () => {
      for (const part of splitRing(5).slice(1, 3)) {
        const found = await readIds(part)
        expect(found.length).toBeGreaterThan(0)
        expect([...(await read(part)).keys()].sort()).toEqual(found)
      }
    })

    it('of one token give no more than the row that has it', async () => {
      for (const token of [ring.first, 0n, ring.last].map(String)) {
        expect((await readIds({ side: 'cassandra', from: token, to: token })).length).toBeLessThanOrEqual(1)
      }
    })

    it('estimate, if anything, a number of rows', async () => {
      const estimate = await store.estimate(live)
      expect(estimate).toBeGreaterThanOrEqual(0)
      expect(Number.isInteger(estimate)).toBe(true)
    })

    it('stop between two pages when the signal is aborted there', async () => {
      const stop = new AbortController()
      const readOne = async (): Promise<void> => {
        for await (const page of store.scan(whole, stop.signal)) {
          expect(page.size).toBeGreaterThan(0)
          stop.abort(new Error('enough'))
        }
      }
      await expect(readOne()).rejects.toThrow('enough')
    })

    it('send nothing once the signal is aborted', async () => {
      const stop = new AbortController()
      stop.abort(new Error('enough'))
      const before = fixture.requests()
      await expect(store.scanIds(whole, stop.signal)[Symbol.asyncIterator]().next()).rejects.toThrow('enough')
      expect(fixture.requests()).toBe(before)
    })

    it('leave nothing under way behind a consumer that has seen enough', async () => {
      for await (const page of store.scan(whole, live)) {
        expect(page.size).toBeGreaterThan(0)
        break
      }
      const before = fixture.requests()
      await store.getMany([absent], live)
      expect(fixture.requests()).toBe(before + 1)
    })
  })
}
