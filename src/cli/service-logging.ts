/** The log of the service: as the file's logging block says, or the default, and with -q or -v less or more of it. */
import type { Config } from '../config/config.js'
import { redactSecrets } from '../config/redact.js'
import { levels, type LoggingPlan } from '../core/log-plan.js'
import { defaultPlan } from '../runtime/logger.js'
import { openLogging, type Logging } from '../runtime/logging/logging.js'
import { logOptions, useColor, type GlobalOptions } from './global-options.js'

/** Names the file that stdout and stderr of a process in the background lead to; set by `start`. */
export const logFileVariable = 'CAES_LOG_FILE'

/** Errors: CAES_CONFIG_INVALID where a log file cannot be opened. */
export const openServiceLogging = (config: Config, global: GlobalOptions): Logging => {
  const plan = config.logging === undefined ? defaultPlan(logOptions(global)) : asLoudAs(config.logging, global)
  const file = process.env[logFileVariable] ?? ''
  return openLogging(plan, {
    color: useColor(global, process.stderr),
    redact: (line) => redactSecrets(line, config),
    ...(file === '' ? {} : { standardFile: file }),
  })
}

/** -v lets every logger speak, -q none below errors; what handlers take is theirs to say. */
const asLoudAs = (plan: LoggingPlan, { quiet, verbose }: GlobalOptions): LoggingPlan => {
  if (quiet !== true && verbose !== true) return plan
  const loggers = Object.entries(plan.loggers).map(([name, logger]) => {
    const level = quiet === true ? Math.max(logger.level ?? levels.ERROR, levels.ERROR) : levels.DEBUG
    return [name, { ...logger, level }] as const
  })
  return { ...plan, loggers: Object.fromEntries(loggers) }
}
