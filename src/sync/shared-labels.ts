/**
 * The entries that the parts of runs share in one process: read once for all that are worked on at a time, and kept for
 * a while, since the next part mostly follows soon. What has come meanwhile is read when it is asked for, see RunLabels.
 */
import { forEverything, type Pair } from './pair.js'
import { openRunLabels, type RunLabels } from './run-labels.js'

interface Shared {
  readonly labels: Promise<RunLabels>
  users: number
  forget?: NodeJS.Timeout
}

export interface SharedLabels {
  /** Errors: those of the store, and of the work. */
  use<T>(pair: Pair, work: (labels: RunLabels) => Promise<T>): Promise<T>
  /** Ends the reading of those that are being opened. */
  close(reason: Error): void
}

/** @param idleMs how long they are kept when nobody uses them */
export const sharedLabels = (idleMs: number): SharedLabels => {
  const stop = new AbortController()
  const byPair = new Map<string, Shared>()
  const open = (pair: Pair): Shared => {
    // They are large: those that nobody uses make room.
    for (const [name, other] of byPair) if (other.users === 0) drop(name, other)
    const shared: Shared = { labels: openRunLabels(forEverything(pair), 0, stop.signal), users: 0 }
    byPair.set(pair.name, shared)
    // A failure is that of all who wait for it, and the next one tries again.
    shared.labels.catch(() => drop(pair.name, shared))
    return shared
  }
  const drop = (name: string, shared: Shared): void => {
    clearTimeout(shared.forget)
    if (byPair.get(name) === shared) byPair.delete(name)
  }
  return {
    use: async (pair, work) => {
      const shared = byPair.get(pair.name) ?? open(pair)
      clearTimeout(shared.forget)
      shared.users += 1
      try {
        return await work(await shared.labels)
      } finally {
        shared.users -= 1
        if (shared.users === 0) shared.forget = setTimeout(() => drop(pair.name, shared), idleMs).unref()
      }
    },
    close: (reason) => {
      stop.abort(reason)
      for (const { forget } of byPair.values()) clearTimeout(forget)
      byPair.clear()
    },
  }
}
