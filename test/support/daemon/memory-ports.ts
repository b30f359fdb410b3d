/** Ports in memory, as far as planning and acknowledging need them. */
import { sameProgress, type Progress } from '../../../src/core/progress.js'
import type { Micros } from '../../../src/core/version.js'
import type { Window } from '../../../src/core/window.js'
import type { Checkpoint, CheckpointStore } from '../../../src/ports/checkpoint.js'
import type { Clock } from '../../../src/ports/clock.js'
import type { Logger } from '../../../src/ports/logger.js'
import type { PartQueue, RunStep } from '../../../src/ports/part-queue.js'
import type { WindowQueue } from '../../../src/ports/window-queue.js'

export interface TestCheckpoints extends CheckpointStore {
  /** Overwrites a pair's progress, as an operator would. */
  reset(pair: string, progress: Progress): void
  current(pair: string): Progress | undefined
  /** Every progress that was stored, in order. */
  readonly history: { readonly pair: string; readonly progress: Progress }[]
}

export const testCheckpoints = (): TestCheckpoints => {
  const stored = new Map<string, Checkpoint>()
  const history: { pair: string; progress: Progress }[] = []
  const put = (pair: string, progress: Progress): Checkpoint => {
    const checkpoint = { progress, revision: (stored.get(pair)?.revision ?? 0) + 1 }
    stored.set(pair, checkpoint)
    history.push({ pair, progress })
    return checkpoint
  }
  return {
    history,
    read: async (pair) => stored.get(pair),
    glance: async (pair) => stored.get(pair),
    create: async (pair, progress) => stored.get(pair) ?? put(pair, progress),
    compareAndSet: async (pair, seen, progress) => {
      const there = stored.get(pair)
      const applied = there?.revision === seen.revision && sameProgress(there.progress, seen.progress)
      if (applied) put(pair, progress)
      return { applied, stored: stored.get(pair) }
    },
    reset: (pair, progress) => void put(pair, progress),
    current: (pair) => stored.get(pair)?.progress,
  }
}

export interface TestQueue extends WindowQueue {
  /** Audits that were handed out, in order. */
  readonly audits: { readonly pair: string; readonly audit: number; readonly windows: readonly Window[] }[]
  readonly windows: Map<string, Window[]>
  take(pair: string, index: number): Window | undefined
}

export const testQueue = (): TestQueue => {
  const windows = new Map<string, Window[]>()
  const audits: { pair: string; audit: number; windows: readonly Window[] }[] = []
  return {
    windows,
    audits,
    enqueueAudit: async (pair, audit, more) => {
      if (audits.some((each) => each.pair === pair && each.audit === audit)) return false
      audits.push({ pair, audit, windows: more })
      return true
    },
    open: async () => new Map([...windows].map(([pair, open]) => [pair, [...open]])),
    enqueue: async (pair, more) => {
      const open = windows.get(pair) ?? []
      const added = more.filter(({ from, to }) => !open.some((each) => each.from === from && each.to === to))
      windows.set(pair, [...open, ...added])
    },
    take: (pair, index) => {
      const open = windows.get(pair) ?? []
      return open.length === 0 ? undefined : open.splice(index % open.length, 1)[0]
    },
  }
}

export interface TestPartQueue extends PartQueue {
  /** Open steps by the run's number, whatever its pair. */
  readonly steps: Map<number, Set<RunStep>>
  /** Everything that was handed out, in order. */
  readonly handedOut: (readonly [run: number, step: RunStep])[]
}

export const testPartQueue = (): TestPartQueue => {
  const steps = new Map<number, Set<RunStep>>()
  const handedOut: (readonly [number, RunStep])[] = []
  return {
    steps,
    handedOut,
    open: async () => new Map([...steps].map(([run, open]) => [run, new Set(open)])),
    enqueue: async ({ number }, more) => {
      const open = steps.get(number) ?? new Set()
      steps.set(number, open)
      for (const step of more.filter((each) => !open.has(each))) {
        open.add(step)
        handedOut.push([number, step])
      }
    },
  }
}

/** A clock that stands still until it is moved; sleeping ends at once and is remembered. */
export const testClock = (start: Micros) => {
  let now = start
  const slept: Micros[] = []
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    sleep: async (span, signal) => {
      signal.throwIfAborted()
      slept.push(span)
    },
  }
  return { ...clock, slept, advance: (span: Micros) => (now += span) }
}

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly fields: object
  readonly message: string
}

export const testLogger = (): Logger & { readonly lines: LogLine[] } => {
  const lines: LogLine[] = []
  const at = (level: LogLine['level']) => (fields: object, message: string) => {
    lines.push({ level, fields, message })
  }
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
