/** What the job of a step of a run carries, and its id: the same whoever hands it out, so that none is queued twice. */
import { CaesError } from '../../core/errors.js'
import type { PartResult, Run } from '../../core/run.js'
import { partsOfCut } from '../../core/run.js'
import { runLabel } from '../../core/run-label.js'
import type { RunStep } from '../../ports/part-queue.js'

export const partsQueue = 'parts'

export interface PartJobData {
  readonly pair: string
  /** Number of the run. */
  readonly run: number
  readonly step: RunStep
  /** `copy from Cassandra 3`, for people. */
  readonly what: string
  /** How many parts the run has; absent until it is cut. */
  readonly of?: number
}

/** Nothing for the step that cuts. */
export type PartJobResult = PartResult | null

export const partJobData = (run: Run, step: RunStep): PartJobData => ({
  pair: run.pair,
  run: run.number,
  step,
  what: runLabel(run),
  ...(run.plan.cut === undefined ? {} : { of: partsOfCut(run.plan.cut).length }),
})

/** `default.3.17`, `default.3.cut`. */
export const partJobId = ({ pair, number }: Pick<Run, 'pair' | 'number'>, step: RunStep): string =>
  `${encodeURIComponent(pair)}.${number}.${step}`

export interface PairStep {
  readonly pair: string
  readonly run: number
  readonly step: RunStep
}

const shape = /^(?<pair>.+)\.(?<run>\d+)\.(?<step>\d+|cut)$/

/** What an id says; undefined for one that is not ours, such as that of a job copied by hand in the board. */
export const stepOfId = (id: string): PairStep | undefined => {
  const { pair, run, step } = shape.exec(id)?.groups ?? {}
  if (pair === undefined) return undefined
  const found = { run: Number(run), step: step === 'cut' ? ('cut' as const) : Number(step) }
  try {
    const name = decodeURIComponent(pair)
    return partJobId({ pair: name, number: found.run }, found.step) === id ? { pair: name, ...found } : undefined
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

/** Undefined for data that no planner made. */
export const partJobOf = (data: unknown): PartJobData | undefined => {
  const { pair, run, step, what, of } = (data ?? {}) as Partial<PartJobData>
  if (typeof pair !== 'string' || !isCount(run) || typeof what !== 'string') return undefined
  if (step !== 'cut' && !isCount(step)) return undefined
  if (of !== undefined && !isCount(of)) return undefined
  return { pair, run, step, what, ...(of === undefined ? {} : { of }) }
}

/** The same. Errors: CAES_CONFIG_INVALID; such a job cannot succeed by being tried again. */
export const readPartJob = (data: unknown): PartJobData => {
  const job = partJobOf(data)
  if (job !== undefined) return job
  throw new CaesError('CAES_CONFIG_INVALID', 'the job does not hold { pair, run, step, what } of a run', {
    hint: 'remove the job; parts are handed out by the scheduler and by caes-sync backfill',
  })
}

/** `default · copy from Cassandra 3 · part 18 of 80 · 25,000 read, 3 → Elasticsearch, 0 → Cassandra`. */
export const partJobName = (data: unknown, name: string, result?: PartJobResult): string => {
  const job = partJobOf(data)
  if (job === undefined) return name
  const { pair, what, step, of } = job
  const words = [
    pair,
    what,
    step === 'cut' ? 'cut into parts' : `part ${step + 1}${of === undefined ? '' : ` of ${of}`}`,
  ]
  return [...words, ...counts(result)].join(' · ')
}

const counts = (result: PartJobResult | undefined): string[] => {
  if (result?.written === undefined) return []
  const { read, written, rejected, differences, repaired = 0 } = result
  const parts = [`${read.toLocaleString('en-US')} read`]
  if (differences === undefined)
    parts.push(`${written.elasticsearch} → Elasticsearch`, `${written.cassandra} → Cassandra`)
  else parts.push(differences === 0 ? 'all equal' : `${differences} different, ${repaired} repaired`)
  if (rejected > 0) parts.push(`${rejected} rejected`)
  return [parts.join(', ')]
}
