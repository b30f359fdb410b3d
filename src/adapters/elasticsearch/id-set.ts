import { UuidMap } from '../../core/uuid-map.js'

/** The ids of all documents of a view, which may be many; almost all are UUIDs. */
export class IdSet {
  readonly #uuids = new UuidMap()
  readonly #others = new Set<string>()

  has(id: string): boolean {
    return this.#uuids.has(id) || this.#others.has(id)
  }

  add(id: string): void {
    if (!this.#uuids.raiseUuid(id, 0)) this.#others.add(id)
  }
}
