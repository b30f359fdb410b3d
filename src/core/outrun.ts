/**
 * Whether windows come too late. They find rows by their entries, which expire: what was written in a range that no
 * window has read when its entries expired is found by nobody but a run that reads all of both stores.
 */
import type { Progress } from './progress.js'
import type { Run } from './run.js'
import { micros, unitsCovering, versionAt, type Micros, type Unit, type Version } from './version.js'
import { uncovered } from './window.js'

export interface EntryLife {
  readonly unit: Unit
  /** How long entries live. */
  readonly ttl: Micros
  readonly overlap: Micros
  /** From one tick to the next. */
  readonly interval: Micros
  /** How old a watermark gets in the ordinary course; see usualLag. */
  readonly usualLag: Micros
}

/**
 * The age at which a range counts as outrun: some ticks before its entries expire, since a window that was handed out in
 * time may be read after that, and be acknowledged before the next tick sees how old it is. Never so soon that the
 * ordinary course is taken for a gap.
 */
export const outrunAfter = ({ ttl, interval, usualLag }: EntryLife): Micros =>
  ttl - Math.max(0, Math.min(2 * interval, (ttl - usualLag) / 2))

/**
 * The version from which on all of both stores has to be read, or undefined where windows read everything in time.
 * @param runs of the pair: what they have read, or will, need not be read again
 */
export const outrunSince = (
  life: EntryLife,
  { watermark, acknowledged }: Progress,
  runs: readonly Run[],
  now: Micros,
): Version | undefined => {
  const { unit, overlap } = life
  const seen = Math.max(0, ...runs.filter((run) => isReadFrom(run, watermark)).map(begunAt))
  // A run leaves cells younger than the overlap to windows, and those may be half of it later than their version.
  const covered = { from: 0, to: Math.max(0, versionAt(Math.min(seen - 2 * overlap, now), unit)) }
  const [first] = uncovered({ from: watermark, to: versionAt(now, unit) }, [covered, ...acknowledged])
  if (first === undefined || now - micros(first.from, unit) <= outrunAfter(life)) return undefined
  return Math.max(0, watermark - unitsCovering(overlap, unit))
}

/** One that has not begun will read whatever is written until then. */
const begunAt = ({ plan: { cut } }: Run): Micros => (cut === undefined ? Infinity : cut.begunAt * 1_000)

/** A copy that somebody wants may never be finished; a reconciliation is. */
const isReadFrom = ({ plan, finishedAt }: Run, watermark: Version): boolean =>
  plan.source === 'both' &&
  (plan.since ?? 0) <= watermark &&
  (plan.purpose === 'reconciliation' || finishedAt !== undefined)
