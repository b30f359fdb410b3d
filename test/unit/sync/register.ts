/** One record, written to on both sides, as a register: arbitrary writes of it, and what they join to. */
import * as fc from 'fast-check'
import { idsOf } from '../../support/ids.js'
import { at, v0 } from '../../support/observations.js'
import { MemoryPair } from './memory-pair.js'

export const [id] = idsOf(1, 'join') as [string]
/** All versions lie in it. */
export const window = [v0, v0 + 20] as const
const columns = [
  { name: 'a', type: { kind: 'int' } },
  { name: 'b', type: { kind: 'text' } },
  { name: 'deleted', type: { kind: 'boolean' } },
] as const

export type Values = Readonly<Record<string, number | string | boolean | null>>
export interface Write {
  readonly side: 'elasticsearch' | 'cassandra'
  readonly version: number
  readonly values: Values
  /** Seconds until it is there; well within the hold. */
  readonly late: number
}

/** A delete is a state like any other; a client of Cassandra writes null for what it does not have. */
export const values: fc.Arbitrary<Values> = fc.oneof(
  fc.record({ a: fc.nat(3), b: fc.constantFrom('x', 'y'), deleted: fc.constant(null) }),
  fc.record({ a: fc.nat(3), b: fc.constant(null), deleted: fc.constant(null) }),
  fc.constant({ a: null, b: null, deleted: true }),
)
const write: fc.Arbitrary<Write> = fc.record({
  side: fc.constantFrom('elasticsearch', 'cassandra'),
  version: fc.integer({ min: v0, max: v0 + 19 }),
  values,
  late: fc.integer({ min: 0, max: 6 }),
})
/** One state per side and version: two of them would be Cassandra's, or the clients', to order. */
export const writes = fc.uniqueArray(write, {
  minLength: 1,
  maxLength: 8,
  selector: ({ side, version }) => `${side} ${version}`,
})

export const present = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, each]) => each !== null))

/** Whether the write was acknowledged: a document is refused where a row of its version was copied before. */
export const apply = (store: MemoryPair, { side, version, values }: Write): boolean => {
  if (side === 'elasticsearch') {
    return store.documents.put(id, version, { ...present(values), timestamp: version }) === 'written'
  }
  store.batch(id, version, values)
  return true
}

/** Long after all writes, or when the first of them is made. */
export const open = (now = at(v0, 1_000)): MemoryPair => new MemoryPair({ now, columns })

/** When it lands. No multiple of a unit or of a setting away from cell times, which would collide with ours. */
const landsAt = ({ version, late }: Write): number => at(version, 0.523_456 + late)

/**
 * Lets the writes land one after the other, each at its time, with syncs of all of it in between and long after.
 * @param syncAfter after which of the writes, in the order in which they land
 * @returns the writes that were acknowledged
 */
export const play = async (
  all: readonly Write[],
  syncAfter: readonly number[],
  store: MemoryPair,
  sync: () => Promise<unknown> = () => store.sync(...window),
): Promise<Write[]> => {
  const acknowledged: Write[] = []
  const passTo = (time: number): void => store.clock.pass(Math.max(0, time - store.clock.now()))
  for (const [index, each] of all.toSorted((a, b) => landsAt(a) - landsAt(b)).entries()) {
    passTo(landsAt(each))
    if (apply(store, each)) acknowledged.push(each)
    if (syncAfter.includes(index)) await sync()
  }
  passTo(at(v0, 1_000))
  await sync()
  return acknowledged
}

/** Version and content of both sides. */
export const held = (store: MemoryPair) => {
  const { version, source } = store.document(id)!
  const { timestamp: _, ...fields } = source
  return { document: { version, fields }, row: { version: Math.max(...store.labels(id)), fields: store.row(id)! } }
}

/** The greatest version; of two states with one version, the document's. */
export const join = (all: readonly Write[]) => {
  const version = Math.max(...all.map((each) => each.version))
  const newest = all.filter((each) => each.version === version)
  const winner = newest.find(({ side }) => side === 'elasticsearch') ?? newest[0]!
  const state = { version, fields: present(winner.values) }
  return { document: state, row: state }
}
