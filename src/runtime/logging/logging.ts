/** Loggers by name, as a tree: what a logger does not handle by itself, those above it do. */
import { levels, type HandlerPlan, type LineFormat, type LoggingPlan } from '../../core/log-plan.js'
import type { Logger } from '../../ports/logger.js'
import { fileSink } from './file-sink.js'
import { textFormatter } from './format.js'
import { jsonLine } from './json.js'
import { lastResort } from './plan.js'
import { readableLine } from './readable.js'
import type { LogRecord } from './record.js'
import { rollingBySize, rollingByTime } from './rolling.js'
import { nullSink, streamSink, type Sink } from './sink.js'
import { syslogSink } from './syslog.js'

export interface Logging {
  /** `caes`, `caes.worker`: dots lead down the tree. */
  named(name: string): Logger
  /** Goes on in new files where the old ones were moved away. */
  reopen(): void
  /** What is logged after it is lost. */
  close(): void
}

export interface LoggingOptions {
  readonly color: boolean
  /** Takes out of a line what nobody may see. */
  readonly redact?: (line: string) => string
  /** Where stdout and stderr lead, when that is a file that may be moved away. */
  readonly standardFile?: string
  readonly now?: () => number
}

interface Handler {
  handle(record: LogRecord): void
  readonly sink: Sink
}

/** Errors: CAES_CONFIG_INVALID where a log file cannot be opened. */
export const openLogging = (plan: LoggingPlan, options: LoggingOptions): Logging => {
  const { now = Date.now } = options
  const emergency = streamSink(2)
  // A fault of the log has nowhere to go but here.
  const complain = (problem: string): void =>
    emergency.write(`caes-sync: ${problem}`, record(levels.ERROR, 'caes', problem, {}))
  const record = (level: number, name: string, message: string, fields: LogRecord['fields']): LogRecord => ({
    time: now(),
    level,
    name,
    message,
    fields,
  })

  const handlers = new Map<string, Handler>()
  for (const [name, handler] of Object.entries(plan.handlers))
    handlers.set(name, openHandler(handler, options, complain))
  const fallback = openHandler(lastResort, options, complain)

  const settingsOf = (name: string): { readonly level: number; readonly handlers: readonly Handler[] } => {
    const found = new Set<Handler>()
    let level: number | undefined
    let handled = true
    for (const ancestor of lineage(name)) {
      const settings = plan.loggers[ancestor]
      if (settings === undefined) continue
      level ??= settings.level
      if (handled) for (const each of settings.handlers) found.add(handlers.get(each)!)
      handled &&= settings.propagate
    }
    return { level: level ?? levels.WARNING, handlers: found.size > 0 ? [...found] : [fallback] }
  }

  return {
    named: (name) => {
      const { level: least, handlers: own } = settingsOf(name)
      const log =
        (level: number) =>
        (fields: object, message: string): void => {
          if (level < least) return
          const made = record(level, name, message, fields as LogRecord['fields'])
          for (const handler of own) handler.handle(made)
        }
      return {
        debug: log(levels.DEBUG),
        info: log(levels.INFO),
        warn: log(levels.WARNING),
        error: log(levels.ERROR),
      }
    },
    reopen: () => {
      for (const { sink } of handlers.values()) sink.reopen()
    },
    close: () => {
      for (const { sink } of handlers.values()) sink.close()
    },
  }
}

/** `a.b.c`, `a.b`, `a`, and the root. */
const lineage = (name: string): string[] => {
  const parts = name.split('.')
  return [...parts.map((_, index) => parts.slice(0, parts.length - index).join('.')), '']
}

const openHandler = (plan: HandlerPlan, options: LoggingOptions, complain: (problem: string) => void): Handler => {
  const sink = openSink(plan, options, complain)
  const lineOf = formatterOf(plan.format, options.color)
  const redact = options.redact ?? ((line: string) => line)
  const passes = ({ level, name }: LogRecord): boolean =>
    level >= plan.level && plan.only.every((each) => name === each || name.startsWith(`${each}.`))
  return {
    sink,
    handle: (record) => {
      if (passes(record)) sink.write(redact(lineOf(record)), record)
    },
  }
}

const formatterOf = (format: LineFormat, color: boolean): ((record: LogRecord) => string) => {
  if (format === 'json') return jsonLine
  return format === 'readable' ? readableLine(color) : textFormatter(format)
}

const openSink = (
  { target }: HandlerPlan,
  { standardFile, now = Date.now }: LoggingOptions,
  complain: (problem: string) => void,
): Sink => {
  switch (target.kind) {
    case 'null':
      return nullSink
    case 'stdout':
    case 'stderr':
      if (standardFile !== undefined) return fileSink({ path: standardFile }, complain)
      return streamSink(target.kind === 'stdout' ? 1 : 2)
    case 'file':
      return fileSink(target, complain)
    case 'rolling-by-size':
      return fileSink({ ...target, rolling: rollingBySize(target.maxBytes, target.backups) }, complain)
    case 'rolling-by-time':
      return fileSink({ path: target.path, rolling: rollingByTime(target.path, target, now()) }, complain)
    default:
      return syslogSink(target, complain)
  }
}
