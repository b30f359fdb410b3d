/**
 * The field that carries the version inside the document, so that a range query finds it. Its mapping says what a
 * value in it means: `long` holds the version itself, `date` a time in one of the formats that its mapping lists.
 */
import type { Json, JsonObject } from '../../core/json.js'
import type { Unit, Version } from '../../core/version.js'
import type { Window } from '../../core/window.js'
import { valueAt, withValueAt } from './field-path.js'

export interface TimestampField {
  readonly path: string
  /** The version that the document's field says, in the pair's unit; undefined where it says none. */
  stampOf(source: JsonObject): number | undefined
  /** A copy of the document whose field says `version`. */
  stamped(source: JsonObject, version: Version): JsonObject
  /** What a number that the index keeps for the field, or a sum of them, is in the pair's unit. */
  versionOf(indexed: number): number
  /** The body of a range query over the field. */
  range(window: Window): { readonly gte: number; readonly lt: number; readonly format?: string }
}

export const longTimestamp = (path: string): TimestampField => ({
  path,
  stampOf: (source) => integerOf(only(valueAt(source, path))),
  stamped: (source, version) => withValueAt(source, path, version),
  versionOf: (indexed) => indexed,
  range: ({ from, to }) => ({ gte: from, lt: to }),
})

/** Whole numbers, and text that Elasticsearch coerces to them. One beyond 2^53 stays unsafe, and is refused as such. */
const integerOf = (value: Json | undefined): number | undefined => {
  if (typeof value === 'bigint') return Number(value)
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined
}

/** To Elasticsearch an array of one is that one. More than one time is no version. */
const only = (value: Json | undefined): Json | undefined =>
  Array.isArray(value) ? (value.length === 1 ? only((value as readonly Json[])[0]) : undefined) : value

/** A `date` field, or the part of its format that we cannot deal with. */
export const dateTimestamp = (
  path: string,
  format: string,
  unit: Unit,
): TimestampField | { readonly fault: string } => {
  // A date keeps milliseconds in the index: versions that differ by less could not be told apart by a range.
  if (unit === 'us') return { fault: 'a date holds milliseconds, and the unit of the pair is us' }
  const names = format.split('||').map((name) => name.trim())
  const unknown = names.find((name) => !Object.hasOwn(formats, name))
  if (unknown !== undefined) return { fault: `its date format "${unknown}" is not known to caes-sync` }
  const known = names.flatMap((name) => formats[name] ?? [])
  const millisPerUnit = unit === 's' ? 1_000 : 1
  // Elasticsearch tries the formats in their order, and the first that parses counts.
  const readAny = (text: string): number | 'finer' | undefined =>
    known.map(({ read }) => read(text)).find((result) => result !== undefined)
  // So milliseconds behind epoch_second would be read as seconds: what is written must mean itself to the whole list.
  const sample = 1_700_000_000_123 - (123 % millisPerUnit)
  const writing = known.find(({ write }) => readAny(String(write(sample))) === sample)
  if (writing === undefined) return { fault: `its date format "${format}" cannot carry ${unit}` }
  return {
    path,
    stampOf: (source) => {
      const text = textOf(only(valueAt(source, path)))
      if (text === undefined) return undefined
      const read = readAny(text)
      const version = read === undefined || read === 'finer' ? undefined : read / millisPerUnit
      return Number.isInteger(version) ? version : undefined
    },
    stamped: (source, version) => withValueAt(source, path, writing.write(version * millisPerUnit)),
    versionOf: (indexed) => indexed / millisPerUnit,
    range: ({ from, to }) => ({
      gte: Math.min(from * millisPerUnit, lastMillis),
      lt: Math.min(to * millisPerUnit, lastMillis),
      format: 'epoch_millis',
    }),
  }
}

/** Neither JavaScript nor Elasticsearch knows dates beyond it. */
const lastMillis = 8.64e15

const textOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined

interface DateFormat {
  /** Milliseconds since 1970; `finer` where the text is a time that falls between two; undefined where it is none. */
  readonly read: (text: string) => number | 'finer' | undefined
  readonly write: (millis: number) => string | number
}

const iso = {
  read: (text: string) => readIso(text),
  write: (millis: number): string => new Date(millis).toISOString(),
} as const
const isoWithoutMillis = {
  read: iso.read,
  write: (millis: number): string => new Date(millis).toISOString().replace(/\.\d+Z/, 'Z'),
} as const
const formats: Readonly<Record<string, DateFormat>> = {
  epoch_millis: { read: (text) => readEpoch(text, 0), write: (millis) => millis },
  epoch_second: { read: (text) => readEpoch(text, 3), write: (millis) => millis / 1_000 },
  strict_date_optional_time: iso,
  strict_date_optional_time_nanos: iso,
  date_optional_time: iso,
  iso8601: iso,
  strict_date_time: iso,
  date_time: iso,
  strict_date_time_no_millis: isoWithoutMillis,
  date_time_no_millis: isoWithoutMillis,
}

/** A decimal number, `10^digits` of which make a millisecond's multiple: digits stay digits, no double rounds them. */
const readEpoch = (text: string, digits: number): number | 'finer' | undefined => {
  const match = /^(-?\d+)(?:\.(\d+))?$/.exec(text)
  if (match?.[1] === undefined) return undefined
  const fraction = (match[2] ?? '').padEnd(digits, '0')
  if (/[1-9]/.test(fraction.slice(digits))) return 'finer'
  return Number(match[1] + fraction.slice(0, digits))
}

const isoShape =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(?:(\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?)?(Z|[+-]\d\d(?::?\d\d)?)?)?)?)?$/

/** ISO 8601 as Elasticsearch reads it: what is missing at the end is zero, and without a zone it is UTC. */
const readIso = (text: string): number | 'finer' | undefined => {
  const match = isoShape.exec(text)
  if (match === null) return undefined
  const [, year = '', month = '01', day = '01', hour = '00', minute = '00', second = '00', fraction = '', zone] = match
  if (/[1-9]/.test(fraction.slice(3))) return 'finer'
  const millis = fraction.slice(0, 3).padEnd(3, '0')
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}.${millis}Z`
  const utc = Date.parse(local)
  // Date.parse takes 30 February for 1 March.
  if (Number.isNaN(utc) || new Date(utc).toISOString() !== local) return undefined
  return utc - offsetMillis(zone)
}

const offsetMillis = (zone: string | undefined): number => {
  if (zone === undefined || zone === 'Z') return 0
  const digits = zone.replaceAll(/\D/g, '').padEnd(4, '0')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000
}
