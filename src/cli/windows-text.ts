/** The list of windows for a terminal and for programs. */
import type { ListedWindow } from '../adapters/bullmq/window-list.js'
import type { WindowReport } from '../core/report.js'
import type { Unit } from '../core/version.js'
import { jsonLine } from './json-line.js'
import { localRange } from './local-time.js'
import { table } from './table.js'

const columns = [
  { title: 'ID' },
  { title: 'LOCAL TIME', least: 17 },
  { title: 'STATE' },
  { title: 'TRIES' },
  { title: 'RESULT', least: 10 },
]

export interface WindowsView {
  readonly units: ReadonlyMap<string, Unit>
  /** Of the terminal, undefined where there is none. */
  readonly width: number | undefined
  readonly now: Date
}

/** @param more windows of the same choice that are not listed */
export const describeWindows = (
  { windows, more }: { readonly windows: readonly ListedWindow[]; readonly more: number },
  { units, width, now }: WindowsView,
): string => {
  if (windows.length === 0) return 'no such windows\n'
  const rows = windows.map((each) => {
    const unit = units.get(each.pair)
    const read = each.part ?? each.window
    const range = unit === undefined ? `${read.from}–${read.to}` : localRange(read, unit, now)
    return [each.id, range, each.state, `${each.attempts}/${each.mostAttempts}`, resultOf(each)]
  })
  const lines = table(columns, rows, width)
  if (more > 0) lines.push('', `and ${more} older; choose with --status, --pair, --limit`)
  if (windows.some(({ state }) => state === 'failed'))
    lines.push('', 'when mended: caes-sync retry ID, or --all-failed')
  return `${lines.join('\n')}\n`
}

const resultOf = ({ state, report, error, note }: ListedWindow): string => {
  if (report !== undefined) return countsOf(report)
  return (state === 'failed' ? error : (note ?? error)) ?? ''
}

/** Only what is not zero; a window that found both sides equal says so. */
const countsOf = ({ written, ...report }: WindowReport): string => {
  const parts = [
    [written.elasticsearch, '→ Elasticsearch'],
    [written.cassandra, '→ Cassandra'],
    ...(['superseded', 'ties', 'held', 'unlabelled', 'orphaned', 'rejected'] as const).map((what) => [
      report[what],
      what,
    ]),
  ].filter(([count]) => Number(count) > 0)
  if (parts.length === 0) return `${report.unchanged} equal`
  return parts.map((part) => part.join(' ')).join(', ')
}

/** One window as a line of JSON. */
export const windowLine = (each: ListedWindow): string => {
  const { id, pair, window, part, state, attempts, mostAttempts, error, note, report, ended } = each
  return jsonLine({
    id,
    pair,
    from: window.from,
    to: window.to,
    part: part ?? null,
    state,
    attempts,
    mostAttempts,
    error: error ?? null,
    note: note ?? null,
    report: report ?? null,
    ended: ended === undefined ? null : new Date(ended).toISOString(),
  })
}
