/** Checks of single arguments, said before anything is loaded or opened. */
import { InvalidArgumentError, type Command } from 'commander'
import { parseDuration } from '../config/duration.js'
import { exitCode } from '../core/errors.js'

export const seconds = (text: string): number => {
  const number = text.trim() === '' ? Number.NaN : Number(text)
  if (!Number.isFinite(number) || number < 0) throw new InvalidArgumentError('It must be a number of seconds.')
  return number
}

export const wholeSeconds = (text: string): number => {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It must be a whole number of seconds.')
  return number
}

/**
 * Ends with a usage error where one of these options is missing. Not left to the parser, which would say so before it
 * looks at the others: `--form` is to be called unknown, not `--from` missing.
 */
export const needs = (command: Command, ...options: readonly string[]): void => {
  const missing = command.options.find(
    (option) =>
      options.includes(option.attributeName()) && command.getOptionValue(option.attributeName()) === undefined,
  )
  if (missing === undefined) return
  command.error(`error: required option '${missing.flags}' not specified`, { exitCode: exitCode.usage })
}

export const wholeNumber = (text: string): number => {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It must be a whole number from 1 on.')
  return number
}

/** A duration such as `500ms`, `30s`, `5m`; a plain number counts seconds. */
export const milliseconds = (text: string): number => {
  const duration = parseDuration(text)
  if (duration === undefined) throw new InvalidArgumentError('It must be a duration, such as 30s or 5m.')
  return duration
}
