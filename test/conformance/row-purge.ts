/** What removing rows for good has to give: the text of the port, as tests. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { MakeRowStore, RowStoreFixture } from './row-store.js'

const live = new AbortController().signal
const time = 1_700_000_000_000_000

export const describeRowPurge = (name: string, make: MakeRowStore): void => {
  describe(`removing rows from ${name}`, () => {
    let fixture: RowStoreFixture
    let id: string
    beforeAll(async () => {
      fixture = await make({ buckets: 1, bigVersions: false })
    })
    afterAll(() => fixture.close())
    beforeEach(() => {
      id = randomUUID()
    })

    const remove = (writeTime: number): Promise<void> => fixture.store.removeRows([{ id, writeTime }], live)
    const read = async () => {
      const row = (await fixture.store.getMany([id], live)).get(id)
      return row && { fields: [...row.fields], writeTime: row.writeTime }
    }

    it.each([
      ['at the same time', time],
      ['before', time - 1],
    ])('takes a row away that was written %s', async (_, writtenAt) => {
      await fixture.client.row(id, { n: 1, t: 'text', tags: ['a'], frozen_tags: ['b'] }, writtenAt)
      await remove(time)
      expect(await read()).toBeUndefined()
    })

    it('leaves what was written later', async () => {
      await fixture.client.row(id, { n: 1, t: 'text' }, time)
      await fixture.client.row(id, { n: 2 }, time + 1)
      await remove(time)
      expect(await read()).toEqual({ fields: [['n', 2]], writeTime: time + 1 })
    })

    it('keeps away what comes afterwards with an older time, and lets a newer one through', async () => {
      await remove(time)
      await fixture.client.row(id, { n: 1 }, time)
      expect(await read()).toBeUndefined()
      await fixture.client.row(id, { n: 2 }, time + 1)
      expect(await read()).toEqual({ fields: [['n', 2]], writeTime: time + 1 })
    })

    it('can be repeated', async () => {
      await fixture.client.row(id, { n: 1 }, time)
      await remove(time)
      await remove(time)
      expect(await read()).toBeUndefined()
    })

    it('takes many at once, and no other', async () => {
      const all = Array.from({ length: 300 }, () => randomUUID())
      for (const each of all) await fixture.client.row(each, { n: 1 }, time)
      await fixture.store.removeRows(
        all.slice(1).map((each) => ({ id: each, writeTime: time })),
        live,
      )
      expect([...(await fixture.store.getMany(all, live)).keys()]).toEqual([all[0]])
    })

    it('asks nothing once the signal is aborted, nor for nothing', async () => {
      const before = fixture.requests()
      const reason = new Error('enough')
      await expect(fixture.store.removeRows([{ id, writeTime: time }], AbortSignal.abort(reason))).rejects.toBe(reason)
      await fixture.store.removeRows([], live)
      expect(fixture.requests()).toBe(before)
    })
  })
}
