/**
 * Measures caes-sync against the raw drivers and other ways to do the same job, on the local stack:
 *
 *   npm run bench                                 everything
 *   npm run bench -- to-cassandra --rounds 7      one scenario
 *
 * Every figure to quote is a ratio within one run. Data on stdout, progress on stderr.
 */
import { parseArgs } from 'node:util'
import { keepHeapSmall } from '../src/runtime/heap.js'
import { backfillText, comparisonText, freshnessText, idleText, memoryText, workersText } from './report.js'
import { compare } from './rounds.js'
import { backfill, type Backfill } from './scenarios/backfill.js'
import { freshness, type Freshness } from './scenarios/freshness.js'
import { idle, type Idle } from './scenarios/idle.js'
import { memory, shapes, type Memory } from './scenarios/memory.js'
import { inSync, toCassandra, toElasticsearch } from './scenarios/windows.js'
import { workers, type Workers } from './scenarios/workers.js'
import { openBench, type Bench } from './stores.js'

// As the service itself runs.
keepHeapSmall()

const say = (line: string): void => console.error(line)

interface Size {
  readonly records: number
  readonly rounds: number
  readonly seconds: number
  /** Words that the shapes of the memory scenario have to have. */
  readonly shape: string
}

/** Each gives its section of the report. */
const scenarios: Readonly<Record<string, (bench: Bench, size: Size) => Promise<string>>> = {
  'to-cassandra': async (bench, { records, rounds }) =>
    comparisonText(await compare(toCassandra(bench, records), rounds, say)),
  'to-elasticsearch': async (bench, { records, rounds }) =>
    comparisonText(await compare(toElasticsearch(bench, records), rounds, say)),
  'in-sync': async (bench, { records, rounds }) => comparisonText(await compare(inSync(bench, records), rounds, say)),
  freshness: async (bench, { seconds }) => {
    const results: Freshness[] = []
    for (const writesPerSecond of [500, 1_000]) {
      say(`freshness at ${writesPerSecond} writes a second, for ${seconds} s`)
      results.push(await freshness(bench, { writesPerSecond, seconds }))
    }
    return freshnessText(results)
  },
  idle: async (bench, { seconds }) => {
    const results: Idle[] = []
    for (const pairs of [1, 100]) {
      say(`idle with ${pairs} pairs, for ${seconds} s`)
      results.push(await idle(bench, pairs, seconds))
    }
    return idleText(results)
  },
  workers: async (bench) => {
    const results: Workers[] = []
    for (const count of [1, 2, 4, 8]) results.push(await workers(bench, count, say))
    return workersText(results)
  },
  backfill: async (bench, { records }) => {
    const results: Backfill[] = []
    for (const source of ['cassandra', 'elasticsearch'] as const)
      results.push(await backfill(bench, source, records, say))
    return backfillText(results)
  },
  memory: async (bench, { records, shape: wanted }) => {
    const results: Memory[] = []
    for (const shape of Object.keys(shapes).filter((each) => each.includes(wanted)))
      results.push(await memory(bench, shape, records, say))
    return memoryText(results)
  },
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    records: { type: 'string', default: '20000' },
    seconds: { type: 'string', default: '30' },
    shape: { type: 'string', default: '' },
  },
})
const numbers = {
  rounds: Number(values.rounds),
  records: Number(values.records),
  seconds: Number(values.seconds),
}
const size: Size = { ...numbers, shape: values.shape }
const isUnknown = positionals.some((name) => !Object.hasOwn(scenarios, name))
if (isUnknown || !Object.values(numbers).every((number) => Number.isInteger(number) && number > 0)) {
  console.error(
    `usage: npm run bench -- [${Object.keys(scenarios).join('|')}]… [--rounds N] [--records N] [--seconds N] [--shape WORDS]`,
  )
  process.exit(2)
}

const bench = await openBench()
try {
  for (const name of positionals.length === 0 ? Object.keys(scenarios) : positionals) {
    console.log(await scenarios[name]!(bench, size))
  }
} finally {
  await bench.close()
}
