import type { PartResult, Run, RunPlan } from '../../core/run.js'
import type { RunKey, RunStore } from '../../ports/run-store.js'

/** Runs in memory, for tests and dry runs. */
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

  async finish(run: RunKey, at: number): Promise<boolean> {
    const stored = this.#runs.get(keyOf(run))
    if (stored === undefined || stored.finishedAt !== undefined) return false
    this.#runs.set(keyOf(run), { ...stored, finishedAt: at })
    return true
  }
}

const keyOf = ({ pair, number }: RunKey): string => JSON.stringify([pair, number])
