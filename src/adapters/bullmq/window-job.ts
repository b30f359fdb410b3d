/** What a window's job carries: small, and readable on a board. */
import { CaesError } from '../../core/errors.js'
import type { WindowReport } from '../../core/report.js'
import type { PairWindow } from './window-id.js'

export const windowsQueue = 'windows'
export const ticksQueue = 'ticks'

export interface WindowJobData {
  readonly pair: string
  readonly from: number
  readonly to: number
}

export type WindowJobResult = WindowReport

/** Errors: CAES_CONFIG_INVALID for data that no planner made; such a job cannot succeed by being tried again. */
export const readJobData = (data: Partial<WindowJobData> | null | undefined): PairWindow => {
  const { pair, from, to } = data ?? {}
  if (typeof pair === 'string' && isVersion(from) && isVersion(to) && from < to) return { pair, window: { from, to } }
  throw new CaesError('CAES_CONFIG_INVALID', 'the job does not hold { pair, from, to } of a window', {
    hint: 'remove the job; windows are planned by the scheduler',
  })
}

const isVersion = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0
