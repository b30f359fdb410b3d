/** What every RunStore has to do: the text of the port, as tests. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { PartResult, Run } from '../../src/core/run.js'
import type { RunStore } from '../../src/ports/run-store.js'

export interface RunStoreFixture {
  readonly store: RunStore
  close(): Promise<void>
}

export const describeRunStore = (name: string, make: () => Promise<RunStoreFixture>): void => {
  describe(`runs in ${name}`, () => {
    let fixture: RunStoreFixture
    let store: RunStore
    let run: Run
    const result = (read: number): PartResult => ({
      read,
      written: { elasticsearch: 1, cassandra: 2 },
      left: 3,
      rejected: 4,
    })

    beforeAll(async () => {
      fixture = await make()
      store = fixture.store
    })
    afterAll(() => fixture.close())
    beforeEach(() => {
      const cut = { rowParts: 16, cuts: [100, 2 ** 53 - 1], expected: 1_000, begunAt: 1 }
      const plan = {
        purpose: 'copy',
        source: 'both',
        cut,
        rate: 5_000,
        since: 1_700_000_000,
        within: 7,
        asOf: 8,
      } as const
      run = { pair: `pair ${randomUUID()}`, number: 1, plan, startedAt: 1_700_000_000_123 }
    })

    it('there are none of a pair that never had one', async () => {
      expect(await store.list(run.pair)).toEqual([])
      expect(await store.finishedParts(run)).toEqual(new Map())
    })

    it('are kept with their plan, in order', async () => {
      expect(await store.create(run)).toEqual({ run, isNew: true })
      const second: Run = { ...run, number: 2, plan: { purpose: 'reconciliation', source: 'cassandra' } }
      expect(await store.create(second)).toEqual({ run: second, isNew: true })
      expect(await store.list(run.pair)).toEqual([run, second])
    })

    it('are the same for all who start one at once', async () => {
      const each = await Promise.all([1, 2, 3, 4].map((startedAt) => store.create({ ...run, startedAt })))
      expect(new Set(each.map((made) => made.run.startedAt)).size).toBe(1)
      expect(each.filter(({ isNew }) => isNew)).toHaveLength(1)
    })

    it('take another plan only over the one that was seen, so that two who change it agree', async () => {
      await store.create(run)
      const [one, two] = [
        { ...run.plan, rate: 1 },
        { ...run.plan, rate: 2 },
      ]
      const each = await Promise.all([store.replan(run, one), store.replan(run, two)])
      expect(each[0]).toEqual(each[1])
      const stored = each[0]
      expect([1, 2]).toContain(stored.plan.rate)
      expect(await store.replan(stored, { ...stored.plan, local: true })).toEqual({
        ...run,
        plan: { ...stored.plan, local: true },
      })
      expect(await store.replan(run, run.plan)).toMatchObject({ plan: { local: true } })
    })

    it('remember which parts are done and what they did, also where one is done twice', async () => {
      await store.create(run)
      await store.finishPart(run, 7, result(10))
      await store.finishPart(run, 0, result(20))
      await store.finishPart(run, 7, result(11))
      expect(await store.finishedParts(run)).toEqual(
        new Map([
          [0, result(20)],
          [7, result(11)],
        ]),
      )
      expect(await store.finishedParts({ ...run, number: 2 })).toEqual(new Map())
    })

    it('are finished once, at the first time that is given', async () => {
      await store.create(run)
      expect(await store.finish(run, 1_800_000_000_000, result(5))).toBe(true)
      expect(await store.finish(run, 1_900_000_000_000, result(6))).toBe(false)
      expect(await store.list(run.pair)).toEqual([{ ...run, finishedAt: 1_800_000_000_000, result: result(5) }])
    })

    it('are gone with their parts once they are forgotten, and no other is', async () => {
      const second: Run = { ...run, number: 2 }
      await store.create(run)
      await store.create(second)
      for (const each of [run, second]) await store.finishPart(each, 0, result(1))
      await store.forget(run)
      await store.forget(run)
      expect(await store.list(run.pair)).toEqual([second])
      expect(await store.finishedParts(run)).toEqual(new Map())
      expect(await store.finishedParts(second)).toEqual(new Map([[0, result(1)]]))
    })
  })
}
