/**
 * The two stores together are one register per record: what they end with is the join of what was written, whatever
 * the order of the writes and of the syncs between them.
 */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { idsOf } from '../../support/ids.js'
import { at, v0 } from '../../support/observations.js'
import { MemoryPair } from './memory-pair.js'

const [id] = idsOf(1, 'join') as [string]
const window = [v0, v0 + 20] as const
const columns = [
  { name: 'a', type: { kind: 'int' } },
  { name: 'b', type: { kind: 'text' } },
  { name: 'deleted', type: { kind: 'boolean' } },
] as const

type Values = Readonly<Record<string, number | string | boolean | null>>
interface Write {
  readonly side: 'elasticsearch' | 'cassandra'
  readonly version: number
  readonly values: Values
}

/** A delete is a state like any other; a client of Cassandra writes null for what it does not have. */
const values: fc.Arbitrary<Values> = fc.oneof(
  fc.record({ a: fc.nat(3), b: fc.constantFrom('x', 'y'), deleted: fc.constant(null) }),
  fc.record({ a: fc.nat(3), b: fc.constant(null), deleted: fc.constant(null) }),
  fc.constant({ a: null, b: null, deleted: true }),
)
const write: fc.Arbitrary<Write> = fc.record({
  side: fc.constantFrom('elasticsearch', 'cassandra'),
  version: fc.integer({ min: v0, max: v0 + 19 }),
  values,
})
/** One state per side and version: two of them would be Cassandra's, or the clients', to order. */
const writes = fc.uniqueArray(write, {
  minLength: 1,
  maxLength: 8,
  selector: ({ side, version }) => `${side} ${version}`,
})
const shuffled = (all: readonly Write[]): fc.Arbitrary<Write[]> =>
  fc.shuffledSubarray([...all], { minLength: all.length, maxLength: all.length })
const inTwoOrders = writes.chain((all) => fc.tuple(shuffled(all), shuffled(all)))

const present = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, each]) => each !== null))

/** Whether the write was acknowledged: a document is refused where a row of its version was copied before. */
const apply = (store: MemoryPair, { side, version, values }: Write): boolean => {
  if (side === 'elasticsearch') {
    return store.documents.put(id, version, { ...present(values), timestamp: version }) === 'written'
  }
  store.batch(id, version, values)
  return true
}

const open = (): MemoryPair => new MemoryPair({ now: at(v0, 1_000), columns })

/** Version and content of both sides. */
const held = (store: MemoryPair) => {
  const { version, source } = store.document(id)!
  const { timestamp: _, ...fields } = source
  return { document: { version, fields }, row: { version: Math.max(...store.labels(id)), fields: store.row(id)! } }
}

/** The greatest version; of two states with one version, the document's. */
const join = (all: readonly Write[]) => {
  const version = Math.max(...all.map((each) => each.version))
  const newest = all.filter((each) => each.version === version)
  const winner = newest.find(({ side }) => side === 'elasticsearch') ?? newest[0]!
  const state = { version, fields: present(winner.values) }
  return { document: state, row: state }
}

/** @param syncAfter after which of the writes a sync runs */
const played = async (all: readonly Write[], syncAfter: ReadonlySet<number>) => {
  const store = open()
  const acknowledged: Write[] = []
  for (const [index, each] of all.entries()) {
    if (apply(store, each)) acknowledged.push(each)
    if (syncAfter.has(index)) await store.sync(...window)
  }
  await store.sync(...window)
  return { held: held(store), acknowledged }
}

describe('the join of all writes, ties and deletes included', () => {
  test('is what both stores hold, in whatever order the writes came', async () => {
    await fc.assert(
      fc.asyncProperty(inTwoOrders, async ([one, other]) => {
        for (const each of [one, other]) expect((await played(each, new Set())).held).toEqual(join(one))
      }),
      { numRuns: 300 },
    )
  })

  test('is the same when some of the writes are joined first, and the rest later', async () => {
    const partly = inTwoOrders.chain(([all]) =>
      fc.tuple(fc.constant(all), fc.array(fc.nat(all.length - 1), { maxLength: 4 })),
    )
    await fc.assert(
      fc.asyncProperty(partly, async ([all, syncAfter]) => {
        const { held, acknowledged } = await played(all, new Set(syncAfter))
        expect(held).toEqual(join(acknowledged))
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
