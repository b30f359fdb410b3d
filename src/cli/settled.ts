/** Waiting for what workers make of jobs that somebody retried. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { JobFate } from '../adapters/bullmq/job-fate.js'
import { chunked } from '../core/concurrency.js'
import { CaesError } from '../core/errors.js'

const pollMs = 100
/** How many jobs are asked about or retried at once. */
export const jobsAtOnce = 200

export interface Settled {
  readonly failed: readonly string[]
  /** How many are neither done nor failed yet. */
  readonly waiting: number
}

/** Waits until each has failed again or is done; gives up when for so long none of them did. */
export const settled = async (
  ids: readonly string[],
  fate: (id: string) => Promise<JobFate>,
  patienceMs: number,
): Promise<Settled> => {
  const failed: string[] = []
  let waiting = ids
  let deadline = performance.now() + patienceMs
  for (;;) {
    const still: string[] = []
    for (const chunk of chunked(waiting, jobsAtOnce)) {
      const fates = await Promise.all(chunk.map(fate))
      failed.push(...chunk.filter((_, index) => fates[index] === 'failed'))
      still.push(...chunk.filter((_, index) => fates[index] === 'under way'))
    }
    if (still.length < waiting.length) deadline = performance.now() + patienceMs
    waiting = still
    if (waiting.length === 0 || performance.now() > deadline) return { failed, waiting: waiting.length }
    await sleep(pollMs)
  }
}

/** @param what was retried: `windows`; @param verb that lists them: `caes-sync windows` */
export const notTaken = (waiting: number, what: string, verb: string, seconds: number): CaesError =>
  new CaesError('CAES_RETRY_WAITS', `${waiting} retried ${what} were not finished, and none within ${seconds} s`, {
    hint: `They stay with the workers. Look whether one runs, and for the outcome with "${verb}".`,
  })
