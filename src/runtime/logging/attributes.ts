/** The attributes of Python's LogRecord by the names that formats refer to. */
import { printable } from '../../core/printable.js'
import { levelName } from './levels.js'
import type { LogRecord } from './record.js'
import { localParts, strftime } from './strftime.js'
import { jsonText, messageText } from './text.js'

const began = Date.now()

/**
 * @param dateFormat of `asctime`; Python's own adds milliseconds
 * @returns the attribute's value; for other names the record's field, and `-` where it has none
 */
export const attributeOf = (record: LogRecord, name: string, dateFormat: string | undefined): string | number => {
  const attribute = Object.hasOwn(attributes, name) ? attributes[name] : undefined
  if (attribute !== undefined) return attribute(record, dateFormat)
  const field = record.fields[name]
  if (typeof field === 'number') return field
  return field === undefined ? '-' : printable(typeof field === 'string' ? field : jsonText(field))
}

const milliseconds = ({ time }: LogRecord): number => time % 1000

const attributes: Record<string, (record: LogRecord, dateFormat: string | undefined) => string | number> = {
  asctime: (record, dateFormat) =>
    dateFormat === undefined
      ? `${strftime('%Y-%m-%d %H:%M:%S', localParts(record.time))},${String(milliseconds(record)).padStart(3, '0')}`
      : strftime(dateFormat, localParts(record.time)),
  created: ({ time }) => time / 1000,
  msecs: milliseconds,
  relativeCreated: ({ time }) => time - began,
  levelname: ({ level }) => levelName(level),
  levelno: ({ level }) => level,
  name: ({ name }) => name,
  message: messageText,
  process: () => process.pid,
  processName: () => 'MainProcess',
  thread: () => process.pid,
  threadName: () => 'MainThread',
  taskName: () => 'None',
  // Places in a program that no longer exists; a log that is cut by columns keeps its columns.
  filename: () => 'caes-sync',
  pathname: () => 'caes-sync',
  module: ({ name }) => name,
  funcName: () => '-',
  lineno: () => 0,
}
