import type { Reject, RejectReason } from '../core/reject.js'
import { versionFault, type Micros, type Version } from '../core/version.js'
import type { Pair } from './pair.js'

/** One reading of the timeseries table from a version on, without an upper bound (rule 2). */
export interface Look {
  readonly startedAt: Micros
  /** The newest entry of each id. */
  readonly labels: ReadonlyMap<string, Version>
  /** Entries whose version cannot be used. They label nothing: one bad clock must not freeze a record. */
  readonly faults: readonly Reject[]
  /** Where it ended; undefined where it had no end. */
  readonly before: Version | undefined
}

export const versionReject: Record<Exclude<ReturnType<typeof versionFault>, undefined>, RejectReason> = {
  NOT_AN_INTEGER: 'VERSION_NOT_INTEGER',
  NEGATIVE: 'VERSION_NEGATIVE',
  UNSAFE: 'VERSION_UNSAFE',
  FUTURE: 'VERSION_FUTURE',
}

const look = async (
  { rows, rules, clock }: Pair,
  from: Version,
  before: Version | undefined,
  signal: AbortSignal,
): Promise<Look> => {
  const startedAt = clock.now()
  const labels = new Map<string, Version>()
  const faults: Reject[] = []
  for await (const page of rows.entries(from, signal, before)) {
    for (const { id, version } of page) {
      const fault = versionFault(version, rules.unit, startedAt, rules.maxFuture)
      if (fault !== undefined) {
        faults.push({ id, side: 'cassandra', reason: versionReject[fault], detail: `entry ${version}`, version })
      } else if (version > (labels.get(id) ?? -1)) {
        labels.set(id, version)
      }
    }
  }
  return { startedAt, labels, faults, before }
}

/**
 * Looks shared by the chunks of one run. Whoever asks gets a look that starts after the question, so it sees every
 * entry that was readable by then; those who ask while one is under way share the next.
 */
export class Looks {
  #running: Promise<Look> | undefined
  #next: Promise<Look> | undefined
  readonly #start: () => Promise<Look>

  /** @param before where every look ends; by default nowhere, see look-end.ts */
  constructor(pair: Pair, from: Version, signal: AbortSignal, before?: Version) {
    this.#start = () => {
      this.#next = undefined
      const running = look(pair, from, before, signal).finally(() => {
        if (this.#running === running) this.#running = undefined
      })
      this.#running = running
      return running
    }
  }

  take(): Promise<Look> {
    // Asked first: a look that has just ended is no longer running, while its successor has yet to start.
    if (this.#next !== undefined) return this.#next
    if (this.#running === undefined) return this.#start()
    // A failed look fails those who wait for it; the next one is still theirs to start.
    this.#next = this.#running.then(this.#start, this.#start)
    return this.#next
  }
}
