/**
 * Measures what exact numbers cost: our parser of JSON against the built-in one, which changes what a double cannot
 * hold, and against lossless-json alone. It needs no servers.
 *
 *   npm run bench:json
 *   npm run bench:json -- --rounds 15 --records 5000
 */
import { parseArgs } from 'node:util'
import { parse as parseLossless } from 'lossless-json'
import { parseExactJson, stringifyExactJson } from '../src/adapters/elasticsearch/exact-json.js'
import { documentOf, makeRecords, type BenchRecord } from './records.js'
import { comparisonText } from './report.js'
import { compare, type Comparison } from './rounds.js'

/** A page of documents as Elasticsearch answers it. */
interface Page {
  readonly text: string
  readonly records: number
}

const pageOf = (records: readonly BenchRecord[], more: (record: BenchRecord) => object): Page => {
  const hits = records.map((record) => ({
    _index: 'bench',
    _id: record.id,
    _version: record.version,
    _source: { ...documentOf(record), ...more(record) },
    sort: [record.version, record.visits],
  }))
  return { text: stringifyExactJson({ took: 5, timed_out: false, hits: { hits } }), records: records.length }
}

/** What documents may hold beside the fields that all of them have. */
const shapes: Readonly<Record<string, (record: BenchRecord) => object>> = {
  'no number that a double changes': () => ({}),
  'one bigint beyond 2^53 in each document': ({ visits }) => ({ total: 9_007_199_254_740_993n + BigInt(visits) }),
  'a vector of 64 numbers of full precision': ({ rating, visits }) => ({
    vector: Array.from({ length: 64 }, (_, at) => Math.sin(visits + at) * (rating + 1)),
  }),
}

const comparison = (title: string, records: number, more: (record: BenchRecord) => object): Comparison<Page> => {
  const parsing = (name: string, parse: (text: string) => unknown) => ({
    name,
    ready:
      async ({ text, records: count }: Page) =>
      async () => {
        parse(text)
        return count
      },
  })
  return {
    title,
    contenders: [
      parsing('exact-json.ts', parseExactJson),
      parsing('JSON.parse', JSON.parse),
      parsing('lossless-json', parseLossless),
    ],
    prepare: async (round) =>
      pageOf(makeRecords(`${title} ${round}`, records, { from: 1_700_000_000, to: 1_700_001_000 }), more),
  }
}

/** Other programs on the machine do not count. */
const processorTime = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
const silent = (): void => {}

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '15' }, records: { type: 'string', default: '5000' } },
})
const [rounds, records] = [Number(values.rounds), Number(values.records)]
for (const [title, more] of Object.entries(shapes)) {
  console.log(comparisonText(await compare(comparison(title, records, more), rounds, silent, processorTime)))
}
