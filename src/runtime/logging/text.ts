/** A record's message with its fields, on one line of text that no terminal obeys. */
import { CaesError } from '../../core/errors.js'
import { errorText } from '../../core/error-text.js'
import { printable } from '../../core/printable.js'
import type { LogRecord } from './record.js'

/** `windows planned pair=default open=2`, and behind a bug its stack, a line each. */
export const messageText = ({ message, fields }: LogRecord): string => {
  const parts = [printable(message)]
  const stacks: string[] = []
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue
    parts.push(`${printable(name)}=${valueText(value)}`)
    // What a CaesError says is all there is to know; anything else is a bug, and has to be found.
    if (value instanceof Error && !(value instanceof CaesError)) stacks.push(...stackOf(value))
  }
  return [parts.join(' '), ...stacks].join('\n')
}

const valueText = (value: unknown): string => {
  if (value instanceof Error) return quotedIfNeeded(errorText(value))
  if (typeof value === 'string') return quotedIfNeeded(value)
  return printable(jsonText(value))
}

const quotedIfNeeded = (text: string): string =>
  /^[^\s"=]+$/.test(text) ? printable(text) : printable(JSON.stringify(text))

const stackOf = ({ stack = '' }: Error): string[] =>
  stack
    .split('\n')
    .slice(1)
    .map((line) => printable(line))

/** Errors in words, whole numbers of any size as text; what refers to itself is cut off there. */
export const jsonText = (value: unknown): string => {
  const within: unknown[] = []
  const text = JSON.stringify(value, function replace(this: unknown, _key, item: unknown) {
    if (typeof item === 'bigint') return item.toString()
    if (item instanceof Error)
      return { code: codeOf(item), message: item.message, stack: item instanceof CaesError ? undefined : item.stack }
    if (typeof item !== 'object' || item === null) return item
    while (within.length > 0 && within.at(-1) !== this) within.pop()
    if (within.includes(item)) return '[circular]'
    within.push(item)
    return item
  }) as string | undefined
  return text ?? String(value)
}

const codeOf = (error: Error): unknown => ('code' in error ? error.code : undefined)
