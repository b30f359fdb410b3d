/** What every RowStore has to do: the text of the port, as tests. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/core/json.js'
import type { CanonicalValue, Row } from '../../src/core/record.js'
import type { RowScan } from '../../src/ports/scan.js'
import type { PurgeableRows } from '../../src/ports/purge.js'
import type { Entry, RowStore, RowWrite } from '../../src/ports/store.js'

/** The application's own access to the tables. Null writes a tombstone; a column that is not named is left as it is. */
export interface RowClient {
  entry(id: string, version: number, bucket?: number): Promise<void>
  row(id: string, cells: Readonly<Record<string, CanonicalValue>>, writeTime: number): Promise<void>
}

/** Mirrored columns: n int, t text, big bigint, tags set<text>, frozen_tags frozen<set<text>>. */
export interface RowStoreFixture {
  readonly store: RowStore & RowScan & PurgeableRows
  readonly client: RowClient
  /** Requests that the store has sent so far. */
  requests(): number
  close(): Promise<void>
}

export type MakeRowStore = (options: {
  readonly buckets: number
  readonly bigVersions: boolean
}) => Promise<RowStoreFixture>

const none: ReadonlyMap<string, JsonObject> = new Map()
const always = (): boolean => true
const never = (): boolean => false
const live = new AbortController().signal

const write = (
  id: string,
  fields: Readonly<Record<string, CanonicalValue>>,
  more: Partial<RowWrite> = {},
): RowWrite => ({
  id,
  version: 1_700_000_000,
  fields: new Map(Object.entries(fields)),
  clear: new Set(),
  writeTime: 1_700_000_000_000_000,
  ...more,
})

const plain = (row: Pick<Row, 'fields' | 'writeTime'> | undefined): object | undefined =>
  row && { ...Object.fromEntries(row.fields), writeTime: row.writeTime }

const ids = (count: number): string[] => Array.from({ length: count }, () => randomUUID())

export const describeRowStore = (name: string, make: MakeRowStore): void => {
  describe(`rows in ${name}`, () => {
    let fixture: RowStoreFixture
    let store: RowStoreFixture['store']
    let client: RowClient
    let id: string
    /** Above all versions of earlier tests, as a look has no upper bound. */
    let base = 1_700_000_000

    beforeAll(async () => {
      fixture = await make({ buckets: 1, bigVersions: false })
      ;({ store, client } = fixture)
    })
    afterAll(() => fixture.close())
    beforeEach(() => {
      id = randomUUID()
      base += 100_000
    })

    const collect = async (from: number, signal = live): Promise<Entry[]> => {
      const entries: Entry[] = []
      for await (const page of store.entries(from, signal)) entries.push(...page)
      return entries
    }
    const read = async (one = id): Promise<object | undefined> => plain((await store.getMany([one], live)).get(one))

    describe('entries', () => {
      it('are read from a version on, without an upper bound', async () => {
        await client.entry(id, base - 1)
        await client.entry(id, base)
        await client.entry(id, 2_000_000_000)
        const versions = (await collect(base)).filter((entry) => entry.id === id).map(({ version }) => version)
        expect(versions.toSorted((a, b) => a - b)).toEqual([base, 2_000_000_000])
      })

      it('are read up to a version, which is not included, where one is given', async () => {
        for (const version of [base, base + 1, base + 2]) await client.entry(id, version)
        const found: Entry[] = []
        for await (const page of store.entries(base, live, base + 2)) found.push(...page)
        expect(found.filter((entry) => entry.id === id).map(({ version }) => version)).toEqual([base, base + 1])
        const none: Entry[] = []
        for await (const page of store.entries(base, live, base)) none.push(...page)
        expect(none).toEqual([])
      })

      it('are read completely over many pages, each once', async () => {
        const written = ids(12_000).map((one, index) => ({ id: one, version: base + (index % 7) }))
        expect(new Set(await store.writeEntries(written, always, live))).toEqual(new Set([true]))
        const mine = new Set(written.map((entry) => entry.id))
        const found = (await collect(base)).filter((entry) => mine.has(entry.id))
        const key = (entry: Entry): string => `${entry.id} ${entry.version}`
        expect(found.map(key).toSorted()).toEqual(written.map(key).toSorted())
      })

      it('from beyond what the column can hold are none', async () => {
        expect(store.maxVersion).toBe(2 ** 31 - 1)
        expect(await collect(store.maxVersion + 1)).toEqual([])
        expect(await collect(Number.MAX_SAFE_INTEGER)).toEqual([])
      })

      it('are found again after they were acknowledged', async () => {
        expect(await store.writeEntries([{ id, version: base }], always, live)).toEqual([true])
        expect(await collect(base)).toContainEqual({ id, version: base })
      })

      it('can be written again without becoming two', async () => {
        const entry = { id, version: base }
        await store.writeEntries([entry], always, live)
        await store.writeEntries([entry], always, live)
        expect((await collect(base)).filter((found) => found.id === id)).toEqual([entry])
      })

      it('that may not be sent are reported, and sent nowhere', async () => {
        const entries = ids(250).map((one) => ({ id: one, version: base }))
        const before = fixture.requests()
        const sent = await store.writeEntries(entries, never, live)
        expect(sent).toEqual(entries.map(() => false))
        expect(fixture.requests()).toBe(before)
        expect((await collect(base)).filter((entry) => entries.some((own) => own.id === entry.id))).toEqual([])
      })

      it('are asked for with every request, and those sent before the answer changed are true', async () => {
        const entries = ids(1_250).map((one) => ({ id: one, version: base }))
        let asked = 0
        const sent = await store.writeEntries(entries, () => ++asked === 1, live)
        const there = new Set((await collect(base)).map((entry) => entry.id))
        expect(entries.map((entry) => there.has(entry.id))).toEqual(sent)
        expect(sent).toContain(true)
        expect(sent).toContain(false)
      })

      it('are no longer read once the signal is aborted', async () => {
        const stop = new AbortController()
        stop.abort(new Error('enough'))
        await expect(collect(0, stop.signal)).rejects.toThrow('enough')
        await expect(store.writeEntries([{ id, version: base }], always, stop.signal)).rejects.toThrow('enough')
        expect((await collect(base)).filter((entry) => entry.id === id)).toEqual([])
      })

      it('stop between two pages when the signal is aborted there', async () => {
        const stop = new AbortController()
        const readOne = async (): Promise<void> => {
          for await (const page of store.entries(0, stop.signal)) {
            expect(page.length).toBeGreaterThan(0)
            stop.abort(new Error('enough'))
          }
        }
        await expect(readOne()).rejects.toThrow('enough')
      })
    })

    describe('rows', () => {
      it('that are not there are missing in the result', async () => {
        expect(await store.getMany([id], live)).toEqual(new Map())
        expect(await store.getMany([], live)).toEqual(new Map())
      })

      it('are read once for an id that is named twice', async () => {
        await client.row(id, { n: 1 }, 1_000)
        expect([...(await store.getMany([id, id], live)).keys()]).toEqual([id])
      })

      it('are read in canonical form, without what is null', async () => {
        await client.row(id, { n: 7, t: 'ü', big: 9_007_199_254_740_993n, tags: ['a', 'b'], frozen_tags: null }, 1_000)
        expect(await read()).toEqual({ n: 7, t: 'ü', big: 9_007_199_254_740_993n, tags: ['a', 'b'], writeTime: 1_000 })
      })

      it('carry the newest write time of their cells', async () => {
        await client.row(id, { n: 1, t: 'a' }, 1_000)
        await client.row(id, { n: 2 }, 3_000)
        await client.row(id, { t: 'b' }, 2_000)
        expect(await read()).toEqual({ n: 2, t: 'b', writeTime: 3_000 })
      })

      it('carry the write time of a collection too', async () => {
        await client.row(id, { n: 1 }, 1_000)
        await client.row(id, { tags: ['x'] }, 5_000)
        expect(await read()).toEqual({ n: 1, tags: ['x'], writeTime: 5_000 })
      })

      it('of nulls alone are there and have no write time', async () => {
        await client.row(id, { n: null, t: null }, 1_000)
        expect(await read()).toEqual({ writeTime: undefined })
      })

      it('do not show the time of a tombstone', async () => {
        await client.row(id, { n: 1, t: 'a' }, 1_000)
        await client.row(id, { t: null }, 9_000)
        expect(await read()).toEqual({ n: 1, writeTime: 1_000 })
      })

      it('are written whole, at their write time', async () => {
        const fields = { n: -1, t: '', big: -1n, tags: ['a', 'b'], frozen_tags: ['c'] }
        expect(await store.writeRows([write(id, fields)], none, always, live)).toEqual([{ kind: 'written' }])
        expect(await read()).toEqual({ ...fields, writeTime: 1_700_000_000_000_000 })
      })

      it('keep the columns that are neither written nor cleared', async () => {
        await client.row(id, { n: 1, t: 'kept', big: 5n }, 1_000)
        await store.writeRows([write(id, { n: 2 }, { clear: new Set(['big']), writeTime: 2_000 })], none, always, live)
        expect(await read()).toEqual({ n: 2, t: 'kept', writeTime: 2_000 })
      })

      it('lose every other column when all are to be cleared', async () => {
        await client.row(id, { n: 1, t: 'x', big: 5n, tags: ['x'], frozen_tags: ['y'] }, 1_000)
        await store.writeRows([write(id, { n: 2 }, { clear: 'all', writeTime: 2_000 })], none, always, live)
        expect(await read()).toEqual({ n: 2, writeTime: 2_000 })
      })

      it('are not hidden by a tombstone where a column was not touched', async () => {
        await store.writeRows([write(id, { n: 1 }, { writeTime: 9_000 })], none, always, live)
        await client.row(id, { t: 'older, yet visible' }, 1_000)
        expect(await read()).toEqual({ n: 1, t: 'older, yet visible', writeTime: 9_000 })
      })

      it('hide an older value where a column was cleared', async () => {
        await store.writeRows([write(id, { n: 1 }, { clear: new Set(['t']), writeTime: 9_000 })], none, always, live)
        await client.row(id, { t: 'older' }, 1_000)
        expect(await read()).toEqual({ n: 1, writeTime: 9_000 })
      })

      it('written at an older time lose', async () => {
        await client.row(id, { n: 1, t: 'newer' }, 5_000)
        const outcomes = await store.writeRows(
          [write(id, { n: 2, t: 'older' }, { writeTime: 4_999 })],
          none,
          always,
          live,
        )
        expect(outcomes).toEqual([{ kind: 'written' }])
        expect(await read()).toEqual({ n: 1, t: 'newer', writeTime: 5_000 })
      })

      it('written at one and the same time mix, cell by cell', async () => {
        await client.row(id, { n: 1, t: 'zz' }, 5_000)
        await store.writeRows([write(id, { n: 9, t: 'aa' }, { writeTime: 5_000 })], none, always, live)
        expect(await read()).toEqual({ n: 9, t: 'zz', writeTime: 5_000 })
      })

      it('lose to a tombstone of the same time', async () => {
        await client.row(id, { n: 1, t: null }, 5_000)
        await store.writeRows([write(id, { n: 1, t: 'lost' }, { writeTime: 5_000 })], none, always, live)
        expect(await read()).toEqual({ n: 1, writeTime: 5_000 })
      })

      it('can be written again without a change', async () => {
        const one = write(id, { n: 1, t: 'a', tags: ['x', 'y'] }, { clear: 'all' })
        await store.writeRows([one], none, always, live)
        const first = await read()
        await store.writeRows([one], none, always, live)
        expect(await read()).toEqual(first)
      })

      it('come back equal, five thousand of them, in few requests', async () => {
        const writes = ids(5_000).map((one, index) =>
          write(one, { n: index, t: `text ${index}`, tags: ['a', `t${index}`] }, { writeTime: 1_000 + index }),
        )
        const before = fixture.requests()
        const outcomes = await store.writeRows(writes, none, always, live)
        expect(outcomes.every(({ kind }) => kind === 'written')).toBe(true)
        expect(fixture.requests() - before).toBeLessThanOrEqual(500)
        const rows = await store.getMany(
          writes.map((one) => one.id),
          live,
        )
        expect(fixture.requests() - before).toBeLessThanOrEqual(550)
        expect(writes.map((one) => plain(rows.get(one.id)))).toEqual(writes.map(plain))
      })

      it('that may not be sent are reported in order, and sent nowhere', async () => {
        const writes = ids(25).map((one) => write(one, { n: 1 }))
        const before = fixture.requests()
        expect(await store.writeRows(writes, none, never, live)).toEqual(writes.map(() => ({ kind: 'unsent' })))
        expect(fixture.requests()).toBe(before)
      })

      it('are asked for with every request, and the outcomes tell which were sent', async () => {
        const writes = ids(100).map((one) => write(one, { n: 1 }))
        let asked = 0
        const outcomes = await store.writeRows(writes, none, () => ++asked <= 2, live)
        const rows = await store.getMany(
          writes.map((one) => one.id),
          live,
        )
        const kinds = writes.map((one) => (rows.has(one.id) ? 'written' : 'unsent'))
        expect(outcomes.map(({ kind }) => kind)).toEqual(kinds)
        expect(new Set(kinds)).toEqual(new Set(['written', 'unsent']))
      })

      it('are no longer read or written once the signal is aborted', async () => {
        const stop = new AbortController()
        stop.abort(new Error('enough'))
        await expect(store.getMany([id], stop.signal)).rejects.toThrow('enough')
        await expect(store.writeRows([write(id, { n: 1 })], none, always, stop.signal)).rejects.toThrow('enough')
        expect(await read()).toBeUndefined()
      })
    })
  })

  describe(`rows in ${name} with several buckets`, () => {
    let fixture: RowStoreFixture
    beforeAll(async () => {
      fixture = await make({ buckets: 6, bigVersions: true })
    })
    afterAll(() => fixture.close())

    const collect = async (from: number): Promise<Entry[]> => {
      const entries: Entry[] = []
      for await (const page of fixture.store.entries(from, live)) entries.push(...page)
      return entries
    }

    it('finds the entries of every bucket, whoever put them there', async () => {
      const clients = ids(6).map((id, bucket) => ({ id, version: 5_000_000_000 + bucket, bucket }))
      for (const { id, version, bucket } of clients) await fixture.client.entry(id, version, bucket)
      const ours = ids(300).map((id) => ({ id, version: 5_000_000_000 }))
      await fixture.store.writeEntries(ours, always, live)
      const key = (entry: Entry): string => `${entry.id} ${entry.version}`
      const expected = [...clients, ...ours].map(key).toSorted()
      expect((await collect(5_000_000_000)).map(key).toSorted()).toEqual(expected)
    })

    it('holds versions up to 2^53 − 1 in a bigint column', async () => {
      expect(fixture.store.maxVersion).toBe(Number.MAX_SAFE_INTEGER)
      const entry = { id: randomUUID(), version: Number.MAX_SAFE_INTEGER }
      await fixture.store.writeEntries([entry], always, live)
      expect(await collect(Number.MAX_SAFE_INTEGER)).toEqual([entry])
    })
  })
}
