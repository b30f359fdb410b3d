/** What a comparison tells, for a terminal and for programs. */
import { stringifyExactJson } from '../adapters/elasticsearch/exact-json.js'
import type { Column } from '../core/column.js'
import type { Difference, FieldDifference } from '../core/difference.js'
import type { Json } from '../core/json.js'
import { toSource } from '../core/mapping.js'
import { printable, shortened } from '../core/printable.js'
import type { CanonicalValue } from '../core/record.js'
import type { Unit, Version } from '../core/version.js'
import type { Comparison } from '../sync/compare.js'
import { escapedJson } from './json-line.js'
import { styles } from './style.js'
import { describeVersion } from './window-text.js'

/** One difference, as the side that the document has and the side that the row has. */
export interface Told {
  readonly pair: string
  readonly unit: Unit
  readonly columns: readonly Column[]
  readonly difference: Difference
  /** Undefined where no repair was tried. */
  readonly repaired: boolean | undefined
}

/** The documented line. A side without the record, a version that cannot be told and a missing value are null. */
export const differenceLine = ({ pair, columns, difference, repaired }: Told): string => {
  const { id, kind, elasticsearch, cassandra, fields } = difference
  const line = {
    pair,
    id,
    kind,
    elasticsearch: elasticsearch ?? null,
    cassandra: cassandra === undefined ? null : { version: cassandra.version ?? null },
    fields: fields.map((field) => ({
      name: field.name,
      elasticsearch: jsonOf(field, field.elasticsearch, columns),
      cassandra: jsonOf(field, field.cassandra, columns),
    })),
    ...(repaired === undefined ? {} : { repaired }),
  }
  return `${escapedJson(stringifyExactJson(line))}\n`
}

/** As it stands in a document; what JSON cannot carry is described. */
const jsonOf = ({ name }: FieldDifference, value: CanonicalValue | undefined, columns: readonly Column[]): Json => {
  if (value === undefined) return null
  const written = toSource(new Map([[name, value]]), columns)
  return 'mismatch' in written ? `(${written.mismatch})` : (written.source[name] ?? null)
}

const longestValue = 120
const longestName = 24

export const describeDifference = ({ unit, columns, difference, repaired }: Told, color: boolean): string => {
  const { bold, red, green, yellow } = styles(color)
  const { id, kind, elasticsearch, cassandra, fields } = difference
  const mark = repaired === undefined ? '' : repaired ? green('  repaired') : red('  not repaired')
  const head = `${bold(yellow(kind.padEnd(7)))}  ${bold(printable(id))}  ${versions(difference, unit)}${mark}`
  if (elasticsearch === undefined || cassandra === undefined) return `${head}\n`
  const width = Math.min(longestName, Math.max(0, ...fields.map(({ name }) => name.length)))
  const shown = (field: FieldDifference, value: CanonicalValue | undefined): string =>
    value === undefined
      ? 'nothing'
      : printable(shortened(stringifyExactJson(jsonOf(field, value, columns)), longestValue))
  const lines = fields.flatMap((field) => [
    `  ${printable(field.name).padEnd(width)}  ${red(`Elasticsearch  ${shown(field, field.elasticsearch)}`)}`,
    `  ${' '.repeat(width)}  ${green(`Cassandra      ${shown(field, field.cassandra)}`)}`,
  ])
  return `${[head, ...lines].join('\n')}\n`
}

const versions = ({ elasticsearch, cassandra }: Difference, unit: Unit): string => {
  const of = (version: Version | undefined): string =>
    version === undefined ? 'an unknown version' : describeVersion(version, unit)
  if (elasticsearch === undefined) return `not in Elasticsearch, ${of(cassandra?.version)} in Cassandra`
  if (cassandra === undefined) return `not in Cassandra, ${of(elasticsearch.version)} in Elasticsearch`
  if (elasticsearch.version === cassandra.version) return `${of(elasticsearch.version)} on both sides`
  return `${of(elasticsearch.version)} in Elasticsearch, ${of(cassandra.version)} in Cassandra`
}

export const describeComparison = (pair: string, result: Comparison, repair: boolean): string => {
  const { compared, differences, repaired, rejected, open } = result
  const found = differences === 0 ? 'both sides are equal' : count(differences, 'difference')
  const lines = [
    `${printable(pair)}: compared ${count(compared, 'record')}: ${found}${repair && differences > 0 ? `, ${repaired} repaired` : ''}`,
  ]
  if (rejected > 0) lines.push(`  ${count(rejected, 'record')} cannot be synced as they are; see docs/rejects.md`)
  if (open > 0) lines.push(`  left to windows, since they were written meanwhile: ${count(open, 'record')}`)
  if (repair && repaired < differences) {
    lines.push('  What is not repaired has no winner that can be told, or was deleted for good: write it again.')
  }
  return `${lines.join('\n')}\n`
}

const count = (number: number, what: string): string =>
  `${number.toLocaleString('en-US')} ${what}${number === 1 ? '' : 's'}`
