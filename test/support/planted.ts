/**
 * Records that are equal on both sides, and differences among them, chosen by a seed: what a comparison has to find, and
 * what it must not. Everything keeps the contract of clients, as it looks a while after it was written.
 */
import { uuidOf } from '../../src/demo/movies.js'
import type { DifferenceKind } from '../../src/core/difference.js'
import { micros } from '../../src/core/version.js'
import { Random } from '../simulation/random.js'

/** One record. Columns `vint int`, `vstring text`, `tags frozen<set<text>>`; unit s. */
export interface Planted {
  readonly id: string
  /** What was done to it; the first word is that of the kind of difference. */
  readonly what: string
  readonly document?: { readonly version: number; readonly source: Values }
  readonly row?: { readonly values: Values; readonly writeTime: number }
  /** Of the newest entry, where it has not expired. */
  readonly entry?: number
  readonly difference?: { readonly kind: DifferenceKind; readonly fields: readonly string[] }
}

type Values = Readonly<Record<string, string | number | readonly string[] | null>>

interface State {
  readonly id: string
  readonly version: number
  readonly values: Values
  /** Entries of clients without a TTL stay, others are gone. */
  readonly keepsEntry: boolean
  /** From a version to its cells, in microseconds: 0 where clients write versions as write times. */
  readonly delay: number
}

const document = (version: number, values: Values) => ({
  version,
  source: Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)),
})
const row = ({ delay }: State, version: number, values: Values) => ({ values, writeTime: micros(version, 's') + delay })
const entry = ({ keepsEntry }: State, version: number) => (keepsEntry ? { entry: version } : {})

const both = (state: State): Omit<Planted, 'what'> => {
  const { id, version, values } = state
  return { id, document: document(version, values), row: row(state, version, values), ...entry(state, version) }
}

/** Each makes something that is equal, however odd it looks. */
const equals: Readonly<Record<string, (state: State) => Omit<Planted, 'what'>>> = {
  'as it was written': both,
  'the row was written by us, whose entry expires before those of clients': (state) => ({
    ...both(state),
    row: { values: state.values, writeTime: micros(state.version, 's') },
    ...(state.keepsEntry ? { entry: state.version - 50 } : {}),
  }),
  'a field that is not mirrored': (state) => ({
    ...both(state),
    document: document(state.version, { ...state.values, comment: 'only here' }),
  }),
  'a null on one side, nothing on the other': (state) => ({
    ...both(state),
    document: document(state.version, { ...state.values, vstring: null }),
    row: row(state, state.version, { vint: state.values['vint']!, tags: state.values['tags']! }),
  }),
}

/** Each makes one difference. */
const differences: Readonly<Record<string, (state: State) => Omit<Planted, 'what'>>> = {
  'missing document': (state) => ({
    id: state.id,
    row: row(state, state.version, state.values),
    ...entry(state, state.version),
    difference: { kind: 'missing', fields: ['tags', 'vint', 'vstring'] },
  }),
  'missing row': ({ id, version, values }) => ({
    id,
    document: document(version, values),
    difference: { kind: 'missing', fields: ['tags', 'vint', 'vstring'] },
  }),
  'stale document': (state) => ({
    ...both(state),
    document: document(state.version - 100, { ...state.values, vint: -1 }),
    difference: { kind: 'stale', fields: ['vint'] },
  }),
  'stale row': (state) => ({
    ...both(state),
    row: row(state, state.version - 100, { ...state.values, vstring: 'older' }),
    ...entry(state, state.version - 100),
    difference: { kind: state.keepsEntry ? 'stale' : 'content', fields: ['vstring'] },
  }),
  'stale document of another type': (state) => ({
    ...both(state),
    document: document(state.version - 100, { ...state.values, vint: 'seven' }),
    difference: { kind: 'stale', fields: ['tags', 'vint', 'vstring'] },
  }),
  'content of one cell': (state) => ({
    ...both(state),
    row: row(state, state.version, { ...state.values, vint: Number(state.values['vint']) + 1 }),
    difference: { kind: 'content', fields: ['vint'] },
  }),
  'content with an extra field': (state) => ({
    ...both(state),
    row: row(state, state.version, { ...state.values, vstring: null }),
    difference: { kind: 'content', fields: ['vstring'] },
  }),
  'content with an extra cell': (state) => ({
    ...both(state),
    document: document(state.version, { ...state.values, tags: null }),
    difference: { kind: 'content', fields: ['tags'] },
  }),
  'content with null for empty': (state) => ({
    ...both(state),
    document: document(state.version, { ...state.values, vstring: '' }),
    row: row(state, state.version, { ...state.values, vstring: null }),
    difference: { kind: 'content', fields: ['vstring'] },
  }),
  'content with empty for null': (state) => ({
    ...both(state),
    document: document(state.version, { ...state.values, tags: null }),
    row: row(state, state.version, { ...state.values, tags: [] }),
    difference: { kind: 'content', fields: ['tags'] },
  }),
}

/** What the stores of a pair hold: `planted` differences among `count` records, whose versions lie before `before`. */
export const plant = (count: number, planted: number, before: number, seed: number, delay = 400_000): Planted[] => {
  const random = new Random(seed)
  const places = new Set<number>()
  while (places.size < planted) places.add(random.int(0, count - 1))
  return Array.from({ length: count }, (_, at): Planted => {
    const state: State = {
      id: uuidOf(`planted ${seed} ${at}`),
      version: before - random.int(1, 100_000),
      values: { vint: at, vstring: `text ${at} ${'x'.repeat(random.int(0, 80))}`, tags: [`t${at % 7}`] },
      keepsEntry: random.chance(0.5),
      delay,
    }
    const makers = places.has(at) ? differences : equals
    const what = random.pick(Object.keys(makers))
    return { what, ...makers[what]!(state) }
  })
}
