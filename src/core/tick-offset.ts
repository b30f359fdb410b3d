/**
 * When to tick. A window can be handed out from `settle` after its end on, so a tick at any other moment lets it wait:
 * with no care about the phase up to an interval, half of one on average.
 */
import type { Micros } from './version.js'

/**
 * Clocks of machines that share the ticks may differ by so much, and timers may fire that early: a tick that comes
 * before its window can be handed out would come an interval too soon.
 */
const tolerance: Micros = 10_000

/**
 * Microseconds after each multiple of `interval`; more than 0, less than `interval`. Pairs that settle alike are met
 * right after their windows may be handed out; of others, the one that waits the longest waits as little as it can.
 * @param settles of all pairs, at least one
 */
export const tickOffset = (settles: readonly Micros[], interval: Micros): Micros => {
  const ready = settles.map((settle) => (settle + tolerance) % interval)
  const longestWait = (offset: Micros): Micros =>
    ready.reduce((longest, each) => Math.max(longest, (offset - each + interval) % interval), 0)
  const best = ready.reduce((least, each) => (longestWait(each) < longestWait(least) ? each : least))
  // BullMQ counts milliseconds, and takes 0 for none.
  return Math.max(1_000, Math.ceil(best / 1_000) * 1_000)
}
