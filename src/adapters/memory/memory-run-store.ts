import type { PartResult, Run } from '../../core/run.js'
import type { RunStore } from '../../ports/run-store.js'

/** Runs in memory, for tests. */
export class MemoryRunStore implements RunStore {
  readonly #runs = new Map<string, Run>()
  readonly #parts = new Map<string, Map<number, PartResult>>()

  async list(pair: string): Promise<readonly Run[]> {
    return [...this.#runs.values()].filter((run) => run.pair === pair).sort((a, b) => a.number - b.number)
  }

  async create(run: Run): Promise<Run> {
    const stored = this.#runs.get(keyOf(run)) ?? structuredClone(run)
    this.#runs.set(keyOf(run), stored)
    return stored
  }

  async finishPart(run: Pick<Run, 'pair' | 'number'>, part: number, result: PartResult): Promise<void> {
    const parts = this.#parts.get(keyOf(run)) ?? new Map<number, PartResult>()
    this.#parts.set(keyOf(run), parts.set(part, structuredClone(result)))
  }

  async finishedParts(run: Pick<Run, 'pair' | 'number'>): Promise<ReadonlyMap<number, PartResult>> {
    return new Map(this.#parts.get(keyOf(run)))
  }

  async finish(run: Pick<Run, 'pair' | 'number'>, at: number): Promise<void> {
    const stored = this.#runs.get(keyOf(run))
    if (stored !== undefined) this.#runs.set(keyOf(run), { ...stored, finishedAt: stored.finishedAt ?? at })
  }
}

const keyOf = ({ pair, number }: Pick<Run, 'pair' | 'number'>): string => JSON.stringify([pair, number])
