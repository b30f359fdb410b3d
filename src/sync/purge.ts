/**
 * Removes what was deleted long ago, from both stores (rule 13). First the row: an interrupted purge leaves a document
 * that says that it is deleted, and the next purge finds it. The other way round the row would bring it back.
 */
import { CaesError } from '../core/errors.js'
import { decidePurge, purgeBefore, type PurgeRules, type Removal } from '../core/purge.js'
import type { Version } from '../core/version.js'
import type { PurgeableDocuments, PurgeableRows } from '../ports/purge.js'
import type { StoredDocument } from '../ports/store.js'
import { readDocuments } from './candidate.js'
import type { Pair } from './pair.js'

export interface PurgeablePair extends Pair {
  readonly documents: Pair['documents'] & PurgeableDocuments
  readonly rows: Pair['rows'] & PurgeableRows
}

export interface PurgeReport {
  readonly pair: string
  /** Versions before this one are old enough. */
  readonly before: Version
  /** Documents that say that they are deleted, and are old enough. */
  read: number
  /** Records removed from both stores; in a dry run, that would have been. */
  purged: number
  /** Those that stay: the other side holds something else, or was written since. */
  kept: number
  durationMs: number
}

export interface PurgeOptions {
  readonly signal: AbortSignal
  /** Read and decide, remove nothing. */
  readonly dryRun?: boolean
  /** About how many documents one view is read for; it remembers the id of each. */
  readonly perView?: number
}

/** Errors: CAES_SCHEMA_MISMATCH where the field is no boolean column, and whatever the stores throw. */
export const purge = async (pair: PurgeablePair, rules: PurgeRules, options: PurgeOptions): Promise<PurgeReport> => {
  checkField(pair, rules)
  const started = pair.clock.monotonic()
  const before = purgeBefore(pair.rules, rules, pair.clock.now())
  const report: PurgeReport = { pair: pair.name, before, read: 0, purged: 0, kept: 0, durationMs: 0 }
  for (let from = 0; from < before;) from = await purgeView(pair, rules, from, report, options)
  report.durationMs = Math.round((pair.clock.monotonic() - started) / 1_000)
  return report
}

/** Returns the version to go on from. */
const purgeView = async (
  pair: PurgeablePair,
  rules: PurgeRules,
  from: Version,
  report: PurgeReport,
  { signal, dryRun = false, perView = 100_000 }: PurgeOptions,
): Promise<Version> => {
  const { before } = report
  const view = await pair.documents.openViewOf(rules.field, { from, to: before }, signal)
  try {
    let seen = 0
    let last: Version = from
    for await (const page of view.pages(signal)) {
      const end = page.at(-1)?.stamp ?? last
      seen += page.length
      // The next view starts at a version of which nothing was worked on yet.
      const isLast = seen >= perView && end > last
      const own = isLast ? page.filter(({ stamp }) => stamp !== end) : page
      await purgePage(pair, rules, own, report, dryRun, signal)
      if (isLast) return end
      last = end
    }
    return before
  } finally {
    await view.close()
  }
}

const purgePage = async (
  pair: PurgeablePair,
  rules: PurgeRules,
  page: readonly StoredDocument[],
  report: PurgeReport,
  dryRun: boolean,
  signal: AbortSignal,
): Promise<void> => {
  const removals = await decidePage(pair, rules, page, report.before, signal)
  const purged = dryRun ? removals.length : await remove(pair, removals, signal)
  report.read += page.length
  report.purged += purged
  report.kept += page.length - purged
}

const decidePage = async (
  pair: PurgeablePair,
  rules: PurgeRules,
  page: readonly StoredDocument[],
  before: Version,
  signal: AbortSignal,
): Promise<Removal[]> => {
  // What breaks the contract is no candidate, and what fits no column has no field that says that it is deleted.
  const candidates = [...readDocuments(pair, page).candidates]
  const rows = await pair.rows.getMany(
    candidates.map(([id]) => id),
    signal,
  )
  return candidates.flatMap(([id, { document }]) => {
    const removal = decidePurge(pair.rules, rules, before, { id, document, row: rows.get(id) })
    return removal === undefined ? [] : [removal]
  })
}

const remove = async (pair: PurgeablePair, removals: readonly Removal[], signal: AbortSignal): Promise<number> => {
  if (removals.length === 0) return 0
  await pair.rows.removeRows(removals, signal)
  const gone = await pair.documents.remove(removals, signal)
  return gone.filter(Boolean).length
}

const checkField = ({ name, rows }: PurgeablePair, { field }: PurgeRules): void => {
  const column = rows.columns.find((each) => each.name === field)
  if (column?.type.kind === 'boolean') return
  const what = column === undefined ? 'is not mirrored' : `is of type ${column.type.kind}`
  throw new CaesError('CAES_SCHEMA_MISMATCH', `sync.deletes.field "${field}" of pair "${name}" ${what}`, {
    hint: 'Name a boolean column that include and exclude let pass.',
  })
}
