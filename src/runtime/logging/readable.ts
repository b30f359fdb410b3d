/** Lines for a person at a terminal: `10:00:00 WARN  message pair=default`. */
import { levels } from '../../core/log-plan.js'
import type { LogRecord } from './record.js'
import { localParts, strftime } from './strftime.js'
import { messageText } from './text.js'

const shown: readonly (readonly [from: number, text: string, color: number])[] = [
  [levels.ERROR, 'ERROR', 31],
  [levels.WARNING, 'WARN ', 33],
  [levels.INFO, 'INFO ', 32],
  [0, 'DEBUG', 34],
]

export const readableLine =
  (color: boolean) =>
  (record: LogRecord): string => {
    const [, text, code] = shown.find(([from]) => record.level >= from) ?? shown.at(-1)!
    const level = color ? `\u001B[${code}m${text}\u001B[39m` : text
    return `${strftime('%T', localParts(record.time))} ${level} ${messageText(record)}`
  }
