/**
 * How every pair is. What one store cannot tell is left unknown; what the others tell is shown all the same, because
 * the time when a store is down is when somebody looks.
 */
import { noWindows, pairStatus, type OpenWindows, type PairStatus, type PairTiming } from '../core/pair-status.js'
import type { Progress } from '../core/progress.js'
import { progressOf, verifiedAt, type RunProgress } from '../core/run.js'
import type { CheckpointStore } from '../ports/checkpoint.js'
import type { Clock } from '../ports/clock.js'
import type { Pause, PauseReader } from '../ports/pause.js'
import type { RejectCounter } from '../ports/reject-list.js'
import type { RunReader } from '../ports/run-store.js'
import type { OpenWindowReader } from '../ports/window-queue.js'

export interface WatchedPair extends PairTiming {
  readonly name: string
}

export interface StatusDeps {
  readonly checkpoints: Pick<CheckpointStore, 'read'>
  readonly pauses: PauseReader
  readonly windows: OpenWindowReader
  readonly rejects: RejectCounter
  readonly runs: RunReader
  readonly clock: Pick<Clock, 'now'>
}

/** Everything undefined is not known; only `pause` is also undefined where there is none. */
export interface PairReading extends PairStatus {
  readonly name: string
  readonly progress: Progress | undefined
  readonly pause: Pause | undefined
  readonly open: OpenWindows | undefined
  readonly rejects: number | undefined
  /** Those over everything that are not finished. */
  readonly runs: readonly RunProgress[] | undefined
  /** As of when both sides are known to have held the same, in milliseconds since 1970; undefined also where nobody has looked. */
  readonly verifiedAt: number | undefined
}

export interface StatusReading {
  readonly pairs: readonly PairReading[]
  /** Why something is not known: what the stores threw. */
  readonly faults: readonly unknown[]
}

/** Never throws. */
export const readStatus = async (pairs: readonly WatchedPair[], deps: StatusDeps): Promise<StatusReading> => {
  const faults: unknown[] = []
  /** Undefined, and one more fault, instead of a failure. */
  const orUnknown = async <T>(read: () => Promise<T>): Promise<{ readonly value: T } | undefined> => {
    try {
      return { value: await read() }
    } catch (error) {
      faults.push(error)
      return undefined
    }
  }

  // The queue before the progress, for the reason that planWindows gives.
  const [open, rejects] = await Promise.all([
    orUnknown(() => deps.windows.openByState()),
    orUnknown(() => deps.rejects.count()),
  ])
  const readPair = async (pair: WatchedPair): Promise<PairReading> => {
    const { name } = pair
    const [checkpoint, pause, runs] = await Promise.all([
      orUnknown(() => deps.checkpoints.read(name)),
      orUnknown(() => deps.pauses.read(name)),
      orUnknown(() => readRuns(name, deps.runs)),
    ])
    const windows = open === undefined ? undefined : (open.value.get(name) ?? noWindows)
    const status = pairStatus(
      {
        progress: checkpoint === undefined ? 'unknown' : (checkpoint.value?.progress ?? 'none'),
        paused: pause === undefined ? 'unknown' : pause.value !== undefined,
        open: windows ?? 'unknown',
      },
      pair,
      deps.clock.now(),
    )
    return {
      name,
      ...status,
      progress: checkpoint?.value?.progress,
      pause: pause?.value,
      open: windows,
      rejects: rejects === undefined ? undefined : (rejects.value.get(name) ?? 0),
      runs: runs?.value.open,
      verifiedAt: runs?.value.verifiedAt,
    }
  }
  return { pairs: await Promise.all(pairs.map(readPair)), faults }
}

const readRuns = async (pair: string, reader: RunReader) => {
  const all = await reader.list(pair)
  const open = all.filter(({ finishedAt }) => finishedAt === undefined)
  return {
    open: await Promise.all(open.map(async (run) => progressOf(run, await reader.finishedParts(run)))),
    verifiedAt: verifiedAt(all),
  }
}
