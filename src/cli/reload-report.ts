/** How a reload ended, in a file: a signal has no answer, and whoever sent it waits for one. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { CaesError, errorCodes, type ErrorCode } from '../core/errors.js'
import type { ReloadOutcome } from '../daemon/reloading.js'

/** Names the file; set by `start`. */
export const reloadFileVariable = 'CAES_RELOAD_FILE'

export interface ReloadReport {
  readonly kind: ReloadOutcome['kind']
  readonly error?: { readonly code: string; readonly message: string; readonly where?: string; readonly hint?: string }
}

export const reportReload = (outcome: ReloadOutcome): void => {
  const file = process.env[reloadFileVariable] ?? ''
  if (file === '') return
  const report: ReloadReport = { kind: outcome.kind, ...('error' in outcome ? { error: told(outcome.error) } : {}) }
  // Whole or not at all: the reader looks all the time.
  writeFileSync(`${file}.new`, JSON.stringify(report), { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

const told = (error: unknown): NonNullable<ReloadReport['error']> => {
  if (!(error instanceof CaesError)) return { code: 'CAES_INTERNAL', message: String(error) }
  const { code, message, where, hint } = error
  return { code, message, ...(where === undefined ? {} : { where }), ...(hint === undefined ? {} : { hint }) }
}

export const forgetReload = (file: string): void => rmSync(file, { force: true })

/** Undefined while there is none. */
export const readReload = (file: string): ReloadReport | undefined => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ReloadReport
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** The error of a reload as it was thrown in the service. */
export const errorOf = ({ kind, error }: ReloadReport): CaesError | undefined => {
  if (error === undefined) return undefined
  const { code, message, where, hint } = error
  const known = Object.hasOwn(errorCodes, code) ? (code as ErrorCode) : 'CAES_INTERNAL'
  const outcome = kind === 'lost' ? 'the service has ended' : 'the service goes on with the old configuration'
  return new CaesError(known, `${outcome}: ${message}`, {
    ...(where === undefined ? {} : { where }),
    ...(hint === undefined ? {} : { hint }),
  })
}
