/** Makes a failing history as small and as plain as it can be while it still fails. */
import { micros } from '../../src/core/version.js'
import { epoch, rules, second, type ClientWrite, type Fault, type History, type Job, type Task } from './history.js'

export type Fails = (history: History) => Promise<boolean>

/** Tries each step that the history allows until none is left that keeps it failing. Deterministic. */
export const shrink = async (history: History, fails: Fails): Promise<History> => {
  let smallest = history
  for (;;) {
    let found: History | undefined
    for (const candidate of steps(smallest)) {
      if (!(await fails(candidate))) continue
      found = candidate
      break
    }
    if (found === undefined) return smallest
    smallest = found
  }
}

/** Every history that is smaller or plainer by one thing. Each keeps to the contract if the given one does. */
function* steps(history: History): Generator<History> {
  const { writes, jobs, skews, workerSkews } = history
  for (const write of writes) yield { ...history, writes: writes.filter((each) => each !== write) }
  for (const job of jobs) if (job.repeats) yield { ...history, jobs: jobs.filter((each) => each !== job) }
  // All faults at once first: most of them play no part.
  if (jobs.some(hasFaults)) yield { ...history, jobs: jobs.map((job) => ({ ...job, faults: [] })) }
  for (const job of jobs) {
    if (hasFaults(job)) yield withJob(history, job, { ...job, faults: [] })
  }
  for (const job of jobs) {
    for (const faults of fewerFaults(job.faults)) yield withJob(history, job, { ...job, faults })
  }
  // The last one finds everything at rest, so that what is left afterwards is at fault.
  for (const each of history.purges.slice(0, -1)) {
    yield { ...history, purges: history.purges.filter((one) => one !== each) }
    if (hasFaults(each)) yield withPurge(history, each, { ...each, faults: [] })
  }
  for (const at of history.restarts) yield { ...history, restarts: history.restarts.filter((each) => each !== at) }
  for (const [client, skew] of Object.entries(skews)) {
    if (skew !== 0) yield { ...history, skews: { ...skews, [client]: 0 } }
  }
  if (workerSkews.some((skew) => skew !== 0)) yield { ...history, workerSkews: [0, 0] }
  for (const job of jobs) {
    if (job.latency !== plainLatency) yield withJob(history, job, { ...job, latency: plainLatency })
    const soonest = Math.max(0, micros(job.window.to, history.unit) - epoch + rules.settle)
    if (!history.logical && !job.repeats && job.at > soonest) yield withJob(history, job, { ...job, at: soonest })
  }
  for (const write of writes) {
    for (const plainer of plainerWrites(write)) {
      yield { ...history, writes: writes.map((each) => (each === write ? plainer : each)) }
    }
  }
}

const plainLatency = second / 100

const hasFaults = (task: Task): boolean => task.faults.some((faults) => faults.length > 0)

const withJob = (history: History, job: Job, changed: Job): History => ({
  ...history,
  jobs: history.jobs.map((each) => (each === job ? changed : each)),
})

const withPurge = (history: History, purge: Task, changed: Task): History => ({
  ...history,
  purges: history.purges.map((each) => (each === purge ? changed : each)),
})

function* fewerFaults(attempts: readonly (readonly Fault[])[]): Generator<readonly (readonly Fault[])[]> {
  for (const attempt of attempts) {
    for (const fault of attempt) {
      yield attempts.map((each) => (each === attempt ? each.filter((one) => one !== fault) : each))
    }
  }
}

const withoutBreach = (write: ClientWrite): ClientWrite => {
  const { breach: _, ...rest } = write
  return rest
}

function* plainerWrites(write: ClientWrite): Generator<ClientWrite> {
  const { lands, entryLands, content, name, reads } = write
  if (reads) yield { ...write, reads: false }
  if (write.breach !== undefined) yield withoutBreach(write)
  if (lands !== plainLatency || entryLands !== plainLatency) {
    yield { ...write, lands: plainLatency, entryLands: plainLatency }
    if (lands !== entryLands) {
      yield { ...write, lands: entryLands }
      yield { ...write, entryLands: lands }
    }
  }
  if (Object.keys(content).length > 1 && content['a'] !== undefined) yield { ...write, content: { a: name } }
}
