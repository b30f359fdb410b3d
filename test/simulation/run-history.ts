/** Runs one history with the production code of core and sync, and says what went wrong. */
import type { Clock } from '../../src/ports/clock.js'
import type { Logger } from '../../src/ports/logger.js'
import { CaesError } from '../../src/core/errors.js'
import type { Decide } from '../../src/core/decide.js'
import type { WindowReport } from '../../src/core/report.js'
import type { Window } from '../../src/core/window.js'
import type { Pair } from '../../src/sync/pair.js'
import { syncWindow } from '../../src/sync/sync-window.js'
import { differences } from './oracle.js'
import { epoch, rules, second, type Fault, type History, type Job } from './history.js'
import { Process } from './process.js'
import { hash, Random } from './random.js'
import { shown, World, type Trace } from './world.js'

/** A rule of the sync taken away, without touching the production code. */
export interface Mutation {
  readonly decide?: Decide
  /** Wraps the ports of one run of a window. */
  readonly ports?: (pair: Pair, window: Window, ids: readonly string[]) => Pair
}

export interface Outcome {
  /** Empty where everything held. */
  readonly failures: readonly string[]
  /** How often a job was started. */
  readonly attempts: number
}

/** More than any history needs; a job that takes more is one that nothing lets succeed. */
const mostAttempts = 20
const mostEvents = 20_000

export const runHistory = async (history: History, mutation: Mutation = {}, trace?: Trace): Promise<Outcome> => {
  const run = new Running(history, mutation, trace)
  return run.toTheEnd()
}

const silent: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

class Running {
  readonly #world: World
  readonly #history: History
  readonly #mutation: Mutation
  readonly #done = new Set<Job>()
  readonly #failures: string[] = []
  #attempts = 0

  constructor(history: History, mutation: Mutation, trace: Trace | undefined) {
    this.#world = new World(history, trace)
    this.#history = history
    this.#mutation = mutation
    for (const job of history.jobs) this.#world.time.schedule(epoch + job.at, () => this.#attempt(job, 0))
  }

  async toTheEnd(): Promise<Outcome> {
    const { time } = this.#world
    try {
      await time.run(mostEvents)
    } catch (error) {
      this.#failures.push(String(error))
    }
    for (const job of this.#history.jobs) {
      if (!this.#done.has(job)) this.#failures.push(`window ${windowName(job.window)} never succeeded`)
    }
    this.#failures.push(...this.#world.failures, ...differences(this.#world))
    if (this.#failures.length === 0) await this.#onceMore()
    return { failures: this.#failures, attempts: this.#attempts }
  }

  #attempt(job: Job, number: number): void {
    if (this.#done.has(job)) return
    if (number >= mostAttempts) return
    this.#attempts += 1
    const { time, processes } = this.#world
    const name = `job ${windowName(job.window)}${job.repeats ? ' again' : ''}, attempt ${number + 1}`
    // Its own lock or its own end: whichever way an attempt is lost, the queue hands the job out once more.
    const again = (delay: number): void => time.schedule(time.now + delay, () => this.#attempt(job, number + 1))
    const process = new Process({
      time,
      latencies: new Random(hash(job.seed, number)),
      latency: number < 3 ? job.latency : second / 50,
      faults: job.faults[number] ?? [],
      onFault: (fault) => {
        this.#world.trace(() => `${name}: ${faultText(fault)}`)
        if (fault.kind === 'kill' || (fault.kind === 'pause' && fault.span > lock)) again(lock)
      },
    })
    processes.set(process.signal, process)
    this.#world.trace(() => `${name} starts on worker ${job.worker}`)
    const finished = (report: WindowReport): void => {
      this.#done.add(job)
      this.#world.trace(() => `${name} is done: ${reportText(report)}`)
    }
    const failed = (error: unknown): void => {
      this.#world.trace(() => `${name} fails: ${String(error)}`)
      if (error instanceof CaesError) again(backoff)
      else this.#failures.push(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    }
    this.#sync(
      job.window,
      this.#pair(clockOf(this.#world, process, this.#history.workerSkews[job.worker]), name),
      process.signal,
    ).then(finished, failed)
  }

  /** Rule 9: where both sides are equal, running any window again writes nothing. */
  async #onceMore(): Promise<void> {
    const { time } = this.#world
    const clock: Clock = {
      now: () => time.now,
      monotonic: () => time.now,
      sleep: async (span) => {
        time.now += span
      },
    }
    const before = snapshot(this.#world)
    for (const { window } of this.#history.jobs.filter(({ repeats }) => !repeats)) {
      const report = await this.#sync(window, this.#pair(clock, 'once more'), new AbortController().signal)
      const { elasticsearch, cassandra } = report.written
      if (elasticsearch + cassandra + report.held + report.unlabelled + report.orphaned + report.superseded > 0) {
        this.#failures.push(`window ${windowName(window)} is not silent when run once more: ${reportText(report)}`)
      }
    }
    if (snapshot(this.#world) !== before) this.#failures.push('running all windows once more changed the stores')
  }

  #pair(clock: Clock, name: string): Pair {
    const { documents, rows } = this.#world
    const labels = this.#history.writeTimes ? 'write-times' : 'entries'
    return { name, rules: { ...rules, labels }, documents, rows, clock, logger: silent }
  }

  async #sync(window: Window, pair: Pair, signal: AbortSignal): Promise<WindowReport> {
    const { decide, ports } = this.#mutation
    // As a worker does it.
    const options = { signal, lateLooksEnd: true, ...(decide === undefined ? {} : { decide }) }
    const { report } = await syncWindow(
      ports === undefined ? pair : ports(pair, window, this.#world.ids),
      window,
      options,
    )
    return report
  }
}

/** After this the queue takes a silent process for lost, and gives its job to another. */
const lock = 4 * second
const backoff = 2 * second

const clockOf = ({ time }: World, process: Process, skew: number): Clock => ({
  now: () => time.now + skew,
  monotonic: () => time.now - epoch,
  sleep: (span, signal) => process.sleep(span, signal),
})

const windowName = ({ from, to }: Window): string => `[${shown(from)}, ${shown(to)})`

const reportText = (report: WindowReport): string => {
  const { written, unchanged, superseded, ties, held, unlabelled, orphaned } = report
  const counts = { ...written, unchanged, superseded, ties, held, unlabelled, orphaned }
  const text = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`)
  return text.length === 0 ? 'nothing' : text.join(', ')
}

const faultText = (fault: Fault): string =>
  `${fault.kind} at ${fault.at}` +
  (fault.kind === 'pause' ? ` for ${fault.span / second}s` : '') +
  (fault.kind === 'timeout' && fault.lands !== undefined ? `, landing after ${fault.lands / second}s` : '')

const snapshot = (world: World): string =>
  JSON.stringify([
    [...world.documents.documents()],
    world.rows.entriesFrom(0),
    world.ids.map((id) => {
      const row = world.rows.rowOf(id)
      return row === undefined ? undefined : [[...row.fields], row.writeTime]
    }),
  ])
