/**
 * What one job works on where a window holds too many records for one: a range of its versions or of the overlap behind
 * it and, where a range that cannot be cut still holds too many, a share of the ids.
 */
import { uuidHash } from './uuid-map.js'
import type { Window } from './window.js'

export interface WindowPart extends Window {
  readonly ids: IdShare
}

/** The ids whose number falls on `index` when all are dealt out to `of`; 0 ≤ index < of. */
export interface IdShare {
  readonly index: number
  readonly of: number
}

export const allIds: IdShare = { index: 0, of: 1 }

/** Every text belongs to exactly one of the shares, the same in every process; what is no UUID to the first. */
export const isInShare = ({ index, of }: IdShare, id: string): boolean =>
  of === 1 || Math.floor(((uuidHash(id) ?? 0) / 2 ** 32) * of) === index
