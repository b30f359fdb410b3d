/** What clients were told is written stays so, at every moment and whatever fails in between. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { CaesError } from '../../../src/core/errors.js'
import { at, v0 } from '../../support/observations.js'
import type { MemoryPair } from './memory-pair.js'
import { held, id, open, play, present, values, window, writes, type Write } from './register.js'

/** Which requests are lost: before they take effect, or after, so that only the answer is missing. */
interface Losses {
  readonly before: readonly number[]
  readonly after: readonly number[]
}
const requestNumbers = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 6 })
const losses: fc.Arbitrary<Losses> = fc.record({ before: requestNumbers, after: requestNumbers })

/** @param watch called before each request takes effect, and after each that the row store got */
const disturb = (store: MemoryPair, { before, after }: Losses, watch: () => void): void => {
  let sent = 0
  const lose = (): never => {
    throw new CaesError('CAES_CASSANDRA_TIMEOUT', 'lost')
  }
  store.onRequest = () => {
    watch()
    sent += 1
    if (before.includes(sent)) lose()
  }
  store.onApplied = () => {
    watch()
    if (after.includes(sent)) lose()
  }
}

/** Syncs as a worker does: an attempt that fails is made again. Every loss costs one attempt at most. */
const syncUntilDone = async (store: MemoryPair, { before, after }: Losses): Promise<void> => {
  for (let attempt = 0; attempt <= before.length + after.length; attempt += 1) {
    try {
      await store.sync(...window)
      return
    } catch (error) {
      if (!(error instanceof CaesError)) throw error
    }
  }
  throw new Error('the window never succeeded')
}

const histories = fc.tuple(writes, fc.array(fc.nat(7), { maxLength: 3 }), losses)

test('no acknowledged write vanishes, unless a greater one exists', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async ([all, syncAfter, lost]) => {
      const store = open(at(v0))
      disturb(store, lost, () => {})
      const acknowledged = await play(all, syncAfter, store, () => syncUntilDone(store, lost))
      const { document, row } = held(store)
      for (const { side, version, values } of acknowledged) {
        for (const state of [document, row]) {
          expect(state.version).toBeGreaterThanOrEqual(version)
          // Of two that have one version, the document is the greater.
          const isTied = acknowledged.some((other) => other.version === version && other.side !== side)
          if (state.version > version || (isTied && side === 'cassandra')) continue
          expect(state).toEqual({ version, fields: present(values) })
        }
      }
    }),
    { numRuns: 200 },
  )
})

test('neither store ever goes back to an older state, at no moment', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async ([drawn, syncAfter, lost]) => {
      // By this field a state is known again wherever it shows up.
      const all = drawn.map((each, index) => ({ ...each, values: { ...each.values, a: index } }))
      const versionOf = (fields: { readonly a?: unknown } | undefined): number =>
        fields === undefined ? -1 : all[Number(fields.a)]!.version
      const store = open(at(v0))
      let newest = { document: -1, row: -1, label: -1 }
      const watch = (): void => {
        const now = {
          document: versionOf(store.document(id)?.source),
          row: versionOf(store.row(id)),
          label: Math.max(-1, ...store.labels(id)),
        }
        const wentBack = (['document', 'row', 'label'] as const).filter((what) => now[what] < newest[what])
        expect(wentBack).toEqual([])
        newest = now
      }
      disturb(store, lost, watch)
      await play(all, syncAfter, store, () => syncUntilDone(store, lost))
      watch()
      expect(newest.document).toBe(newest.row)
    }),
    { numRuns: 200 },
  )
})

test('equal version, different content: the document wins whole, whoever came first, and no reader sees a mixed row', async () => {
  const tied = fc.tuple(values, values, fc.nat(6), fc.nat(6), fc.boolean(), losses)
  await fc.assert(
    fc.asyncProperty(tied, async ([ofDocument, ofRow, documentLate, rowLate, syncBetween, lost]) => {
      const version = v0 + 7
      const states: Write[] = [
        { side: 'elasticsearch', version, values: ofDocument, late: documentLate },
        { side: 'cassandra', version, values: ofRow, late: rowLate },
      ]
      const store = open(at(v0))
      const contents = [ofDocument, ofRow].map(present)
      disturb(store, lost, () => {
        expect([undefined, ...contents]).toContainEqual(store.row(id))
      })
      const acknowledged = await play(states, syncBetween ? [0] : [], store, () => syncUntilDone(store, lost))
      // Where the row was copied before, it holds the version there: the document is refused, and its client knows.
      const winner = acknowledged.find(({ side }) => side === 'elasticsearch') ?? acknowledged[0]!
      const state = { version, fields: present(winner.values) }
      expect(held(store)).toEqual({ document: state, row: state })
    }),
    { numRuns: 200 },
  )
})
