/** Checks of single arguments, said before anything is loaded or opened. */
import { InvalidArgumentError } from 'commander'

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
