/** Plans that nobody has to write. */
import { levels, type HandlerPlan, type LineFormat, type LoggingPlan } from '../../core/log-plan.js'

/** Everything from a level on, to stderr: stdout is for data. */
export const plainPlan = (level: number, format: LineFormat): LoggingPlan => ({
  handlers: { stderr: { level: 0, format, only: [], target: { kind: 'stderr' } } },
  loggers: { '': { level, handlers: ['stderr'], propagate: false } },
})

/** Where nobody configured a handler, Python writes warnings to stderr, and nothing but the message. */
export const lastResort: HandlerPlan = {
  level: levels.WARNING,
  format: { style: '%', format: '%(message)s' },
  only: [],
  target: { kind: 'stderr' },
}
