/** Starts runs over everything, and cuts the stores for them. Whoever does it, and however many at once, it is one run. */
import { openRunOf, type Run, type RunPlan } from '../core/run.js'
import type { Clock } from '../ports/clock.js'
import type { RunStore } from '../ports/run-store.js'
import type { ScannablePair } from './pair.js'
import { cutPair, usualPartSize } from './whole-pair.js'

export interface OpenedRun {
  readonly run: Run
  /** Whether it was begun before, and not finished. */
  readonly resumed: boolean
}

export interface StartDeps {
  readonly runs: RunStore
  readonly clock: Pick<Clock, 'now'>
}

/**
 * The pair's unfinished run of this purpose, or a new one. Two who ask at once get the same. A reconciliation that has
 * begun is no longer the one that is asked for: what it has read already, it does not read again.
 */
export const startRun = async (pair: string, plan: RunPlan, { runs, clock }: StartDeps): Promise<OpenedRun> => {
  const fits = (run: Run): boolean => plan.purpose !== 'reconciliation' || run.plan.cut === undefined
  for (;;) {
    const known = await runs.list(pair)
    const open = openRunOf(known.filter(fits), plan.purpose)
    if (open !== undefined) return { run: open, resumed: true }
    const number = 1 + known.reduce((most, run) => Math.max(most, run.number), 0)
    const startedAt = Math.floor(clock.now() / 1_000)
    const { run, isNew } = await runs.create({ pair, number, startedAt, plan })
    // Somebody may have taken the number for another purpose, or be done with it already.
    if (isNew || openRunOf([run].filter(fits), plan.purpose) !== undefined) return { run, resumed: !isNew }
  }
}

/** The run with the parts that the stores are cut into, once and for all: it begins. Errors: those of the stores. */
export const cutRun = async (
  pair: ScannablePair,
  run: Run,
  runs: RunStore,
  signal: AbortSignal,
  partSize = usualPartSize,
): Promise<Run> => {
  if (run.plan.cut !== undefined) return run
  const { source } = run.plan
  const begunAt = Math.floor(pair.clock.now() / 1_000)
  const whole = await cutPair(pair, signal, partSize)
  const cut = {
    rowParts: source === 'elasticsearch' ? 0 : whole.rows.length,
    ...(source === 'cassandra' ? {} : { cuts: whole.documents.slice(1).map(({ from }) => from) }),
    expected: expectedOf(whole, source),
    begunAt,
  }
  let stored = run
  // Somebody may change its rate meanwhile, or be the one who cuts it.
  while (stored.plan.cut === undefined) stored = await runs.replan(stored, { ...stored.plan, cut })
  return stored
}

const expectedOf = (
  { expected, count }: Awaited<ReturnType<typeof cutPair>>,
  source: Run['plan']['source'],
): number => {
  if (source === 'elasticsearch') return count
  return source === 'cassandra' ? expected - count : expected
}
