/**
 * The two stores together are one register per record: what they end with is the join of what was written, whatever
 * the order of the writes and of the syncs between them.
 */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { at, v0 } from '../../support/observations.js'
import { apply, held, join, open, play, window, writes, type Write } from './register.js'

const shuffled = (all: readonly Write[]): fc.Arbitrary<Write[]> =>
  fc.shuffledSubarray([...all], { minLength: all.length, maxLength: all.length })
const inTwoOrders = writes.chain((all) => fc.tuple(shuffled(all), shuffled(all)))

describe('the join of all writes, ties and deletes included', () => {
  test('is what both stores hold, in whatever order the writes came', async () => {
    await fc.assert(
      fc.asyncProperty(inTwoOrders, async ([one, other]) => {
        for (const order of [one, other]) {
          const store = open()
          for (const each of order) apply(store, each)
          await store.sync(...window)
          expect(held(store)).toEqual(join(one))
        }
      }),
      { numRuns: 300 },
    )
  })

  test('is the same when some of the writes are joined first, and the rest later', async () => {
    const partly = fc.tuple(writes, fc.array(fc.nat(7), { maxLength: 4 }))
    await fc.assert(
      fc.asyncProperty(partly, async ([all, syncAfter]) => {
        const store = open(at(v0))
        const acknowledged = await play(all, syncAfter, store)
        expect(held(store)).toEqual(join(acknowledged))
      }),
      { numRuns: 300 },
    )
  })

  test('is not changed by a write that comes twice, nor by another sync', async () => {
    await fc.assert(
      fc.asyncProperty(writes, async (all) => {
        const store = open()
        for (const each of [...all, ...all]) apply(store, each)
        await store.sync(...window)
        const state = store.state()
        store.forget()
        await store.sync(...window)
        expect(held(store)).toEqual(join(all))
        expect(store.state()).toEqual(state)
        expect(store.writes).toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})
