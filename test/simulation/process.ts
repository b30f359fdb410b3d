/** One attempt of a job as a process of its own: it calls stores over a network, may be stopped, and may die. */
import { CaesError } from '../../src/core/errors.js'
import type { Micros } from '../../src/core/version.js'
import type { CallKind, CallName, Fault } from './history.js'
import type { Random } from './random.js'
import type { VirtualTime } from './virtual-time.js'

export interface ProcessOptions {
  readonly time: VirtualTime
  readonly latencies: Random
  /** Longest latency of one way. */
  readonly latency: Micros
  readonly faults: readonly Fault[]
  readonly onFault: (fault: Fault) => void
}

/** How long a caller waits for an answer that does not come. */
const patience: Micros = 1_000_000

export class Process {
  readonly #options: ProcessOptions
  readonly #controller = new AbortController()
  readonly #counts = new Map<CallKind, number>()
  #alive = true
  #stoppedUntil: Micros = 0

  constructor(options: ProcessOptions) {
    this.#options = options
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /**
   * A request: `apply` is what it does at the server, once it arrives there. The process goes on when the answer has
   * come back, which is later if it stands still, and never if it is dead.
   */
  call(kind: CallKind, apply: () => void): Promise<void> {
    const { time, latencies, latency } = this.#options
    const fault = this.#faultAt(kind)
    let there = latencies.int(1, latency)
    let back = latencies.int(1, latency)
    if (fault?.kind === 'slow') ({ there, back } = fault)
    if (fault?.kind === 'pause') this.#stoppedUntil = time.now + fault.span
    if (fault?.kind === 'kill') this.#alive = false
    if (fault?.kind === 'abort') time.schedule(time.now + there, () => this.#controller.abort(cancelled()))

    const arrival = time.now + there
    if (fault?.kind === 'timeout') {
      const { lands } = fault
      if (lands !== undefined) time.schedule(time.now + lands, apply)
    } else if (fault?.kind !== 'error' && !(fault?.kind === 'kill' && !fault.arrives)) {
      time.schedule(arrival, apply)
    }
    return new Promise((resolve, reject) => {
      if (fault?.kind === 'timeout') this.#continue(time.now + patience, () => reject(timedOut(kind)))
      else if (fault?.kind === 'error') this.#continue(arrival + back, () => reject(refused(kind)))
      else this.#continue(arrival + back, resolve)
    })
  }

  sleep(span: Micros, signal: AbortSignal): Promise<void> {
    const { time } = this.#options
    const fault = this.#faultAt('sleep')
    if (fault?.kind === 'pause') this.#stoppedUntil = time.now + fault.span
    if (fault?.kind === 'kill') this.#alive = false
    if (fault?.kind === 'abort') time.schedule(time.now + span / 2, () => this.#controller.abort(cancelled()))
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error))
      this.#continue(time.now + span, resolve)
    })
  }

  #faultAt(kind: CallKind): Fault | undefined {
    const count = (this.#counts.get(kind) ?? 0) + 1
    this.#counts.set(kind, count)
    const name: CallName = `${kind} ${count}`
    const fault = this.#options.faults.find(({ at }) => at === name)
    if (fault !== undefined) this.#options.onFault(fault)
    return fault
  }

  #continue(at: Micros, goOn: () => void): void {
    this.#options.time.schedule(at, () => {
      if (!this.#alive) return
      if (this.#options.time.now < this.#stoppedUntil) this.#continue(this.#stoppedUntil, goOn)
      else goOn()
    })
  }
}

const cancelled = (): CaesError => new CaesError('CAES_CANCELLED', 'the worker was told to stop')

const isElasticsearch = (kind: CallKind): boolean =>
  ['refresh', 'open view', 'count', 'page', 'get', 'merge', 'bulk'].includes(kind)

const refused = (kind: CallKind): CaesError =>
  isElasticsearch(kind)
    ? new CaesError('CAES_ELASTICSEARCH_INCOMPLETE', `${kind}: one shard failed`)
    : new CaesError('CAES_CASSANDRA_DOWN', `${kind}: too few replicas`)

const timedOut = (kind: CallKind): CaesError =>
  isElasticsearch(kind)
    ? new CaesError('CAES_ELASTICSEARCH_DOWN', `${kind}: no answer`)
    : new CaesError('CAES_CASSANDRA_TIMEOUT', `${kind}: no answer`)
