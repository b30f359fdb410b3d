/** What is logged where, as data: the original's logging block, read, or the default. */

/** Python's levels, which the original's block is written in. */
export const levels = { DEBUG: 10, INFO: 20, WARNING: 30, ERROR: 40, CRITICAL: 50 } as const

/** One of Python's three ways to write a format: `%(levelname)-8s`, `{levelname:<8}`, `$levelname`. */
export interface TextFormat {
  readonly style: '%' | '{' | '$'
  readonly format: string
  /** As of strftime; Python's own where it is missing. */
  readonly dateFormat?: string
}

export type LineFormat = TextFormat | 'json' | 'readable'

/** Where a handler's lines go. Paths are absolute. */
export type Target =
  | { readonly kind: 'stdout' | 'stderr' | 'null' }
  | { readonly kind: 'file'; readonly path: string; readonly truncate: boolean; readonly watch: boolean }
  | {
      readonly kind: 'rolling-by-size'
      readonly path: string
      readonly truncate: boolean
      readonly maxBytes: number
      readonly backups: number
    }
  | {
      readonly kind: 'rolling-by-time'
      readonly path: string
      readonly when: string
      readonly interval: number
      readonly backups: number
      readonly utc: boolean
    }
  | {
      readonly kind: 'syslog'
      readonly address: string | { readonly host: string; readonly port: number }
      readonly facility: number
      readonly stream: boolean
      readonly ident: string
    }

export interface HandlerPlan {
  readonly level: number
  readonly format: LineFormat
  /** Only records of these loggers and those below them. */
  readonly only: readonly string[]
  readonly target: Target
}

export interface LoggerPlan {
  /** Undefined: that of the next logger above that has one. */
  readonly level: number | undefined
  /** Names of handlers. */
  readonly handlers: readonly string[]
  /** Whether the loggers above handle its records, too. */
  readonly propagate: boolean
}

export interface LoggingPlan {
  readonly handlers: Readonly<Record<string, HandlerPlan>>
  /** By name; the root's is empty. */
  readonly loggers: Readonly<Record<string, LoggerPlan>>
}
