import type { PartResult, Run, RunPlan } from '../../core/run.js'
import type { RunKey, RunStore } from '../../ports/run-store.js'

/** Runs in memory, for tests and dry runs. */
export class MemoryRunStore implements RunStore {
  readonly #runs = new Map<string, Run>()
  readonly #parts = new Map<string, Map<number, PartResult>>()

  async list(pair: string): Promise<readonly Run[]> {
    return [...this.#runs.values()].filter((run) => run.pair === pair).sort((a, b) => a.number - b.number)
  }

  async create(run: Run): Promise<{ readonly run: Run; readonly isNew: boolean }> {
    const before = this.#runs.get(keyOf(run))
    const stored = before ?? structuredClone(run)
    this.#runs.set(keyOf(run), stored)
    return { run: stored, isNew: before === undefined }
  }

  async replan(run: Run, plan: RunPlan): Promise<Run> {
    const stored = this.#runs.get(keyOf(run))
    if (stored === undefined) throw new Error(`there is no run ${keyOf(run)}`)
    if (JSON.stringify(stored.plan) !== JSON.stringify(run.plan)) return stored
    const changed = { ...stored, plan: structuredClone(plan) }
    this.#runs.set(keyOf(run), changed)
    return changed
  }

  async finishPart(run: RunKey, part: number, result: PartResult): Promise<void> {
    const parts = this.#parts.get(keyOf(run)) ?? new Map<number, PartResult>()
    this.#parts.set(keyOf(run), parts.set(part, structuredClone(result)))
  }

  async finishedParts(run: RunKey): Promise<ReadonlyMap<number, PartResult>> {
    return new Map(this.#parts.get(keyOf(run)))
  }

  async finish(run: RunKey, at: number, result: PartResult): Promise<boolean> {
    const stored = this.#runs.get(keyOf(run))
    if (stored === undefined || stored.finishedAt !== undefined) return false
    this.#runs.set(keyOf(run), { ...stored, finishedAt: at, result: structuredClone(result) })
    return true
  }

  async forget(run: RunKey): Promise<void> {
    this.#runs.delete(keyOf(run))
    this.#parts.delete(keyOf(run))
  }
}

const keyOf = ({ pair, number }: RunKey): string => JSON.stringify([pair, number])
