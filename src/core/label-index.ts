/**
 * The newest entry of each id, for all ids at once. Of a timeseries table that holds more than fit into memory, it keeps
 * the newest versions; the older ones are treated like entries that have expired, which the rules provide for.
 */
import { UuidMap } from './uuid-map.js'
import type { Version } from './version.js'

/** About 100 MB. */
const mostIds = 3_000_000
const sampled = 1_001

export class LabelIndex {
  #labels = new UuidMap()
  #floor: Version = 0
  readonly #most: number

  constructor(most: number = mostIds) {
    this.#most = most
  }

  get size(): number {
    return this.#labels.size
  }

  /** Versions below it are not kept. */
  get floor(): Version {
    return this.#floor
  }

  get(id: string): Version | undefined {
    return this.#labels.get(id)
  }

  /** Errors: RangeError for an id that is no UUID in canonical form. */
  add(id: string, version: Version): void {
    if (version < this.#floor) return
    this.#labels.raise(id, version)
    if (this.#labels.size > this.#most) this.#dropOlderHalf()
  }

  #dropOlderHalf(): void {
    const all = this.#labels
    const step = Math.max(1, Math.floor(all.size / sampled))
    const sample: Version[] = []
    for (let at = 0; at < all.size; at += step) sample.push(all.valueAt(at))
    // Where more than half have one and the same version, that one goes as well.
    const median = sample.sort((a, b) => a - b)[sample.length >> 1]!
    this.#floor = median > sample[0]! ? median : median + 1
    this.#labels = new UuidMap()
    for (let at = 0; at < all.size; at += 1) {
      if (all.valueAt(at) >= this.#floor) this.#labels.raise(all.idAt(at), all.valueAt(at))
    }
  }
}
