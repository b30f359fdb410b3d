/** Times by the pattern of C's strftime, as Python's `datefmt` is written. Local time, English names. */

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

const dayMs = 86_400_000

/** The parts of a time, in local time or in UTC. */
interface Parts {
  readonly year: number
  /** From 0. */
  readonly month: number
  readonly day: number
  readonly weekday: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  /** Minutes east of Greenwich. */
  readonly offset: number
  readonly time: number
}

export const localParts = (time: number): Parts => {
  const date = new Date(time)
  return {
    year: date.getFullYear(),
    month: date.getMonth(),
    day: date.getDate(),
    weekday: date.getDay(),
    hour: date.getHours(),
    minute: date.getMinutes(),
    second: date.getSeconds(),
    offset: -date.getTimezoneOffset(),
    time,
  }
}

export const utcParts = (time: number): Parts => {
  const date = new Date(time)
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth(),
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    offset: 0,
    time,
  }
}

const two = (value: number): string => String(value).padStart(2, '0')
const dayOfYear = ({ year, month, day }: Parts): number => (Date.UTC(year, month, day) - Date.UTC(year, 0, 0)) / dayMs
const twelve = (hour: number): number => (hour % 12 === 0 ? 12 : hour % 12)
/** @param first the weekday that begins a week */
const weekOfYear = (parts: Parts, first: 0 | 1): number =>
  Math.floor((dayOfYear(parts) + 6 - ((parts.weekday - first + 7) % 7)) / 7)

const offsetText = (offset: number): string => {
  const minutes = Math.abs(offset)
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`
}

/** `CET`, or `GMT+1` where the zone has no short name; of a time in UTC, `UTC`. */
const zoneName = (parts: Parts): string => {
  if (parts.offset === 0 && new Date(parts.time).getTimezoneOffset() !== 0) return 'UTC'
  const named = new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' }).formatToParts(parts.time)
  return named.find(({ type }) => type === 'timeZoneName')?.value ?? ''
}

const directives: Record<string, (parts: Parts) => string> = {
  Y: ({ year }) => String(year).padStart(4, '0'),
  C: ({ year }) => two(Math.floor(year / 100)),
  y: ({ year }) => two(year % 100),
  m: ({ month }) => two(month + 1),
  d: ({ day }) => two(day),
  e: ({ day }) => String(day).padStart(2),
  H: ({ hour }) => two(hour),
  I: ({ hour }) => two(twelve(hour)),
  M: ({ minute }) => two(minute),
  S: ({ second }) => two(second),
  p: ({ hour }) => (hour < 12 ? 'AM' : 'PM'),
  a: ({ weekday }) => days[weekday]!.slice(0, 3),
  A: ({ weekday }) => days[weekday]!,
  b: ({ month }) => months[month]!.slice(0, 3),
  h: ({ month }) => months[month]!.slice(0, 3),
  B: ({ month }) => months[month]!,
  j: (parts) => String(dayOfYear(parts)).padStart(3, '0'),
  w: ({ weekday }) => String(weekday),
  u: ({ weekday }) => String(weekday === 0 ? 7 : weekday),
  U: (parts) => two(weekOfYear(parts, 0)),
  W: (parts) => two(weekOfYear(parts, 1)),
  s: ({ time }) => String(Math.floor(time / 1000)),
  z: ({ offset }) => offsetText(offset),
  Z: zoneName,
  n: () => '\n',
  t: () => '\t',
  '%': () => '%',
}

const combined: Record<string, string> = {
  D: '%m/%d/%y',
  F: '%Y-%m-%d',
  T: '%H:%M:%S',
  R: '%H:%M',
  r: '%I:%M:%S %p',
  c: '%a %b %e %H:%M:%S %Y',
  x: '%m/%d/%y',
  X: '%H:%M:%S',
}

/** A directive that is not known stays as it is. */
export const strftime = (pattern: string, parts: Parts): string =>
  pattern
    .replaceAll(/%([DFTRrcxX])/g, (_, letter: string) => combined[letter]!)
    .replaceAll(/%(.)/gs, (written, letter: string) => directives[letter]?.(parts) ?? written)
