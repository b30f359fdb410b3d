/** How old a write is when the last window that looks for it has come to it, with room for that window's own work. */
import type { Rules } from './rules.js'
import type { Micros } from './version.js'

/** @param interval from one window to the next */
export const graceOf = ({ overlap, settle, freshness }: Rules, interval: Micros): Micros =>
  overlap + 2 * (interval + settle) + freshness
