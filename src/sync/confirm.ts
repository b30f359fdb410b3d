/**
 * Differences that are there to stay. Whatever a first look finds may be a write under way, or one that windows have yet
 * to carry; so a difference counts once it was seen twice, settle apart, and is older than windows take.
 */
import { isSameDifference, type Difference } from '../core/difference.js'
import type { Micros } from '../core/version.js'
import { examine, repair, type Examination, type Verdict } from './examine.js'

export interface Confirmed {
  readonly different: readonly Difference[]
  readonly rejected: readonly (Verdict & { readonly kind: 'rejected' })[]
  /** Records that were written again and again meanwhile. */
  readonly open: readonly string[]
}

/** So few that each of them may be rejected on both sides, and still all are told. */
export const mostAtOnce = 500

const shortestWait: Micros = 200_000

/** @param ids at most `mostAtOnce` */
export const confirm = async (examination: Examination, ids: readonly string[]): Promise<Confirmed> => {
  const { pair, grace, signal, leavesYoung = false } = examination
  const { clock, rules } = pair
  const different: Difference[] = []
  const rejected: (Verdict & { kind: 'rejected' })[] = []
  // Once everything that was young at first has come of age, whoever is still young is being written.
  const deadline = clock.monotonic() + 2 * (grace + rules.settle)
  const left: string[] = []
  let before = new Map<string, Difference>()
  let todo = ids
  for (;;) {
    const verdicts = await examine(examination, todo)
    const seen = new Map<string, Difference>()
    const open: string[] = []
    for (const [id, verdict] of verdicts) {
      if (verdict.kind === 'rejected') rejected.push(verdict)
      else if (verdict.kind === 'open') open.push(id)
      else if (verdict.kind === 'different') {
        const earlier = before.get(id)
        if (earlier !== undefined && isSameDifference(earlier, verdict.difference)) different.push(verdict.difference)
        else seen.set(id, verdict.difference)
      }
    }
    if (leavesYoung) left.push(...open.splice(0))
    todo = [...open, ...seen.keys()]
    if (todo.length === 0 || clock.monotonic() > deadline) return { different, rejected, open: [...left, ...todo] }
    before = seen
    await clock.sleep(Math.max(rules.settle, shortestWait), signal)
  }
}

/** The differences that are still there after the winners were written. */
export const repairAll = async (examination: Examination, found: readonly Difference[]): Promise<readonly string[]> => {
  if (found.length === 0) return []
  const ids = found.map(({ id }) => id)
  await repair(examination, ids)
  const after = await confirm(examination, ids)
  return [...after.different.map(({ id }) => id), ...after.rejected.map(({ reject }) => reject.id)]
}
