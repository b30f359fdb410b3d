import { levels, type LoggingPlan } from '../core/log-plan.js'
import type { Logger } from '../ports/logger.js'
import { openLogging, type Logging } from './logging/logging.js'
import { plainPlan } from './logging/plan.js'

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  /** Readable lines instead of JSON. */
  readonly readable: boolean
  readonly color: boolean
}

const numbers = { debug: levels.DEBUG, info: levels.INFO, warn: levels.WARNING, error: levels.ERROR } as const

/** Logs go to stderr, readable for a person and as JSON for a program. */
export const defaultPlan = ({ level, readable }: LogOptions): LoggingPlan =>
  plainPlan(numbers[level], readable ? 'readable' : 'json')

export const defaultLogging = (options: LogOptions): Logging => openLogging(defaultPlan(options), options)

/** For commands that end by themselves. */
export const createLogger = (options: LogOptions): Logger => defaultLogging(options).named('caes')
