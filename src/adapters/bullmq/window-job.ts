/** What a window's job carries: small, and readable on a board. */
import { CaesError } from '../../core/errors.js'
import type { WindowPart } from '../../core/window-part.js'
import type { WindowReport } from '../../core/report.js'
import type { PairWindow } from './window-id.js'

export const windowsQueue = 'windows'
export const ticksQueue = 'ticks'

export interface WindowJobData {
  readonly pair: string
  readonly from: number
  readonly to: number
  /** Which audit it belongs to; absent where it is no audit. */
  readonly audit?: number
  /** What this job works on, where the window was divided. */
  readonly part?: WindowPart
  /** What the window was divided into; its own job waits for theirs. */
  readonly parts?: readonly WindowPart[]
}

export type WindowJobResult = WindowReport

export interface WindowJob extends PairWindow, Pick<WindowJobData, 'audit' | 'part' | 'parts'> {}

/** Undefined for data that no planner made. */
export const windowJobOf = (data: unknown): WindowJob | undefined => {
  const { pair, from, to, audit, part, parts } = (data ?? {}) as Partial<WindowJobData>
  if (typeof pair !== 'string' || !isRange({ from, to })) return undefined
  if (audit !== undefined && !isCount(audit)) return undefined
  if (part !== undefined && !isPart(part)) return undefined
  if (parts !== undefined && !(Array.isArray(parts) && parts.length > 0 && parts.every(isPart))) return undefined
  const window = { from: from!, to: to! }
  const kind = audit === undefined ? {} : { audit }
  return { pair, window, ...kind, ...(part === undefined ? {} : { part }), ...(parts === undefined ? {} : { parts }) }
}

/** The same. Errors: CAES_CONFIG_INVALID; such a job cannot succeed by being tried again. */
export const readJobData = (data: unknown): WindowJob => {
  const job = windowJobOf(data)
  if (job !== undefined) return job
  throw new CaesError('CAES_CONFIG_INVALID', 'the job does not hold { pair, from, to } of a window', {
    hint: 'remove the job; windows are planned by the scheduler',
  })
}

const isPart = (part: Partial<WindowPart> | null): boolean => {
  const { index, of } = part?.ids ?? {}
  return isRange(part ?? {}) && isCount(index) && isCount(of) && index < of
}

const isRange = ({ from, to }: { readonly from?: unknown; readonly to?: unknown }): boolean =>
  isCount(from) && isCount(to) && from < to

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0
