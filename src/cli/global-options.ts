/** Options that every verb takes. */
import type { LogOptions } from '../runtime/logger.js'

export interface GlobalOptions {
  readonly config?: string
  readonly set?: readonly string[]
  readonly json?: boolean
  readonly quiet?: boolean
  readonly verbose?: boolean
  /** False with --no-color. */
  readonly color?: boolean
}

/** Colours only where a person looks, and never against NO_COLOR. */
export const useColor = (options: GlobalOptions, stream: { isTTY?: boolean }): boolean =>
  options.color !== false && (stream.isTTY ?? false) && (process.env['NO_COLOR'] ?? '') === ''

export const logOptions = (options: GlobalOptions, level: LogOptions['level'] = 'info'): LogOptions => ({
  level: options.quiet === true ? 'error' : options.verbose === true ? 'debug' : level,
  readable: process.stderr.isTTY ?? false,
  color: useColor(options, process.stderr),
})
