/**
 * Cassandra's duration: months, days and nanoseconds, which no calendar-free rule converts into each other.
 * Canonical text names the three parts and leaves zero ones out: `1mo2d3ns`, `-12mo`, `0ns`.
 */
import { textCodec } from './value-codec.js'

/** All parts have the same sign or are zero. Months and days are int32, nanoseconds int64. */
export interface Duration {
  readonly months: number
  readonly days: number
  readonly nanoseconds: bigint
}

export const formatDuration = ({ months, days, nanoseconds }: Duration): string => {
  const sign = months < 0 || days < 0 || nanoseconds < 0n ? '-' : ''
  const parts =
    (months === 0 ? '' : `${Math.abs(months)}mo`) +
    (days === 0 ? '' : `${Math.abs(days)}d`) +
    (nanoseconds === 0n ? '' : `${nanoseconds < 0n ? -nanoseconds : nanoseconds}ns`)
  return sign + (parts === '' ? '0ns' : parts)
}

type Part = 'months' | 'days' | 'nanoseconds'

const units: Readonly<Record<string, readonly [part: Part, size: bigint]>> = {
  y: ['months', 12n],
  mo: ['months', 1n],
  w: ['days', 7n],
  d: ['days', 1n],
  h: ['nanoseconds', 3_600_000_000_000n],
  m: ['nanoseconds', 60_000_000_000n],
  s: ['nanoseconds', 1_000_000_000n],
  ms: ['nanoseconds', 1_000_000n],
  us: ['nanoseconds', 1000n],
  // The sign for micro and the Greek letter look alike, and matching without case takes both.
  '\u00b5s': ['nanoseconds', 1000n],
  '\u03bcs': ['nanoseconds', 1000n],
  ns: ['nanoseconds', 1n],
}

const unitText = /^(?:\d+(?:y|mo|w|d|h|m|s|ms|us|[\u00b5\u03bc]s|ns))+$/i
const eachUnit = /(\d+)(mo|ms|us|[\u00b5\u03bc]s|ns|y|w|d|h|m|s)/gi
const isoText =
  /^P(?!$)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?!$)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,9}))?S)?)?$/
const isoUnits = ['y', 'mo', 'w', 'd', 'h', 'm', 's', 'ns'] as const

/** Text as CQL takes it (`1y2mo3w4d5h6m7s8ms9us10ns`, a leading `-`) or ISO 8601 with designators (`P1Y2M3DT4H5.5S`). */
export const parseDuration = (text: string): Duration | undefined => {
  const negative = text.startsWith('-')
  const amounts = split(negative ? text.slice(1) : text)
  if (amounts === undefined) return undefined
  const total: Record<Part, bigint> = { months: 0n, days: 0n, nanoseconds: 0n }
  for (const [amount, unit] of amounts) {
    const [part, size] = units[unit]!
    total[part] += BigInt(amount) * size * (negative ? -1n : 1n)
  }
  if (!fits(total.months, 32) || !fits(total.days, 32) || !fits(total.nanoseconds, 64)) return undefined
  return { months: Number(total.months), days: Number(total.days), nanoseconds: total.nanoseconds }
}

const split = (text: string): (readonly [amount: string, unit: string])[] | undefined => {
  if (unitText.test(text)) {
    return Array.from(text.matchAll(eachUnit), ([, amount = '', unit = '']) => [amount, unit.toLowerCase()] as const)
  }
  const parts = isoText.exec(text)?.slice(1)
  return parts?.flatMap((amount, index) => {
    if (amount === undefined) return []
    const unit = isoUnits[index]!
    return [[unit === 'ns' ? amount.padEnd(9, '0') : amount, unit] as const]
  })
}

const fits = (value: bigint, bits: number): boolean => BigInt.asIntN(bits, value) === value

export const duration = textCodec('duration', (text) => {
  const parsed = parseDuration(text)
  return parsed === undefined ? undefined : formatDuration(parsed)
})
