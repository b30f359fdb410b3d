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
import { reportText } from './report.js'
import { compare, type Result } from './rounds.js'
import { inSync, toCassandra, toElasticsearch } from './scenarios/windows.js'
import { openBench, type Bench } from './stores.js'

// As the service itself runs.
keepHeapSmall()

const say = (line: string): void => console.error(line)

const scenarios: Readonly<Record<string, (bench: Bench, records: number, rounds: number) => Promise<Result>>> = {
  'to-cassandra': (bench, records, rounds) => compare(toCassandra(bench, records), rounds, say),
  'to-elasticsearch': (bench, records, rounds) => compare(toElasticsearch(bench, records), rounds, say),
  'in-sync': (bench, records, rounds) => compare(inSync(bench, records), rounds, say),
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    records: { type: 'string', default: '20000' },
    json: { type: 'boolean', default: false },
  },
})
const unknown = positionals.filter((name) => !Object.hasOwn(scenarios, name))
const [rounds, records] = [Number(values.rounds), Number(values.records)]
if (unknown.length > 0 || !(rounds >= 1) || !(records >= 1)) {
  console.error(`usage: npm run bench -- [${Object.keys(scenarios).join('|')}]… [--rounds N] [--records N] [--json]`)
  process.exit(2)
}

const chosen = positionals.length === 0 ? Object.keys(scenarios) : positionals
const results: Result[] = []
const bench = await openBench()
try {
  for (const name of chosen) results.push(await scenarios[name]!(bench, records, rounds))
} finally {
  await bench.close()
}
console.log(values.json ? JSON.stringify(results) : reportText(results))
