/** How a pair is, in one word, and how far behind: decided from its recorded progress and its open windows. */
import { plannedUpTo, type Progress } from './progress.js'
import { micros, type Micros, type Unit, type Version } from './version.js'
import { uncovered, type Window } from './window.js'

export const pairStates = ['in sync', 'catching up', 'stalled', 'paused', 'never ran'] as const
export type PairState = (typeof pairStates)[number]

/** Why nothing moves the watermark although it is behind, and what an operator can do. */
export const stalls = {
  'failed windows': {
    meaning: 'windows failed for good, and the watermark cannot pass them',
    advice: 'see why with "caes-sync windows --status failed"; once that is mended, "caes-sync retry --all-failed"',
  },
  'no worker': {
    meaning: 'windows are due, and no worker takes them',
    advice: 'start a worker, or look into the log of the one that should run',
  },
  'put off': {
    meaning: 'every open window waits, for its next attempt or for something it needs',
    advice: 'see for what with "caes-sync windows --status delayed"',
  },
  'no planner': {
    meaning: 'no window is handed out',
    advice: 'start a scheduler, or look into the log of the one that should run',
  },
} as const satisfies Record<string, { meaning: string; advice: string }>

export type Stall = keyof typeof stalls

/** Windows that were handed out and not completed. */
export interface OpenWindows {
  readonly waiting: readonly Window[]
  readonly active: readonly Window[]
  /** For their next attempt, or because something they need is not there. */
  readonly delayed: readonly Window[]
  /** For good, until somebody retries them. */
  readonly failed: readonly Window[]
}

export const noWindows: OpenWindows = { waiting: [], active: [], delayed: [], failed: [] }

/** What was read. What could not be is `unknown`: the store that holds it does not answer. */
export interface PairFacts {
  readonly progress: Progress | 'none' | 'unknown'
  readonly paused: boolean | 'unknown'
  readonly open: OpenWindows | 'unknown'
}

/** What a pair that works as it should may be behind. Spans in microseconds. */
export interface PairTiming {
  readonly unit: Unit
  readonly interval: Micros
  readonly settle: Micros
}

/** Everything undefined is not known. */
export interface PairStatus {
  readonly state: PairState | undefined
  /** Only where the state is `stalled`. */
  readonly stall: Stall | undefined
  readonly watermark: Version | undefined
  /** End of the last window that was handed out. */
  readonly planned: Version | undefined
  /** Age of the watermark. */
  readonly lag: Micros | undefined
}

/**
 * A window ends settle before now, spans an interval, is handed out up to an interval after its end, and takes up to
 * another one to be worked on.
 */
export const usualLag = ({ interval, settle }: PairTiming): Micros => settle + 3 * interval

/** Between two looks at a pair that catches up there may be a moment in which nobody works on it. */
const patience = ({ interval }: PairTiming): Micros => Math.max(interval, 10_000_000)

export const pairStatus = (facts: PairFacts, timing: PairTiming, now: Micros): PairStatus => {
  const { progress, open } = facts
  const known = typeof progress === 'string' ? undefined : progress
  const lag = known === undefined ? undefined : Math.max(0, now - micros(known.watermark, timing.unit))
  return {
    ...stateOf(facts, lag, timing),
    watermark: known?.watermark,
    planned: known === undefined || open === 'unknown' ? undefined : plannedUpTo(known, allOf(open)),
    lag,
  }
}

const allOf = ({ waiting, active, delayed, failed }: OpenWindows): Window[] => [
  ...waiting,
  ...active,
  ...delayed,
  ...failed,
]

const stateOf = (
  { progress, paused, open }: PairFacts,
  lag: Micros | undefined,
  timing: PairTiming,
): Pick<PairStatus, 'state' | 'stall'> => {
  if (paused === true) return { state: 'paused', stall: undefined }
  if (progress === 'none') return { state: 'never ran', stall: undefined }
  if (progress === 'unknown' || paused === 'unknown' || lag === undefined) return unknown
  if (open !== 'unknown' && open.failed.some((window) => holds(window, progress))) return stalled('failed windows')
  if (lag <= usualLag(timing)) return { state: 'in sync', stall: undefined }
  if (open === 'unknown') return unknown
  const moves = open.active.length > 0 || lag <= usualLag(timing) + patience(timing)
  return moves ? { state: 'catching up', stall: undefined } : stalled(stallOf(open))
}

const unknown = { state: undefined, stall: undefined }
const stalled = (stall: Stall): Pick<PairStatus, 'state' | 'stall'> => ({ state: 'stalled', stall })

const stallOf = ({ waiting, delayed }: OpenWindows): Stall => {
  if (waiting.length > 0) return 'no worker'
  return delayed.length > 0 ? 'put off' : 'no planner'
}

/** A job may fail after its window was acknowledged, by itself or by another worker: then it holds nothing. */
const holds = (window: Window, { watermark, acknowledged }: Progress): boolean =>
  uncovered(window, [{ from: 0, to: watermark }, ...acknowledged]).length > 0
