/**
 * Long runs by command, after a build:
 *
 *   node dist/test/simulation/main.js [--seeds N] [--from S] [--mix M] [--without RULE]
 *   node dist/test/simulation/main.js --table [--seeds N] [--from S] [--without RULE]
 *
 * Runs N seeds (default 2500) from S (default 1) in the mix M, or in every mix, and explains the first failing one.
 * `--without` takes one rule away; `--table` takes each (or that one) away in turn and prints how many seeds fail
 * in each mix.
 * Exit code 0 when nothing failed, 1 when something did, 2 for wrong arguments.
 */
import { parseArgs } from 'node:util'
import { explain } from './explain.js'
import { generate } from './generate.js'
import { mixNames, type MixName } from './mixes.js'
import { ruleNames, rulesRemoved, type RuleName } from './rules-removed.js'
import { runHistory, type Mutation } from './run-history.js'

interface Batch {
  readonly mix: MixName
  readonly from: number
  readonly seeds: number
  readonly mutation: Mutation
}

const failingSeeds = async ({ mix, from, seeds, mutation }: Batch): Promise<number[]> => {
  const failing: number[] = []
  for (let seed = from; seed < from + seeds; seed += 1) {
    const { failures } = await runHistory(generate(seed, mix), mutation)
    if (failures.length > 0) failing.push(seed)
  }
  return failing
}

const simulate = async (chosen: readonly MixName[], batch: Omit<Batch, 'mix'>): Promise<number> => {
  let exit = 0
  for (const mix of chosen) {
    const started = performance.now()
    const failing = await failingSeeds({ ...batch, mix })
    const each = (performance.now() - started) / batch.seeds
    console.log(`${mix}: ${failing.length} of ${batch.seeds} histories fail (${each.toFixed(1)} ms each)`)
    if (failing.length === 0) continue
    if (exit === 0) console.log(`${await explain(failing[0]!, mix, batch.mutation)}\n`)
    console.log(`failing seeds: ${failing.slice(0, 20).join(' ')}`)
    exit = 1
  }
  return exit
}

const table = async (rules: readonly RuleName[], batch: Omit<Batch, 'mix' | 'mutation'>): Promise<void> => {
  console.log(`| rule taken away | ${mixNames.join(' | ')} | all |\n|---|${mixNames.map(() => '---:|').join('')}---:|`)
  for (const rule of rules) {
    const counts: number[] = []
    for (const mix of mixNames) {
      counts.push((await failingSeeds({ ...batch, mix, mutation: rulesRemoved[rule] })).length)
    }
    console.log(`| ${rule} | ${counts.join(' | ')} | ${counts.reduce((sum, count) => sum + count, 0)} |`)
  }
}

const wrong = (message: string): never => {
  console.error(message)
  process.exit(2)
}

const whole = (text: string, name: string): number =>
  /^\d+$/.test(text) ? Number(text) : wrong(`--${name} takes a whole number, not "${text}"`)

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2500' },
    from: { type: 'string', default: '1' },
    mix: { type: 'string' },
    without: { type: 'string' },
    table: { type: 'boolean', default: false },
  },
})
const seeds = whole(values.seeds, 'seeds')
const from = whole(values.from, 'from')
const mix = mixNames.find((name) => name === values.mix)
if (values.mix !== undefined && mix === undefined) wrong(`no such mix; there are: ${mixNames.join(', ')}`)
const rule: RuleName | undefined = ruleNames.find((name) => name === values.without)
if (values.without !== undefined && rule === undefined) wrong(`no such rule; there are: ${ruleNames.join(', ')}`)

if (values.table) await table(rule === undefined ? ruleNames : [rule], { seeds, from })
else {
  const mutation = rule === undefined ? {} : rulesRemoved[rule]
  process.exitCode = await simulate(mix === undefined ? mixNames : [mix], { seeds, from, mutation })
}
