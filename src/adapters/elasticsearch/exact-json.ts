/** JSON whose numbers keep their digits. Plain JSON goes through doubles, which change what they cannot hold. */
import { isSafeNumber, LosslessNumber, parse, stringify } from 'lossless-json'
import type { ExactNumber } from '../../core/json.js'

/**
 * A number in the text that a double might change. The exact parser costs ten times as much as the built-in one, and
 * most pages need none of it. It may see such a number inside a string, which costs time only; it never overlooks one:
 * a number follows a separator, an integer that a double changes has 17 digits or starts with a 9 of 16, a decimal one
 * has 16 digits and a point, and an exponent may be anything.
 */
const maybeInexact = /(?:^|[:,[\s])-?(?:9\d{15}|\d{17}|(?=[\d.]{17})\d+\.\d|\d+(?:\.\d+)?[eE])/

/** Integers beyond 2^53 come as bigint; other numbers that a double would change come as ExactNumber. */
export const parseExactJson = (text: string): unknown =>
  maybeInexact.test(text)
    ? parse(text, null, { parseNumber, onDuplicateKey: ({ newValue }) => newValue })
    : JSON.parse(text)

const parseNumber = (text: string): number | bigint | ExactNumber => {
  const value = Number(text)
  if (/^-?\d+$/.test(text)) return Number.isSafeInteger(value) ? value : BigInt(text)
  return isSafeNumber(text) ? value : (new LosslessNumber(text) as ExactNumber)
}

/**
 * The text that parses back to `value`: bigint and ExactNumber as plain digits, never as strings. An ExactNumber is told
 * by lossless-json's marker, so that a client's object with a field of that name stays an object.
 */
export const stringifyExactJson = (value: unknown): string => {
  const text = stringify(value)
  if (text === undefined) throw new TypeError('not a JSON value')
  return text
}
