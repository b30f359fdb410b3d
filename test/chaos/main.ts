/**
 * Faults at random by command, after a build:
 *
 *   node dist/test/chaos/main.js [--minutes N] [--seed S] [--interval SECONDS] [--only WORDS]
 *
 * Brings one fault after the other over a running system for N minutes (default 10), each for up to a minute, and each
 * once before any comes twice; `--only` takes those whose name has the words. From 15 minutes on Redis is away for five
 * minutes as well. Prints a line for each on stderr, and a table on stdout. The seed decides which faults, in which order
 * and for how long; what meets what inside the servers is left to them.
 * Exit code 0 when nothing was lost and both stores became equal each time, within two intervals after the fault was
 * over and the connections that it leaves dead had timed out; 1 when not, 2 for wrong arguments. What time-outs and locks
 * take does not shrink with the interval: below 10 s it may be more than two.
 */
import { parseArgs } from 'node:util'
import { Random } from '../simulation/random.js'
import { faults, serverEnds, type Fault } from './support/faults.js'
import { isPrompt, reportTable } from './support/report.js'
import { openServers, openSystem, startAll, type System } from './support/system.js'
import { runTrial, type Trial } from './support/trial.js'

interface Plan {
  readonly minutes: number
  readonly random: Random
  readonly intervalSeconds: number
  readonly chosen: readonly Fault[]
}

const load = { records: 120, perSecond: 10, patienceMs: 180_000 }
const outageMs = 5 * 60_000
const outage: Fault = {
  ...serverEnds('redis', 'stop'),
  name: 'Redis is stopped for five minutes and started again',
}

const say = (text: string): void => void process.stderr.write(`chaos: ${text}\n`)

/** Mostly short ones, so that there are many; none longer than a minute. */
const drawLength = (random: Random): number => random.int(0, random.pick([2_000, 10_000, 30_000, 60_000]))

const shuffled = <T>(list: readonly T[], random: Random): T[] =>
  list
    .map((item) => ({ item, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)

const runTrials = async (system: System, { minutes, random, chosen }: Plan): Promise<Trial[]> => {
  const trials: Trial[] = []
  const run = async (fault: Fault, lastsMs: number): Promise<void> => {
    const trial = await runTrial(fault, { system, lastsMs }, { ...load, random })
    trials.push(trial)
    const { faultMs, attempts, complaints, equalAfterMs } = trial
    const end = equalAfterMs === undefined ? 'never equal' : `equal after ${(equalAfterMs / 1_000).toFixed(1)} s`
    say(`${fault.name}: ${Math.round(faultMs / 1_000)} s, ${attempts.acknowledged} writes, ${end}`)
    for (const { kind, id, text } of complaints.slice(0, 20)) say(`  ${kind}: ${id}: ${text}`)
  }
  const end = performance.now() + minutes * 60_000
  if (minutes >= 15) await run(outage, outageMs)
  while (performance.now() < end) {
    for (const fault of shuffled(chosen, random)) {
      if (performance.now() < end) await run(fault, drawLength(random))
    }
  }
  return trials
}

const soak = async (plan: Plan): Promise<number> => {
  const servers = await openServers()
  try {
    const system = await openSystem(servers, { intervalSeconds: plan.intervalSeconds, settleSeconds: 2 })
    try {
      await startAll(system)
      const trials = await runTrials(system, plan)
      const wrong = trials.filter(
        ({ complaints, caughtUpAfterMs }) => complaints.length > 0 || caughtUpAfterMs === undefined,
      )
      const late = trials.filter((trial) => !isPrompt(trial, plan.intervalSeconds))
      const failed = [...new Set([...wrong, ...late])]
      process.stdout.write(`${reportTable({ trials, intervalSeconds: plan.intervalSeconds })}\n`)
      say(`${trials.length} faults, ${wrong.length} failed, ${late.length} were not over two intervals later`)
      for (const { fault } of late) say(`  late: ${fault}`)
      if (failed.length > 0) say(`the logs of all processes are in ${system.keepLogs()}`)
      return failed.length > 0 ? 1 : 0
    } finally {
      await system.close()
    }
  } finally {
    await servers.close()
  }
}

const wrong = (message: string): never => {
  console.error(message)
  process.exit(2)
}

const whole = (text: string, name: string): number =>
  /^[1-9]\d*$/.test(text) ? Number(text) : wrong(`--${name} takes a whole number, not "${text}"`)

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    interval: { type: 'string', default: '10' },
    only: { type: 'string', default: '' },
  },
})
const chosen = faults.filter(({ name }) => name.includes(values.only))
if (chosen.length === 0) wrong(`no fault has these words; there are:\n${faults.map(({ name }) => name).join('\n')}`)
const code = await soak({
  minutes: whole(values.minutes, 'minutes'),
  random: new Random(whole(values.seed, 'seed')),
  intervalSeconds: whole(values.interval, 'interval'),
  chosen,
})
// The driver of Cassandra may leave a connection behind of a server that it lost: do not wait for it.
process.exit(code)
