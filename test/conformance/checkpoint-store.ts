/** What every CheckpointStore has to do: the text of the port, as tests. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { acknowledge, type Progress } from '../../src/core/progress.js'
import type { CheckpointStore } from '../../src/ports/checkpoint.js'

export interface CheckpointFixture {
  readonly store: CheckpointStore
  close(): Promise<void>
}

export const describeCheckpointStore = (name: string, make: () => Promise<CheckpointFixture>): void => {
  describe(`progress in ${name}`, () => {
    let fixture: CheckpointFixture
    let store: CheckpointStore
    let pair: string
    const start: Progress = { watermark: 1_700_000_000, acknowledged: [] }

    beforeAll(async () => {
      fixture = await make()
      store = fixture.store
    })
    afterAll(() => fixture.close())
    beforeEach(() => {
      pair = `pair ${randomUUID()}`
    })

    it('is undefined for a pair that never ran', async () => {
      expect(await store.read(pair)).toBeUndefined()
      expect(await store.glance(pair)).toBeUndefined()
    })

    it('is created once: whoever comes second gets what is there', async () => {
      const first = await store.create(pair, start)
      expect(first.progress).toEqual(start)
      const second = await store.create(pair, { watermark: 1, acknowledged: [] })
      expect(second).toEqual(first)
      expect(await store.read(pair)).toEqual(first)
      expect(await store.glance(pair)).toEqual(first)
    })

    it('is the same for all who create it at once', async () => {
      const starts = [1, 2, 3, 4, 5].map((watermark) => ({ watermark, acknowledged: [] }))
      const created = await Promise.all(starts.map((each) => store.create(pair, each)))
      expect(new Set(created.map((each) => each.progress.watermark)).size).toBe(1)
    })

    it('is replaced by whoever has read the newest revision', async () => {
      const seen = await store.create(pair, start)
      const next = {
        watermark: 2 ** 53 - 2,
        acknowledged: [
          { from: 5, to: 9 },
          { from: 10, to: 2 ** 53 - 1 },
        ],
      }
      const exchange = await store.compareAndSet(pair, seen, next)
      const stored = await store.read(pair)
      expect(exchange).toEqual({ applied: true, stored })
      expect(stored?.progress).toEqual(next)
      expect(stored?.revision).not.toBe(seen.revision)
    })

    it('is not touched by a stale compare-and-set', async () => {
      const seen = await store.create(pair, start)
      const winner = { watermark: 1_700_000_010, acknowledged: [] }
      expect(await store.compareAndSet(pair, seen, winner)).toMatchObject({ applied: true })
      const exchange = await store.compareAndSet(pair, seen, { watermark: 1_700_000_020, acknowledged: [] })
      const stored = await store.read(pair)
      expect(stored?.progress).toEqual(winner)
      expect(exchange).toEqual({ applied: false, stored })
    })

    it('is not touched by who has seen other progress under the same revision', async () => {
      const seen = await store.create(pair, start)
      for (const progress of [
        { watermark: start.watermark + 1, acknowledged: [] },
        { ...start, acknowledged: [{ from: start.watermark + 5, to: start.watermark + 9 }] },
      ]) {
        const exchange = await store.compareAndSet(pair, { ...seen, progress }, { watermark: 2e9, acknowledged: [] })
        expect(exchange).toEqual({ applied: false, stored: seen })
      }
      expect(await store.read(pair)).toEqual(seen)
    })

    it('that a lost race told is good for the next try', async () => {
      const seen = await store.create(pair, start)
      const winner = { watermark: start.watermark + 1, acknowledged: [{ from: 1_800_000_000, to: 1_800_000_001 }] }
      await store.compareAndSet(pair, seen, winner)
      const { stored } = await store.compareAndSet(pair, seen, start)
      const next = { watermark: 1_900_000_000, acknowledged: [] }
      expect(await store.compareAndSet(pair, stored!, next)).toMatchObject({ applied: true })
      expect((await store.read(pair))?.progress).toEqual(next)
    })

    it('is not created by a compare-and-set', async () => {
      const exchange = await store.compareAndSet(pair, { progress: start, revision: 1 }, start)
      expect(exchange).toEqual({ applied: false, stored: undefined })
      expect(await store.read(pair)).toBeUndefined()
    })

    it('keeps pairs apart', async () => {
      const seen = await store.create(pair, start)
      const other = await store.create(`${pair} other`, { watermark: 7, acknowledged: [] })
      await store.compareAndSet(pair, seen, { watermark: 1_700_000_001, acknowledged: [] })
      expect(await store.read(`${pair} other`)).toEqual(other)
    })

    it('loses nothing when many acknowledge at once', async () => {
      await store.create(pair, { watermark: 0, acknowledged: [] })
      const windows = Array.from({ length: 8 }, (_, index) => ({ from: index * 10, to: index * 10 + 10 }))
      await Promise.all(
        windows.map(async (window) => {
          for (;;) {
            const seen = await store.read(pair)
            if (seen === undefined) throw new Error('progress vanished')
            if ((await store.compareAndSet(pair, seen, acknowledge(seen.progress, window))).applied) return
          }
        }),
      )
      expect((await store.read(pair))?.progress).toEqual({ watermark: 80, acknowledged: [] })
    })
  })
}
