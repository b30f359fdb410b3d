/** Which window carries a version: the one that it lies in, wherever that one is by now. */
import { plannedUpTo, type Progress } from './progress.js'
import type { OpenWindows } from './pair-status.js'
import type { Version } from './version.js'
import type { Window } from './window.js'

export type WindowPlace =
  /** Done on both sides. `before`: it lies before the watermark, and perhaps before the pair began. */
  | { readonly state: 'acknowledged'; readonly before: Version }
  | { readonly state: keyof OpenWindows; readonly window: Window }
  /** The next tick hands it out. */
  | { readonly state: 'due'; readonly window: Window }
  /** Its time has not come. */
  | { readonly state: 'to come'; readonly window: Window }

/**
 * @param until windows end at or before this version now
 * @param step length of a window in normal times, in units
 * @returns for a gap that is being caught up the window as it would be cut in normal times
 */
export const windowOf = (
  version: Version,
  progress: Progress,
  open: OpenWindows,
  step: number,
  until: Version,
): WindowPlace => {
  const holds = ({ from, to }: Window): boolean => from <= version && version < to
  for (const state of ['failed', 'active', 'delayed', 'waiting'] as const) {
    const window = open[state].find(holds)
    if (window !== undefined) return { state, window }
  }
  if (version < progress.watermark || progress.acknowledged.some(holds))
    return { state: 'acknowledged', before: progress.watermark }
  const start = Math.floor(version / step) * step
  const window = { from: Math.max(start, progress.watermark), to: start + step }
  return { state: window.to <= until ? 'due' : 'to come', window }
}

/** Whether a window that is yet to be handed out reads the version again, in itself or in its overlap. */
export const isReadAgain = (version: Version, progress: Progress, open: OpenWindows, overlap: number): boolean => {
  const handedOut = [...open.failed, ...open.active, ...open.delayed, ...open.waiting]
  const firstUnread = Math.min(plannedUpTo(progress, handedOut), ...handedOut.map(({ from }) => from))
  return version >= firstUnread - overlap
}
