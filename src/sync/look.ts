import type { Reject, RejectReason } from '../core/reject.js'
import { UuidMap } from '../core/uuid-map.js'
import { versionFault, type Micros, type Version } from '../core/version.js'
import type { Pair } from './pair.js'

/** What one reading of the timeseries table tells. */
export interface Look {
  readonly startedAt: Micros
  /** The newest entry of each id that was looked for. */
  readonly labels: UuidMap
  /** Entries whose version cannot be used. They label nothing: one bad clock must not freeze a record. */
  readonly faults: readonly Reject[]
  /** Where it ended; undefined where it had no end. */
  readonly before: Version | undefined
}

/** Where to look. */
export interface LookRange {
  readonly from: Version
  /** By default there is no end (rule 2), see look-end.ts. */
  readonly before?: Version | undefined
}

export const versionReject: Record<Exclude<ReturnType<typeof versionFault>, undefined>, RejectReason> = {
  NOT_AN_INTEGER: 'VERSION_NOT_INTEGER',
  NEGATIVE: 'VERSION_NEGATIVE',
  UNSAFE: 'VERSION_UNSAFE',
  FUTURE: 'VERSION_FUTURE',
}

type IsWanted = (id: string) => boolean

/** The looks of one run: the first one at all of its ids, further ones at those that need it. */
export class Looks {
  readonly #pair: Pair
  readonly #range: LookRange
  readonly #signal: AbortSignal
  readonly #isOurs: IsWanted
  #running: Promise<Look> | undefined
  #next: { readonly ids: Set<string>; readonly look: Promise<Look> } | undefined

  /** @param isOurs the ids that the run is about; by default all */
  constructor(pair: Pair, range: LookRange, signal: AbortSignal, isOurs: IsWanted = () => true) {
    this.#pair = pair
    this.#range = range
    this.#signal = signal
    this.#isOurs = isOurs
  }

  /** At all ids of the run. */
  async first(): Promise<Look> {
    return (await this.firstOf(() => true))!
  }

  /**
   * The same, or undefined where it was not to go on.
   * @param mayGoOn asked after each page with the number of ids so far
   */
  async firstOf(mayGoOn: (ids: number) => boolean): Promise<Look | undefined> {
    return await this.#look(this.#isOurs, mayGoOn)
  }

  /**
   * At some ids of the run, and perhaps others. Chunks share these looks: whoever asks gets one that starts after the
   * question, so it sees every entry that was readable by then; those who ask while one is under way share the next.
   */
  again(ids: readonly string[]): Promise<Look> {
    // Asked first: a look that has just ended is no longer running, while its successor has yet to start.
    if (this.#next !== undefined) {
      for (const id of ids) this.#next.ids.add(id)
      return this.#next.look
    }
    const wanted = new Set(ids)
    if (this.#running === undefined) return this.#start(wanted)
    // A failed look fails those who wait for it; the next one is still theirs to start.
    const start = (): Promise<Look> => this.#start(wanted)
    this.#next = { ids: wanted, look: this.#running.then(start, start) }
    return this.#next.look
  }

  #start(wanted: ReadonlySet<string>): Promise<Look> {
    this.#next = undefined
    const running = this.#look(
      (id) => wanted.has(id),
      () => true,
    )
      .then((found) => found!)
      .finally(() => {
        if (this.#running === running) this.#running = undefined
      })
    this.#running = running
    return running
  }

  async #look(isWanted: IsWanted, mayGoOn: (ids: number) => boolean): Promise<Look | undefined> {
    const { rows, rules, clock } = this.#pair
    const { from, before } = this.#range
    const startedAt = clock.now()
    const labels = new UuidMap()
    const faults: Reject[] = []
    for await (const page of rows.entries(from, this.#signal, before)) {
      for (const { id, version } of page) {
        if (!isWanted(id)) continue
        const fault = versionFault(version, rules.unit, startedAt, rules.maxFuture)
        if (fault === undefined) labels.raise(id, version)
        else faults.push({ id, side: 'cassandra', reason: versionReject[fault], detail: `entry ${version}`, version })
      }
      if (!mayGoOn(labels.size)) return undefined
    }
    return { startedAt, labels, faults, before }
  }
}
