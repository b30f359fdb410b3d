import { dateFromDays, daysFromDate } from './calendar.js'
import { isExactNumber } from './exact.js'
import { asJson, misfit, notRepresentable, textCodec, type Present, type ValueCodec } from './value-codec.js'

/** Milliseconds. */
const day = 86_400_000
/** What a Date can hold, and so what the Cassandra driver can read: about 270,000 years to either side of 1970. */
const lastTimestamp = 8.64e15

const isoTimestamp =
  /^(\d{4}|[+-]\d{4,6})(?:-(\d\d)(?:-(\d\d)(?:T(?:(\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d\d(?::?\d\d)?)?)?)?)?)?$/
const epochMillis = /^-?\d{5,}$/

/**
 * Text as Elasticsearch's default date format takes it, strict_date_optional_time||epoch_millis; UTC where no zone is
 * given. Digits beyond milliseconds are dropped: neither a date field nor a timestamp column counts them.
 */
const parseTimestamp = (text: string): number | undefined => {
  const millis = millisOfFullIso(text)
  if (!Number.isNaN(millis)) return millis
  if (epochMillis.test(text)) return Number(text)
  const parts = isoTimestamp.exec(text)
  if (parts === null) return undefined
  const [, year, month = '1', dayOfMonth = '1', hour = '0', minute = '0', second = '0', fraction = '', zone] = parts
  const days = daysFromDate(Number(year), Number(month), Number(dayOfMonth))
  const offset = zoneMinutes(zone)
  if (days === undefined || offset === undefined) return undefined
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  const minutes = Number(hour) * 60 + Number(minute) - offset
  return days * day + minutes * 60_000 + Number(second) * 1000 + Number(fraction.padEnd(3, '0').slice(0, 3))
}

/** Of YYYY-MM-DDTHH:MM:SS.mmmZ, which almost all are, in a sixth of the time that expressions take; NaN for other text. */
const millisOfFullIso = (text: string): number => {
  if (text.length !== 24 || text[4] !== '-' || text[7] !== '-' || text[10] !== 'T') return NaN
  if (text[13] !== ':' || text[16] !== ':' || text[19] !== '.' || text[23] !== 'Z') return NaN
  const [hour, minute, second] = [digits(text, 11, 13), digits(text, 14, 16), digits(text, 17, 19)]
  if (hour > 23 || minute > 59 || second > 59) return NaN
  const days = daysFromDate(digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10)) ?? NaN
  return days * day + (hour * 60 + minute) * 60_000 + second * 1000 + digits(text, 20, 23)
}

/** NaN unless all of them are digits. */
const digits = (text: string, from: number, to: number): number => {
  let value = 0
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - 0x30
    value = digit >= 0 && digit <= 9 ? value * 10 + digit : NaN
  }
  return value
}

const zoneMinutes = (zone: string | undefined): number | undefined => {
  if (zone === undefined || zone === 'Z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.length > 3 ? zone.slice(-2) : 0)
  if (minutes > 18 * 60 || (zone.length > 3 && Number(zone.slice(-2)) > 59)) return undefined
  return zone.startsWith('-') ? -minutes : minutes
}

const millisOf = (value: Present): number | undefined => {
  if (typeof value === 'string') return parseTimestamp(value)
  return typeof value === 'number' || typeof value === 'bigint' || isExactNumber(value)
    ? Number(isExactNumber(value) ? value.value : value)
    : undefined
}

/** Years that ISO text has four digits for; others go as a number, which every date mapping takes. */
const firstIsoYear = -62_167_219_200_000
const lastIsoYear = 253_402_300_799_999

/** Milliseconds since 1970. NaN stands for a time in Cassandra that its driver cannot read: no JSON can carry it. */
export const timestamp: ValueCodec = {
  read: (value) => {
    const millis = millisOf(value)
    if (millis === undefined || !Number.isInteger(millis) || Math.abs(millis) > lastTimestamp) {
      throw misfit(value, 'timestamp')
    }
    return millis === 0 ? 0 : millis
  },
  write: (value) => {
    const millis = value as number
    if (Number.isNaN(millis)) throw notRepresentable('a timestamp beyond the year 275760')
    return millis < firstIsoYear || millis > lastIsoYear ? millis : new Date(millis).toISOString()
  },
}

const dateText = /^(\d{4}|[+-]\d{4,7})-(\d\d)-(\d\d)$/
const dateLimit = 2 ** 31

/** Day number of canonical date text, 0 = 1970-01-01; undefined where it is none or beyond Cassandra's range. */
export const parseDate = (text: string): number | undefined => {
  const parts = dateText.exec(text)
  const days = parts === null ? undefined : daysFromDate(Number(parts[1]), Number(parts[2]), Number(parts[3]))
  return days !== undefined && days >= -dateLimit && days < dateLimit ? days : undefined
}

/** YYYY-MM-DD; years beyond 9999 with `+`, years before 0 with `-`, as ISO 8601 and Cassandra write them. */
export const formatDate = (days: number): string => {
  const { year, month, day } = dateFromDays(days)
  const sign = year < 0 ? '-' : year > 9999 ? '+' : ''
  return `${sign}${pad(Math.abs(year), 4)}-${pad(month, 2)}-${pad(day, 2)}`
}

/** A date, or any form of timestamp that is midnight in UTC, as a date field of Elasticsearch may hold it. */
export const date: ValueCodec = {
  read: (value) => {
    const days = (typeof value === 'string' ? parseDate(value) : undefined) ?? midnight(value)
    if (days === undefined) throw misfit(value, 'date')
    return formatDate(days)
  },
  write: asJson,
}

const midnight = (value: Present): number | undefined => {
  const days = (millisOf(value) ?? NaN) / day
  return Number.isInteger(days) && days >= -dateLimit && days < dateLimit ? days : undefined
}

const timeText = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?$/

/** Nanoseconds of the day. */
export const parseTime = (text: string): number | undefined => {
  const parts = timeText.exec(text)
  if (parts === null) return undefined
  const [hour, minute, second] = [Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 0)]
  if (hour > 23 || minute > 59 || second > 59) return undefined
  return ((hour * 60 + minute) * 60 + second) * 1e9 + Number((parts[4] ?? '').padEnd(9, '0'))
}

/** HH:MM:SS, and the fraction without trailing zeros where there is one. */
export const formatTime = (nanoseconds: number): string => {
  const seconds = Math.floor(nanoseconds / 1e9)
  const fraction = pad(nanoseconds - seconds * 1e9, 9).replace(/0+$/, '')
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((part) => pad(part, 2))
  return clock.join(':') + (fraction === '' ? '' : `.${fraction}`)
}

export const time = textCodec('time', (text) => {
  const nanoseconds = parseTime(text)
  return nanoseconds === undefined ? undefined : formatTime(nanoseconds)
})

const pad = (value: number, width: number): string => String(value).padStart(width, '0')
