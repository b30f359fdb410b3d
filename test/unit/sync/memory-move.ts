/**
 * Two indexes in memory and the alias of one of them, with clients that write to it. A client looks the alias up, and
 * its write may land later: in the index that the alias stood for by then, or nowhere once that refuses writes.
 */
import type { Copied, CopyOptions, IndexMove, MoveState } from '../../../src/ports/index-move.js'

export type MoveStep = 'current' | 'state' | 'remember' | 'copy' | 'switch' | 'refuse writes'

export class MemoryMove implements IndexMove {
  readonly alias = 'things'
  readonly target = 'things-2'
  /** Versions by id, in the order of their writes. */
  readonly source = new Map<string, { readonly version: number; readonly number: number }>()
  readonly copied = new Map<string, number>()
  readonly steps: MoveStep[] = []
  /** Where each copy began. */
  readonly begun: number[] = []
  /** Ids that were acknowledged. */
  readonly acknowledged = new Map<string, number>()
  standsFor = 'things-1'
  stored: MoveState | undefined
  /** Before each step, and once more within a copy, after it has found what to copy. */
  onStep: (step: MoveStep, within: boolean) => void | Promise<void> = () => {}
  #writes = 0
  #refuses = false

  /** A client's write, on its way from now on: call the result to let it land. True where it is acknowledged. */
  write(id: string, version: number): () => boolean {
    const into = this.standsFor
    return () => {
      if (into === this.target) this.copied.set(id, version)
      else if (this.#refuses) return false
      else this.source.set(id, { version, number: this.#writes++ })
      this.acknowledged.set(id, version)
      return true
    }
  }

  /** What was acknowledged and is not in the new index. */
  lost(): string[] {
    return [...this.acknowledged].flatMap(([id, version]) => (this.copied.get(id) === version ? [] : [id]))
  }

  async current(): Promise<string> {
    await this.#step('current')
    return this.standsFor
  }

  async state(): Promise<MoveState | undefined> {
    await this.#step('state')
    return this.stored
  }

  async remember(state: MoveState): Promise<void> {
    await this.#step('remember')
    this.stored = state
  }

  async copy(_source: string, from: number, { onCopied }: CopyOptions): Promise<Copied> {
    await this.#step('copy')
    this.begun.push(from)
    const next = this.#writes
    const found = [...this.source].filter(([, { number }]) => number >= from && number < next)
    await this.onStep('copy', true)
    let moved = 0
    for (const [id, { version }] of found) {
      if ((this.copied.get(id) ?? -1) >= version) continue
      this.copied.set(id, version)
      moved += 1
    }
    await onCopied?.(next)
    return { moved, next }
  }

  async switch(source: string): Promise<void> {
    await this.#step('switch')
    if (this.standsFor !== source) throw new Error('the alias has moved')
    this.standsFor = this.target
  }

  async refuseWrites(): Promise<void> {
    await this.#step('refuse writes')
    this.#refuses = true
  }

  async #step(step: MoveStep): Promise<void> {
    this.steps.push(step)
    await this.onStep(step, false)
  }
}
