/**
 * Measures the pure core alone, without stores: labels of 10^5 records are indexed, their documents take canonical form,
 * both sides are joined and each record is decided. Processor time, so that other programs do not count.
 *
 *   npm run bench:core
 *   npm run bench:core -- --rounds 15 --records 100000
 */
import { parseArgs } from 'node:util'
import type { Column } from '../src/core/column.js'
import { decide, type Decision } from '../src/core/decide.js'
import { readSource } from '../src/core/mapping.js'
import type { Row } from '../src/core/record.js'
import type { Rules } from '../src/core/rules.js'
import { UuidMap } from '../src/core/uuid-map.js'
import { documentOf, makeRecords, type BenchRecord } from './records.js'
import { comparisonText } from './report.js'
import { compare, type Comparison, type Contender } from './rounds.js'
import type { JsonObject } from '../src/core/json.js'

const second = 1_000_000
const rules: Rules = {
  unit: 's',
  labels: 'entries',
  settle: 2 * second,
  overlap: 20 * second,
  freshness: 5 * second,
  maxFuture: 60 * second,
  direction: 'both',
  nulls: 'needed',
}
const columns: readonly Column[] = [
  { name: 'title', type: { kind: 'text' } },
  { name: 'author', type: { kind: 'text' } },
  { name: 'body', type: { kind: 'text' } },
  { name: 'visits', type: { kind: 'int' } },
  { name: 'rating', type: { kind: 'double' } },
  { name: 'published', type: { kind: 'boolean' } },
  { name: 'created', type: { kind: 'timestamp' } },
]
const window = { from: 1_700_000_000, to: 1_700_000_060 }
const labelReadAt = (window.to + 2) * second

interface Data {
  readonly records: readonly BenchRecord[]
  readonly sources: readonly JsonObject[]
  readonly rows: readonly Row[]
}

const fieldsOf = (source: JsonObject): Row['fields'] => {
  const read = readSource(source, columns)
  if ('mismatch' in read) throw new Error(read.mismatch)
  return read.fields
}

const dataOf = (records: readonly BenchRecord[]): Data => {
  const sources = records.map((record) => documentOf(record) as JsonObject)
  const rows = records.map(({ version }, at) => ({
    fields: fieldsOf(sources[at]!),
    writeTime: version * second + 400_000,
  }))
  return { records, sources, rows }
}

interface Shape {
  readonly document: boolean
  readonly row: boolean
  readonly expected: Decision['kind']
}

const deciding = (name: string, { document, row, expected }: Shape): Contender<Data> => ({
  name,
  ready:
    async ({ records, sources, rows }) =>
    async () => {
      const labels = new UuidMap()
      if (row) for (const { id, version } of records) labels.raise(id, version)
      for (const [at, { id, version }] of records.entries()) {
        const decision = decide(rules, window, {
          id,
          document: document ? { version, fields: fieldsOf(sources[at]!) } : undefined,
          label: labels.get(id),
          row: row ? rows[at] : undefined,
          labelReadAt,
        })
        if (decision.kind !== expected) throw new Error(`${decision.kind} instead of ${expected}`)
      }
      return records.length
    },
})

const comparison = (count: number): Comparison<Data> => ({
  title: `the core alone, join and plan of ${count} records, processor time`,
  prepare: async (round) => dataOf(makeRecords(`core ${round}`, count, window)),
  contenders: [
    deciding('in sync', { document: true, row: true, expected: 'unchanged' }),
    deciding('a document to copy', { document: true, row: false, expected: 'write-row' }),
    deciding('a row to copy', { document: false, row: true, expected: 'write-document' }),
  ],
})

const processorTime = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '9' }, records: { type: 'string', default: '100000' } },
})
const result = await compare(comparison(Number(values.records)), Number(values.rounds), () => undefined, processorTime)
console.log(comparisonText(result))
