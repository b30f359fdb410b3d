/**
 * The rules of convergence, each taken away in turn from outside: by another decision, or by ports that do not do what
 * the rule asks for. A simulation that does not fail then would prove nothing.
 */
import { decide, type Decide, type Decision, type Observation, type WriteRow } from '../../src/core/decide.js'
import { hold, type Rules } from '../../src/core/rules.js'
import { isClock, micros, unitMicros } from '../../src/core/version.js'
import type { RowRemoval } from '../../src/ports/purge.js'
import type { Entry } from '../../src/ports/store.js'
import type { PurgeablePair } from '../../src/sync/purge.js'
import { documentsOf, rowsOf } from './ports.js'
import type { Mutation } from './run-history.js'

type Rows = PurgeablePair['rows']

/** Changes what the real decision says about a write to Cassandra. */
const otherRowWrite =
  (change: (write: WriteRow, rules: Rules, seen: Observation) => WriteRow): Decide =>
  (rules, window, seen, before) => {
    const decision = decide(rules, window, seen, before)
    return decision.kind === 'write-row' ? change(decision, rules, seen) : decision
  }

const isLogical = (rules: Rules, version: number): boolean => !isClock(version, rules.unit)

/** What is there when the row was written so long ago that no rule waits for it any more. */
const asIfOld = (rules: Rules, seen: Observation): Observation => ({
  ...seen,
  labelReadAt: Math.max(seen.labelReadAt, (seen.row?.writeTime ?? 0) + hold(rules)),
})

const withoutEarlyHold: Decide = (rules, window, seen, before) => {
  const decision = decide(rules, window, seen, before)
  const isEarly = decision.kind === 'held' && decision.because === 'content older than its entry'
  if (!isEarly) return decision
  return { kind: 'write-document', id: seen.id, version: seen.label!, fields: seen.row!.fields }
}

const withoutLateHold: Decide = (rules, window, seen, before) => {
  const decision = decide(rules, window, seen, before)
  const isLate = decision.kind === 'held' && decision.because === 'row written after the version'
  return isLate || (decision.kind === 'again' && !isLogical(rules, seen.document?.version ?? 0))
    ? decide(rules, window, asIfOld(rules, seen), before)
    : decision
}

const withoutUnlabelled: Decide = (rules, window, seen, before): Decision => {
  const decision = decide(rules, window, seen, before)
  if (decision.kind !== 'unlabelled') return decision
  return decide(rules, window, asIfOld(rules, { ...seen, label: seen.document!.version - 1 }), before)
}

/** Logical versions: what a second look would tell is taken for told. */
const withoutStillness: Decide = (rules, window, seen, before) => {
  const decision = decide(rules, window, seen, before)
  if (decision.kind !== 'again' || !isLogical(rules, Math.max(seen.document?.version ?? 0, seen.label ?? 0))) {
    return decision
  }
  return decide(rules, window, seen, { ...seen, labelReadAt: seen.labelReadAt - rules.settle })
}

/** The write time that the rules ask for when no null may be hidden. */
const withoutHiddenNull: Decide = (rules, window, seen, before) => {
  const decision = decide(rules, window, seen, before)
  if (decision.kind !== 'write-row' || seen.label !== decision.version) return decision
  const plain = decide(rules, window, asIfOld(rules, { ...seen, label: decision.version - 1 }), {
    ...seen,
    labelReadAt: -rules.overlap,
  })
  return plain.kind === 'write-row' ? { ...decision, writeTime: plain.writeTime, bumped: plain.bumped } : decision
}

const onlyBefore = (rows: Rows, to: () => number): Rows =>
  rowsOf(rows, {
    entries: async function* (from, signal, before): AsyncGenerator<readonly Entry[]> {
      for await (const page of rows.entries(from, signal, before)) yield page.filter(({ version }) => version < to())
    },
  })

/** A second look that starts where the window ends, as if nothing could have changed before. */
const tailAfterFirst = (rows: Rows, to: number): Rows => {
  const first: Entry[] = []
  let isFirst = true
  return rowsOf(rows, {
    entries: async function* (from, signal, before): AsyncGenerator<readonly Entry[]> {
      if (!isFirst) yield first
      for await (const page of rows.entries(isFirst ? from : to, signal, before)) {
        if (isFirst) first.push(...page)
        yield page
      }
      isFirst = false
    },
  })
}

/** The row first: whoever sees it then does not see its label. */
const rowsThenEntries = (rows: Rows): Rows => {
  const waiting: Entry[] = []
  return rowsOf(rows, {
    writeEntries: (entries) => {
      waiting.push(...entries)
      return Promise.resolve(entries.map(() => true))
    },
    writeRows: async (writes, sources, maySend, signal) => {
      const outcomes = await rows.writeRows(writes, sources, maySend, signal)
      await rows.writeEntries(waiting.splice(0), maySend, signal)
      return outcomes
    },
  })
}

/** Rows are read when the entries are, or before. */
const rowsBeforeLook = (rows: Rows, ids: readonly string[]): Rows => {
  let early = rows.getMany([], new AbortController().signal)
  return rowsOf(rows, {
    entries: async function* (from, signal, before): AsyncGenerator<readonly Entry[]> {
      early = rows.getMany(ids, signal)
      await early
      yield* rows.entries(from, signal, before)
    },
    getMany: async (wanted) => new Map([...(await early)].filter(([id]) => wanted.includes(id))),
  })
}

/** The document first: a purge that is cut off in between leaves a row that brings it back. */
const documentsThenRows = (pair: PurgeablePair): PurgeablePair => {
  const waiting: RowRemoval[] = []
  return {
    ...pair,
    rows: rowsOf(pair.rows, {
      removeRows: async (removals) => {
        waiting.push(...removals)
      },
    }),
    documents: documentsOf(pair.documents, {
      remove: async (removals, signal) => {
        const gone = await pair.documents.remove(removals, signal)
        await pair.rows.removeRows(waiting.splice(0), signal)
        return gone
      },
    }),
  }
}

/** Rows are removed at another time than the purge asks for. */
const removedAt =
  (time: (removal: RowRemoval, pair: PurgeablePair) => number) =>
  (pair: PurgeablePair): PurgeablePair => ({
    ...pair,
    rows: rowsOf(pair.rows, {
      removeRows: (removals, signal) =>
        pair.rows.removeRows(
          removals.map((removal) => ({ ...removal, writeTime: time(removal, pair) })),
          signal,
        ),
    }),
  })

/** By the name that the table of docs/simulation.md has for it. */
export const rulesRemoved = {
  'hidden null': { decide: withoutHiddenNull },
  'late writes under nulls': {
    decide: otherRowWrite((write, rules, seen) =>
      seen.row?.writeTime === undefined && seen.label === write.version
        ? { ...write, writeTime: Math.max(write.writeTime, seen.labelReadAt - rules.settle) }
        : write,
    ),
  },
  'early-content hold': { decide: withoutEarlyHold },
  'late-content hold': { decide: withoutLateHold },
  unlabelled: { decide: withoutUnlabelled },
  stillness: { decide: withoutStillness },
  freshness: {
    ports: (pair) => ({
      ...pair,
      documents: documentsOf(pair.documents, {
        write: (writes, _, signal) => pair.documents.write(writes, () => true, signal),
      }),
      rows: rowsOf(pair.rows, {
        writeEntries: (entries, _, signal) => pair.rows.writeEntries(entries, () => true, signal),
        writeRows: (writes, sources, _, signal) => pair.rows.writeRows(writes, sources, () => true, signal),
      }),
    }),
  },
  'ordered bump': {
    decide: otherRowWrite((write, rules, { row }) =>
      isLogical(rules, write.version) && row?.writeTime !== undefined && write.writeTime > row.writeTime
        ? { ...write, writeTime: Math.max(row.writeTime + 1, micros(write.version, rules.unit)) }
        : write,
    ),
  },
  'second look': { decide: otherRowWrite((write) => ({ ...write, bumped: false })) },
  'second look behind the window': { ports: (pair, { to }) => ({ ...pair, rows: tailAfterFirst(pair.rows, to) }) },
  'logical nulls': {
    decide: otherRowWrite((write, _, { row }) => ({
      ...write,
      clear: new Set([...(row?.fields.keys() ?? [])].filter((name) => !write.fields.has(name))),
    })),
  },
  'entry before row': { ports: (pair) => ({ ...pair, rows: rowsThenEntries(pair.rows) }) },
  'look without an end (at the window)': {
    ports: (pair, window) => ({ ...pair, rows: onlyBefore(pair.rows, () => window.to) }),
  },
  'look without an end (at now)': {
    ports: (pair) => ({
      ...pair,
      rows: onlyBefore(pair.rows, () => Math.ceil(pair.clock.now() / unitMicros(pair.rules.unit))),
    }),
  },
  'rows beyond the look': {
    decide: (rules, window, seen, before) => decide(rules, window, { ...seen, lookedUpTo: undefined }, before),
  },
  'label before content': { ports: (pair, _, ids) => ({ ...pair, rows: rowsBeforeLook(pair.rows, ids) }) },
  'long overlap': { ports: (pair) => ({ ...pair, rules: { ...pair.rules, overlap: 4_000_000 } }) },
  ties: {
    decide: (rules, window, seen, before) => {
      const decision = decide(rules, window, seen, before)
      return decision.kind === 'write-row' && decision.tie ? { kind: 'unchanged' } : decision
    },
  },
  'cells tell the version': {
    decide: (rules, window, seen, before) => decide({ ...rules, labels: 'entries' }, window, seen, before),
  },
  'a microsecond above clients': {
    decide: otherRowWrite((write, rules) =>
      rules.labels === 'write-times' ? { ...write, writeTime: micros(write.version, rules.unit) } : write,
    ),
  },
  'rows purged first': { ports: documentsThenRows },
  'purged at the time of what is there': { ports: removedAt((_, { clock }) => clock.now()) },
  'purged above what windows write': { ports: removedAt(({ writeTime }) => writeTime - 1) },
  'replace, do not merge': { decide: otherRowWrite((write) => ({ ...write, clear: new Set<string>() })) },
} as const satisfies Record<string, Mutation>

export type RuleName = keyof typeof rulesRemoved
export const ruleNames = Object.keys(rulesRemoved) as RuleName[]
