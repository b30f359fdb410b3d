/** Looks closely at records that may differ, whoever suspects them: confirms, tells and repairs. */
import { forEachConcurrently } from '../core/concurrency.js'
import type { Difference } from '../core/difference.js'
import { regrouped } from '../core/regrouped.js'
import type { Reject } from '../core/reject.js'
import { UuidMap } from '../core/uuid-map.js'
import { canonicalUuid } from './candidate.js'
import { confirm, mostAtOnce, repairAll } from './confirm.js'
import type { Groups } from './every-id.js'
import type { Examination } from './examine.js'

export interface LookOptions {
  /** Writes the winners of what differs, and looks again. */
  readonly repair: boolean
  /** As it is found. `repaired` is there where a repair was tried. */
  readonly onDifference: (difference: Difference, repaired: boolean | undefined) => void
  /** A record that no repair can help: it was set aside, or would be. Each is told once. */
  readonly onReject: (reject: Reject) => void
}

export interface Findings {
  /** Records that were looked at. */
  readonly looked: number
  readonly differences: number
  readonly repaired: number
  readonly rejected: number
  /** Records that are left to windows: they were being written. */
  readonly open: number
}

export interface Looking {
  /** Errors: those of the stores; what was told until then stands. */
  at(groups: Groups): Promise<Findings>
  readonly reject: (reject: Reject) => void
}

/** Groups of ids that are looked at at a time. */
const atOnce = 4

export const lookingAt = (examination: Examination, { repair, onDifference, onReject }: LookOptions): Looking => {
  const counts = { looked: 0, differences: 0, repaired: 0, rejected: 0, open: 0 }
  /** A record is met by its digest, and again when it is looked at. */
  const rejected = new UuidMap()
  const reject = (each: Reject): void => {
    if (canonicalUuid.test(each.id)) {
      if (rejected.has(each.id)) return
      rejected.raise(each.id, 0)
    }
    counts.rejected += 1
    onReject(each)
  }
  const lookAt = async (ids: readonly string[]): Promise<void> => {
    const found = await confirm(examination, ids)
    counts.looked += ids.length
    counts.open += found.open.length
    for (const each of found.rejected) reject(each.reject)
    const left = repair ? new Set(await repairAll(examination, found.different)) : undefined
    for (const difference of found.different) {
      const repaired = left === undefined ? undefined : !left.has(difference.id)
      counts.differences += 1
      if (repaired === true) counts.repaired += 1
      onDifference(difference, repaired)
    }
  }
  return {
    reject,
    at: async (groups) => {
      await forEachConcurrently(regrouped(groups, mostAtOnce), atOnce, lookAt)
      return { ...counts }
    },
  }
}
