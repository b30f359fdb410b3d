/**
 * Moves a pair to a new index while applications write: fills it, follows what is written meanwhile, has it compared
 * with the table, and only then switches the alias. Whoever is killed on the way goes on by being called again.
 *
 * Nothing is lost at the switch, since the old index is read once more after it refuses writes: a write is either
 * refused, or acknowledged before and copied, or it went to the new index. Windows stand still meanwhile. They would
 * meet rows whose documents are still to be copied, and write them without the fields that only the documents have.
 */
import { CaesError } from '../core/errors.js'
import { valueOf } from '../core/one-ahead.js'
import type { Micros } from '../core/version.js'
import type { Clock } from '../ports/clock.js'
import type { IndexMove } from '../ports/index-move.js'
import type { Pace } from '../ports/pace.js'
import type { PauseStore } from '../ports/pause.js'
import type { Comparison } from './compare.js'

export interface RetargetDeps {
  readonly pair: string
  readonly move: IndexMove
  readonly pauses: PauseStore
  readonly clock: Clock
  /** Compares the new index with the table, once it is filled. */
  readonly verify: (signal: AbortSignal) => Promise<Comparison>
}

export type RetargetStage = 'filling' | 'comparing' | 'switching' | 'finishing'

export interface RetargetOptions {
  /** Whether to switch where no difference was found. */
  readonly switch: boolean
  /** Of filling. */
  readonly pace: Pace
  readonly signal: AbortSignal
  readonly onStage: (stage: RetargetStage) => void
  readonly onProgress: (done: number, total: number) => void
}

export type Retargeted =
  /** The alias stands for the new index already, and nothing is left to do. */
  | { readonly kind: 'there' }
  /** Differences were found; nothing was switched. */
  | { readonly kind: 'different'; readonly comparison: Comparison }
  /** No difference was found; nothing was switched, as asked. */
  | { readonly kind: 'ready'; readonly comparison: Comparison }
  /** `comparison` is absent where an earlier call had switched, and this one did the rest. */
  | { readonly kind: 'switched'; readonly source: string; readonly comparison?: Comparison }

/** From one round of following to the next. */
const betweenRounds: Micros = 1_000_000
/** A round of so few documents is one that has caught up. */
const fewDocuments = 1_000
/** Planners and workers notice a pause within a second or two. */
const untilNoticed: Micros = 3_000_000

export const retarget = async (deps: RetargetDeps, options: RetargetOptions): Promise<Retargeted> => {
  const { move } = deps
  const { signal, onStage } = options
  const source = await move.current(signal)
  const state = await move.state(signal)
  if (source === move.target) {
    if (state === undefined || state.finished === true) return { kind: 'there' }
    // Somebody may have ended the pause of the process that switched.
    await hold(deps, signal)
    await finish(deps, state.source, state.copiedBelow, options)
    return { kind: 'switched', source: state.source }
  }
  // Of a process that died right before its switch. Windows that stand still would be differences.
  await resume(deps)
  if (state !== undefined && (state.source !== source || state.finished === true)) throw usedBefore(move, state.source)

  onStage('filling')
  let next = state?.copiedBelow ?? 0
  const filling = {
    ...options,
    onCopied: (below: number) => move.remember({ source, copiedBelow: below }, signal),
  }
  await filling.onCopied(next)
  for (let moved = Infinity; moved > fewDocuments;) ({ moved, next } = await move.copy(source, next, filling))
  onStage('comparing')
  const followed = await following(deps, source, next, options)
  const { comparison } = followed
  await move.remember({ source, copiedBelow: followed.next }, signal)
  if (comparison.differences > 0) return { kind: 'different', comparison }
  if (!options.switch) return { kind: 'ready', comparison }
  await switchOver(deps, source, followed.next, options)
  return { kind: 'switched', source, comparison }
}

/** Copies, again and again, what is written while the comparison is under way. */
const following = async (
  { move, clock, verify }: RetargetDeps,
  source: string,
  from: number,
  { signal }: RetargetOptions,
): Promise<{ readonly comparison: Comparison; readonly next: number }> => {
  const failed = new AbortController()
  const compared = new AbortController()
  const comparing = verify(AbortSignal.any([signal, failed.signal])).finally(() => compared.abort())
  let next = from
  const rounds = async (): Promise<void> => {
    const waiting = AbortSignal.any([signal, compared.signal])
    while (!compared.signal.aborted) {
      ;({ next } = await move.copy(source, next, { signal }))
      await clock.sleep(betweenRounds, waiting).catch((error: unknown) => {
        if (!compared.signal.aborted) throw error
      })
    }
  }
  const followed = rounds().catch((error: unknown) => {
    failed.abort(error)
    throw error
  })
  const [, result] = await Promise.allSettled([followed, comparing])
  // The failure of the rounds is why the comparison was given up.
  await followed
  return { comparison: valueOf(result), next }
}

const switchOver = async (
  deps: RetargetDeps,
  source: string,
  from: number,
  options: RetargetOptions,
): Promise<void> => {
  const { move } = deps
  const { signal, onStage } = options
  onStage('switching')
  let next = from
  let isSent = false
  try {
    await hold(deps, signal)
    ;({ next } = await move.copy(source, next, { signal }))
    isSent = true
    await move.switch(source, signal)
  } catch (error) {
    if (!isSent || (await standsFor(move, source))) await resume(deps)
    throw error
  }
  await finish(deps, source, next, options)
}

/**
 * Whether the alias stands for it still. A switch whose answer was lost, or that was given up, may be one: where nobody
 * can tell, windows stand still until the same command finds out.
 */
const standsFor = async (move: IndexMove, source: string): Promise<boolean> => {
  try {
    return (await move.current(new AbortController().signal)) === source
  } catch {
    return false
  }
}

/** Has windows stand still. A pause that somebody else began stays theirs. */
const hold = async ({ pair, move, pauses, clock }: RetargetDeps, signal: AbortSignal): Promise<void> => {
  await pauses.pause(pair, { since: Math.floor(clock.now() / 1_000), who: whoPauses(move) })
  await clock.sleep(untilNoticed, signal)
}

/** What is left to do once the alias is switched. */
const finish = async (
  deps: RetargetDeps,
  source: string,
  from: number,
  { signal, onStage }: RetargetOptions,
): Promise<void> => {
  const { move } = deps
  onStage('finishing')
  // Clients that had found the old index before the switch may still be on their way; most arrive by now.
  let next = from
  for (let moved = Infinity; moved > 0;) ({ moved, next } = await move.copy(source, next, { signal }))
  await move.refuseWrites(source, signal)
  ;({ next } = await move.copy(source, next, { signal }))
  // Only then is nothing left to do for whoever goes on.
  await resume(deps)
  await move.remember({ source, copiedBelow: next, finished: true }, signal)
}

/** The same for every process, so that one ends the pause that another began. */
const whoPauses = ({ alias, target }: IndexMove): string => `caes-sync retarget of ${alias} to ${target}`

/** Ends our own pause. One that somebody else began, before or meanwhile, is theirs to end. */
const resume = async ({ pair, move, pauses }: RetargetDeps): Promise<void> => {
  const pause = await pauses.read(pair)
  if (pause?.who === whoPauses(move)) await pauses.resume(pair)
}

const usedBefore = ({ alias, target }: IndexMove, source: string): CaesError =>
  new CaesError(
    'CAES_SCHEMA_MISMATCH',
    `"${target}" was filled from "${source}", which "${alias}" does not stand for`,
    {
      where: `index "${target}"`,
      hint: 'Take another new index, or delete this one and create it anew.',
    },
  )
