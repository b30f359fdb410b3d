/**
 * JSON whose numbers keep their digits. Plain JSON goes through doubles, which change what they cannot hold. The
 * built-in parser does the work all the same, as any other is twenty times slower: numbers that it would change are
 * put in quotes before, and taken out of them afterwards.
 */
import { randomUUID } from 'node:crypto'
import { isSafeNumber, stringify } from 'lossless-json'
import { exactNumber } from '../../core/codec/exact.js'
import type { Json } from '../../core/json.js'

/**
 * Numbers in the text that a double might change. It may find one inside a string, which costs time only; it never
 * overlooks one: a number stands between separators, an integer that a double changes has 17 digits or starts with a 9
 * of 16, a decimal one has 16 digits and a point, and an exponent may be anything.
 */
const maybeInexact = /(?:^|[:,[\s])(-?(?=9\d{15}|[\d.]{17}|[\d.]+[eE])\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?=[,\]}\s]|$)/g

/** What a number in quotes begins with. It differs in every process, so that no document can have it. */
const mark = `${randomUUID()}:`

/** Integers beyond 2^53 come as bigint; other numbers that a double would change come as ExactNumber. */
export const parseExactJson = (text: string): unknown => {
  const isInString = stringFinder(text)
  const pieces: string[] = []
  let done = 0
  for (const { 0: match, 1: number = '', index } of text.matchAll(maybeInexact)) {
    const start = index + match.length - number.length
    if (isSafeNumber(number) || isInString(start)) continue
    pieces.push(text.slice(done, start), `"${mark}${number}"`)
    done = start + number.length
  }
  return done === 0 ? JSON.parse(text) : unquoted(JSON.parse(pieces.join('') + text.slice(done)) as Json)
}

/** Tells whether a position lies in a string; to be asked in ascending order. */
const stringFinder = (text: string): ((position: number) => boolean) => {
  let inside = false
  let next = text.indexOf('"')
  return (position) => {
    while (next >= 0 && next < position) {
      if (!inside || !isEscaped(text, next)) inside = !inside
      next = text.indexOf('"', next + 1)
    }
    return inside
  }
}

const isEscaped = (text: string, at: number): boolean => {
  let backslashes = 0
  while (text[at - 1 - backslashes] === '\\') backslashes += 1
  return backslashes % 2 === 1
}

/** The same value, changed in place. */
const unquoted = (value: Json): Json => {
  if (typeof value === 'string') return value.startsWith(mark) ? numberOf(value.slice(mark.length)) : value
  if (typeof value !== 'object' || value === null) return value
  const members = value as Record<string, Json>
  for (const [name, member] of Object.entries(members)) {
    const changed = unquoted(member)
    if (changed !== member) members[name] = changed
  }
  return value
}

const numberOf = (text: string): Json => (/^-?\d+$/.test(text) ? BigInt(text) : exactNumber(text))

/**
 * The text that parses back to `value`: bigint and ExactNumber as plain digits, never as strings. An ExactNumber is told
 * by lossless-json's marker, so that a client's object with a field of that name stays an object.
 */
export const stringifyExactJson = (value: unknown): string => {
  // The built-in one is several times faster.
  const text = isPlain(value) ? JSON.stringify(value) : stringify(value)
  if (text === undefined) throw new TypeError('not a JSON value')
  return text
}

const isPlain = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return typeof value !== 'bigint'
  return !('isLosslessNumber' in value) && Object.values(value).every(isPlain)
}
