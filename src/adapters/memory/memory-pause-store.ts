import type { Pause, PauseStore } from '../../ports/pause.js'

/** Pauses in memory, for tests. Each method takes effect at once, so it is linearizable. */
export class MemoryPauseStore implements PauseStore {
  readonly #stored = new Map<string, Pause>()

  async read(pair: string): Promise<Pause | undefined> {
    return this.#stored.get(pair)
  }

  async pause(pair: string, pause: Pause): Promise<Pause> {
    const there = this.#stored.get(pair) ?? { ...pause }
    this.#stored.set(pair, there)
    return there
  }

  async resume(pair: string): Promise<boolean> {
    return this.#stored.delete(pair)
  }
}
