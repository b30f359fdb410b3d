/** Runs one history with the production code of core and sync, and says what went wrong. */
import type { Clock } from '../../src/ports/clock.js'
import type { Logger } from '../../src/ports/logger.js'
import { CaesError } from '../../src/core/errors.js'
import type { Decide } from '../../src/core/decide.js'
import type { WindowReport } from '../../src/core/report.js'
import type { WindowPart } from '../../src/core/window-part.js'
import type { Window } from '../../src/core/window.js'
import { purge, type PurgeablePair, type PurgeReport } from '../../src/sync/purge.js'
import { syncOrDivide, syncWindow, type SyncOptions } from '../../src/sync/sync-window.js'
import { differences } from './oracle.js'
import { epoch, purgeAfter, rules, second, type Fault, type History, type Job, type Task } from './history.js'
import { documentsOf } from './ports.js'
import { Process } from './process.js'
import { hash, Random } from './random.js'
import { shown, World, type Trace } from './world.js'

/** A rule of the sync taken away, without touching the production code. */
export interface Mutation {
  readonly decide?: Decide
  /** Wraps the ports of one run of a window. */
  readonly ports?: (pair: PurgeablePair, window: Window, ids: readonly string[]) => PurgeablePair
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
  readonly #done = new Set<Task>()
  readonly #failures: string[] = []
  readonly #names = new Map<Task, string>()
  #attempts = 0

  constructor(history: History, mutation: Mutation, trace: Trace | undefined) {
    this.#world = new World(history, trace)
    this.#history = history
    this.#mutation = mutation
    for (const job of history.jobs) {
      const name = `job ${windowName(job.window)}${job.repeats ? ' again' : ''}`
      this.#start(job, name, async (pair, signal) => this.#work(job, name, pair, signal))
    }
    for (const each of history.purges) {
      this.#start(each, 'purge', async (pair, signal) => purgeText(await this.#purge(pair, signal)))
    }
  }

  async toTheEnd(): Promise<Outcome> {
    const { time } = this.#world
    try {
      await time.run(mostEvents)
    } catch (error) {
      this.#failures.push(String(error))
    }
    for (const [task, name] of this.#names) if (!this.#done.has(task)) this.#failures.push(`${name} never succeeded`)
    this.#failures.push(...this.#world.failures, ...differences(this.#world))
    if (this.#failures.length === 0) await this.#onceMore()
    return { failures: this.#failures, attempts: this.#attempts }
  }

  #start(task: Task, name: string, work: Work): void {
    this.#names.set(task, name)
    this.#world.time.schedule(epoch + task.at, () => this.#attempt(task, work, 0))
  }

  /** As a worker takes a window: its parts are jobs of their own where it holds too many records. */
  async #work(job: Job, name: string, pair: PurgeablePair, signal: AbortSignal): Promise<string> {
    const { maxRecords } = this.#history
    const { window } = job
    const options = this.#options(signal)
    const outcome = await syncOrDivide(this.#mutated(pair, window), window, maxRecords, options)
    if (!('parts' in outcome)) return reportText(outcome.report)
    for (const [index, part] of outcome.parts.entries()) {
      const task: Task = {
        at: this.#world.time.now - epoch,
        worker: index % 2 === 0 ? job.worker : 0,
        seed: hash(job.seed, index),
        // Those of the window, in another order for each part.
        faults: job.faults.map((_, attempt) => job.faults[(attempt + index) % job.faults.length]!),
        latency: job.latency,
      }
      this.#start(task, `${name}, ${partName(part)}`, async (own, signalOfPart) => {
        const { report } = await syncWindow(this.#mutated(own, window), window, {
          ...this.#options(signalOfPart),
          part,
        })
        return reportText(report)
      })
    }
    return `divided into ${outcome.parts.length} parts`
  }

  #attempt(task: Task, work: Work, number: number): void {
    if (this.#done.has(task)) return
    if (number >= mostAttempts) return
    this.#attempts += 1
    const { time, processes } = this.#world
    const name = `${this.#names.get(task)}, attempt ${number + 1}`
    // Its own lock or its own end: whichever way an attempt is lost, the queue hands the job out once more.
    const again = (delay: number): void => time.schedule(time.now + delay, () => this.#attempt(task, work, number + 1))
    const process = new Process({
      time,
      latencies: new Random(hash(task.seed, number)),
      latency: number < 3 ? task.latency : second / 50,
      faults: task.faults[number] ?? [],
      onFault: (fault) => {
        this.#world.trace(() => `${name}: ${faultText(fault)}`)
        if (fault.kind === 'kill' || (fault.kind === 'pause' && fault.span > lock)) again(lock)
      },
    })
    processes.set(process.signal, process)
    this.#world.trace(() => `${name} starts on worker ${task.worker}`)
    const finished = (report: string): void => {
      this.#done.add(task)
      this.#world.trace(() => `${name} is done: ${report}`)
    }
    const failed = (error: unknown): void => {
      this.#world.trace(() => `${name} fails: ${String(error)}`)
      if (error instanceof CaesError) again(backoff)
      else this.#failures.push(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    }
    const clock = clockOf(this.#world, process, this.#history.workerSkews[task.worker])
    work(this.#pair(clock, name), process.signal).then(finished, failed)
  }

  /** Rule 9: where both sides are equal, running any window again writes nothing. */
  async #onceMore(): Promise<void> {
    // Whatever Elasticsearch has forgotten by now must not matter.
    this.#world.documents.forgetTombstones()
    const hasBreaches = this.#history.writes.some(({ breach }) => breach !== undefined)
    // Where entries are gone, some are written anew once: see docs/decisions/0002. A document whose timestamp is not its
    // version keeps its row back in those windows alone that find it; what others wrote over it, they do once.
    if (this.#history.expiry || hasBreaches) await this.#runAll()
    const before = snapshot(this.#world)
    for (const [window, report] of await this.#runAll()) {
      const { elasticsearch, cassandra } = report.written
      // Without its entry, a row that was written over is left alone, see rule 2.
      const leftAlone = this.#history.expiry ? 0 : report.unlabelled
      // A document that is set aside stays newer than its row and entries, and so refuses what windows find of them.
      const refused = hasBreaches ? 0 : report.orphaned + report.superseded
      if (elasticsearch + cassandra + report.held + leftAlone + refused > 0) {
        this.#failures.push(`window ${windowName(window)} is not silent when run once more: ${reportText(report)}`)
      }
    }
    if (snapshot(this.#world) !== before) this.#failures.push('running all windows once more changed the stores')
    this.#failures.push(...this.#world.failures, ...differences(this.#world))
  }

  async #runAll(): Promise<(readonly [Window, WindowReport])[]> {
    const { time } = this.#world
    const clock: Clock = {
      now: () => time.now,
      monotonic: () => time.now,
      sleep: async (span) => {
        time.now += span
      },
    }
    const reports: (readonly [Window, WindowReport])[] = []
    for (const { window } of this.#history.jobs.filter(({ repeats }) => !repeats)) {
      const pair = this.#pair(clock, 'once more')
      reports.push([window, await this.#sync(window, pair, new AbortController().signal)])
    }
    return reports
  }

  #pair(clock: Clock, name: string): PurgeablePair {
    const { documents, rows } = this.#world
    const { unit, writeTimes } = this.#history
    const labels = writeTimes ? 'write-times' : 'entries'
    return { name, rules: { ...rules, unit, labels }, documents, rows, clock, logger: silent }
  }

  async #sync(window: Window, pair: PurgeablePair, signal: AbortSignal): Promise<WindowReport> {
    const { report } = await syncWindow(this.#mutated(pair, window), window, this.#options(signal))
    return report
  }

  /** As a worker has them. */
  #options(signal: AbortSignal): SyncOptions {
    const { decide } = this.#mutation
    return { signal, tilesTime: true, ...(decide === undefined ? {} : { decide }) }
  }

  #purge(pair: PurgeablePair, signal: AbortSignal): Promise<PurgeReport> {
    const { documents } = this.#world
    const noting = documentsOf(documents, {
      remove: async (removals, each) => {
        const gone = await documents.remove(removals, each)
        for (const [at, { id, version }] of removals.entries())
          if (gone[at] === true) this.#world.noteRemoval(id, version)
        return gone
      },
    })
    const everything = { from: 0, to: Number.MAX_SAFE_INTEGER }
    const changed = this.#mutated({ ...pair, documents: noting }, everything)
    return purge(changed, { field: 'deleted', after: purgeAfter }, { signal })
  }

  #mutated(pair: PurgeablePair, window: Window): PurgeablePair {
    const { ports } = this.#mutation
    return ports === undefined ? pair : ports(pair, window, this.#world.ids)
  }
}

/** What a task does; what it resolves with is a line of the timeline. */
type Work = (pair: PurgeablePair, signal: AbortSignal) => Promise<string>

/** After this the queue takes a silent process for lost, and gives its job to another. */
const lock = 4 * second
const backoff = 2 * second

const clockOf = ({ time }: World, process: Process, skew: number): Clock => ({
  now: () => time.now + skew,
  monotonic: () => time.now - epoch,
  sleep: (span, signal) => process.sleep(span, signal),
})

const partName = ({ from, to, ids }: WindowPart): string =>
  `part [${shown(from)}, ${shown(to)}) ${ids.index + 1} of ${ids.of}`

const windowName = ({ from, to }: Window): string => `[${shown(from)}, ${shown(to)})`

const reportText = (report: WindowReport): string => {
  const { written, unchanged, superseded, ties, held, unlabelled, orphaned } = report
  const counts = { ...written, unchanged, superseded, ties, held, unlabelled, orphaned }
  const text = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`)
  return text.length === 0 ? 'nothing' : text.join(', ')
}

const purgeText = ({ read, purged, kept }: PurgeReport): string => {
  if (read === 0) return 'nothing'
  return `${purged} purged, ${kept} kept`
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
