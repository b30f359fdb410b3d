import type { WindowResult } from '../core/report.js'
import { isClock, micros, type Unit } from '../core/version.js'

/** A version as a person reads it: the time, where it is one. */
export const describeVersion = (version: number, unit: Unit): string =>
  isClock(version, unit) ? new Date(micros(version, unit) / 1_000).toISOString() : String(version)

/** The report of one window for a terminal. */
export const describeWindow = ({ report, rejects }: WindowResult, unit: Unit, dryRun: boolean): string => {
  const { pair, from, to, read, written, durationMs } = report
  const lines = [
    `${pair}  [${describeVersion(from, unit)}, ${describeVersion(to, unit)})  ${(durationMs / 1_000).toFixed(2)} s`,
    `  read       ${read.elasticsearch} documents, ${read.cassandra} entries (overlap included)`,
    `  ${dryRun ? 'to write' : 'written '}   ${written.elasticsearch} to Elasticsearch, ${written.cassandra} to Cassandra`,
    `  unchanged  ${report.unchanged}`,
  ]
  for (const what of ['superseded', 'ties', 'held', 'unlabelled', 'orphaned', 'rejected'] as const) {
    if (report[what] > 0) lines.push(`  ${what.padEnd(10)} ${report[what]}`)
  }
  for (const { id, side, reason, detail } of rejects.slice(0, 10)) {
    lines.push(`    ${JSON.stringify(id)} in ${side}: ${reason}: ${detail}`)
  }
  if (report.rejected > 10) lines.push(`    and ${report.rejected - 10} more`)
  return `${lines.join('\n')}\n`
}
