/**
 * How far a window has to look for entries (rule 2).
 *
 * A look has no end, because an entry after the window says that a record belongs to a later one. For a window that is
 * worked on long after its time that would be the whole gap behind it, for every window of the gap. There the row says
 * the same: versions and cells come from one clock, so a row with an entry beyond two overlaps has cells beyond one,
 * and `isBeyondLook` leaves it to the later window. Where that batch is torn and the row still the old one, whatever is
 * written now is older than what is to land.
 */
import type { Row } from './record.js'
import { overlapUnits, type Rules } from './rules.js'
import { isClock, micros, type Micros, type Version } from './version.js'
import type { Window } from './window.js'

/** Where the look for a window may end, or undefined where it must not. */
export const lookEnd = (rules: Rules, { to }: Window, now: Micros): Version | undefined => {
  const end = to + 2 * overlapUnits(rules)
  // A window of our time reads to the end, and so meets the entries of clocks that are far ahead.
  return isClock(to, rules.unit) && micros(end, rules.unit) < now ? end : undefined
}

/** Whether the row was written so late that its entry may lie beyond the look. */
export const isBeyondLook = (
  { unit, overlap }: Rules,
  { lookedUpTo, row }: { readonly lookedUpTo?: Version | undefined; readonly row: Row | undefined },
): boolean =>
  lookedUpTo !== undefined && row?.writeTime !== undefined && row.writeTime >= micros(lookedUpTo, unit) - overlap
