/** Everything that the status page shows of every pair. What a store cannot tell is left unknown, as in readStatus. */
import { pairHistory, type PairHistory } from '../core/pair-history.js'
import { usualLag } from '../core/pair-status.js'
import type { Micros, Unit } from '../core/version.js'
import { lastWindows, type StripWindow } from '../core/window-strip.js'
import type { DoneWindows, FailedWindows, WindowHistory, WorkerCounter } from '../ports/window-history.js'
import { readStatus, type PairReading, type StatusDeps, type StatusReading, type WatchedPair } from './read-status.js'

export interface OverviewDeps extends StatusDeps {
  readonly history: WindowHistory
  readonly failures: FailedWindows
  readonly workers: WorkerCounter
}

/** One reading of everything, from which an overview of any span follows. */
export interface Snapshot extends StatusReading {
  readonly at: Micros
  readonly done: DoneWindows | undefined
  readonly failed: ReadonlyMap<string, Failures>
  readonly workers: number | undefined
}

type Failures = Awaited<ReturnType<FailedWindows['failed']>>

export interface PairOverview extends PairReading {
  readonly unit: Unit
  /** What is usual to be behind. */
  readonly usualLag: Micros
  readonly history: PairHistory | undefined
  readonly strip: readonly StripWindow[]
  readonly failures: Failures | undefined
}

export interface Overview {
  readonly at: Micros
  readonly pairs: readonly PairOverview[]
  readonly workers: number | undefined
  readonly faults: readonly unknown[]
}

const windowsShown = 40
const slots = 60

/** Never throws. */
export const readSnapshot = async (pairs: readonly WatchedPair[], deps: OverviewDeps): Promise<Snapshot> => {
  const faults: unknown[] = []
  const orUnknown = async <T>(reading: Promise<T>): Promise<T | undefined> => {
    try {
      return await reading
    } catch (error) {
      faults.push(error)
      return undefined
    }
  }
  const [status, done, workers] = await Promise.all([
    readStatus(pairs, deps),
    orUnknown(deps.history.done()),
    orUnknown(deps.workers.workers()),
  ])
  const failing = status.pairs.filter(({ open }) => open !== undefined && open.failed.length > 0)
  const failed = new Map<string, Failures>()
  await Promise.all(
    failing.map(async ({ name }) => {
      const found = await orUnknown(deps.failures.failed(name))
      if (found !== undefined) failed.set(name, found)
    }),
  )
  return { ...status, faults: [...status.faults, ...faults], at: deps.clock.now(), done, failed, workers }
}

/** @param span how far back the history goes */
export const overviewOf = (pairs: readonly WatchedPair[], snapshot: Snapshot, span: Micros): Overview => {
  const { at, done, failed, workers, faults } = snapshot
  return {
    at,
    workers,
    faults,
    pairs: pairs.map((pair, index) => {
      const reading = snapshot.pairs[index]!
      const windows = done?.byPair.get(pair.name) ?? []
      const { open, watermark } = reading
      const { unit } = pair
      const all = open === undefined ? [] : [...open.waiting, ...open.active, ...open.delayed, ...open.failed]
      return {
        ...reading,
        unit,
        usualLag: usualLag(pair),
        history:
          done === undefined
            ? undefined
            : pairHistory(windows, all, watermark, {
                unit,
                now: at,
                span,
                slots,
                completeSince: done.completeSince ?? at,
              }),
        strip: open === undefined ? [] : lastWindows(windows, open, windowsShown),
        failures: failed.get(pair.name),
      }
    }),
  }
}
