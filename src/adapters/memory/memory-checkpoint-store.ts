import { CaesError } from '../../core/errors.js'
import { sameProgress, type Progress } from '../../core/progress.js'
import type { Checkpoint, CheckpointStore, Exchange } from '../../ports/checkpoint.js'

/** Progress in memory, for tests and simulation. Each method takes effect at once, so it is linearizable. */
export class MemoryCheckpointStore implements CheckpointStore {
  readonly #stored = new Map<string, Checkpoint>()
  readonly #failures: ('applied' | 'lost')[] = []

  /** The next `compareAndSet` throws: its answer is lost, or its request. */
  failNext(request: 'applied' | 'lost'): void {
    this.#failures.push(request)
  }

  async read(pair: string): Promise<Checkpoint | undefined> {
    return this.#stored.get(pair)
  }

  glance(pair: string): Promise<Checkpoint | undefined> {
    return this.read(pair)
  }

  async create(pair: string, progress: Progress): Promise<Checkpoint> {
    const there = this.#stored.get(pair)
    if (there !== undefined) return there
    const created = { progress: structuredClone(progress), revision: 1 }
    this.#stored.set(pair, created)
    return created
  }

  async compareAndSet(pair: string, seen: Checkpoint, progress: Progress): Promise<Exchange> {
    const failure = this.#failures.shift()
    if (failure === 'lost') throw noAnswer()
    const there = this.#stored.get(pair)
    const applied = there?.revision === seen.revision && sameProgress(there.progress, seen.progress)
    if (applied) this.#stored.set(pair, { progress: structuredClone(progress), revision: seen.revision + 1 })
    if (failure === 'applied') throw noAnswer()
    return { applied, stored: this.#stored.get(pair) }
  }
}

const noAnswer = (): CaesError => new CaesError('CAES_CASSANDRA_TIMEOUT', 'recording progress had no answer')
