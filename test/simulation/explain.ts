/** A failing seed as something to read: the smallest history that still fails, line by line. */
import { generate } from './generate.js'
import type { History } from './history.js'
import type { MixName } from './mixes.js'
import { runHistory, type Mutation } from './run-history.js'
import { shrink } from './shrink.js'

/** Runs that changed nothing are left out, but for what they saw of faults. */
const isTelling = (line: string): boolean => !/ starts on | is done: (nothing|\d+ unchanged)$/.test(line)

export const timelineOf = async (history: History, mutation: Mutation = {}): Promise<string> => {
  const lines: string[] = []
  const { failures } = await runHistory(history, mutation, (line) => lines.push(line))
  const told = lines.filter(isTelling)
  return [...told, ...failures.map((failure) => `FAILED    ${failure}`)].join('\n')
}

export const explain = async (seed: number, mix: MixName, mutation: Mutation = {}): Promise<string> => {
  const history = await shrink(generate(seed, mix), async (candidate) => {
    const { failures } = await runHistory(candidate, mutation)
    return failures.length > 0
  })
  const { skews, workerSkews, writes } = history
  const clocks = Object.entries(skews).filter(
    ([client, skew]) => skew !== 0 && writes.some((write) => write.client === client),
  )
  const ahead = [...clocks, ...workerSkews.map((skew, worker) => [`worker ${worker}`, skew] as const)]
    .filter(([, skew]) => skew !== 0)
    .map(([who, skew]) => `${who} is ${skew / 1_000} ms ahead`)
  return [
    `mix ${mix}, seed ${seed}, the smallest history that fails (times in seconds):`,
    ...ahead,
    await timelineOf(history, mutation),
  ].join('\n')
}
