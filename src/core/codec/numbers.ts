import { exactNumber, formatDecimal, isExactNumber, parseDecimal, parseInteger } from './exact.js'
import { asJson, misfit, notRepresentable, type Present, type ValueCodec } from './value-codec.js'

/** Integers that a double holds: a JavaScript number. Text is refused, as a typo would become a value. */
const smallInteger = (type: string, bits: number): ValueCodec => {
  const limit = 2 ** (bits - 1)
  return {
    read: (value) => {
      const number = integerOf(value)
      if (number === undefined || number < -limit || number >= limit) throw misfit(value, type)
      return number === 0 ? 0 : number
    },
    write: asJson,
  }
}

const integerOf = (value: Present): number | undefined => {
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined
  if (typeof value === 'bigint') return Number(value)
  if (!isExactNumber(value)) return undefined
  const integer = parseInteger(value.value)
  return integer === undefined ? undefined : Number(integer)
}

/** Integers beyond what a double holds: bigint. Digits in text are taken, as JavaScript clients have no other way. */
const bigInteger = (type: string, limit?: bigint): ValueCodec => ({
  read: (value) => {
    const integer = bigintOf(value)
    if (integer === undefined || (limit !== undefined && (integer < -limit || integer >= limit))) {
      throw misfit(value, type)
    }
    return integer
  },
  write: (value) => {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : value
  },
})

const bigintOf = (value: Present): bigint | undefined => {
  // A number beyond 2^53 has lost its digits before it came here.
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined
  if (typeof value === 'bigint') return value
  if (typeof value === 'string') return /^-?\d+$/.test(value) ? BigInt(value) : undefined
  return isExactNumber(value) ? parseInteger(value.value) : undefined
}

export const tinyint = smallInteger('tinyint', 8)
export const smallint = smallInteger('smallint', 16)
export const int = smallInteger('int', 32)
export const bigint = bigInteger('bigint', 2n ** 63n)
export const varint = bigInteger('varint')

const floatingPoint = (type: string, round: (value: number) => number, shortest: (value: number) => number) => ({
  read: (value: Present): number => {
    const number = round(numberOf(value))
    if (!Number.isFinite(number)) throw misfit(value, type)
    return number === 0 ? 0 : number
  },
  write: (value: unknown): number => {
    if (!Number.isFinite(value)) throw notRepresentable(`a ${type} that is not finite`)
    return shortest(value as number)
  },
})

const numberOf = (value: Present): number => {
  if (typeof value === 'number') return value
  return typeof value === 'bigint' || isExactNumber(value) ? Number(isExactNumber(value) ? value.value : value) : NaN
}

/** Fewest digits that read back to the same float32. Six are always kept by one, nine always suffice. */
const shortestFloat = (value: number): number => {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 24) return value
  const subnormal = Math.abs(value) < 2 ** -126
  for (let digits = subnormal ? 1 : 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return Number(value.toPrecision(9))
}

export const float: ValueCodec = floatingPoint('float', Math.fround, shortestFloat)
export const double: ValueCodec = floatingPoint(
  'double',
  (value) => value,
  (value) => value,
)

/** Canonical form is text that keeps every digit and is the same for equal numbers, see `formatDecimal`. */
export const decimal: ValueCodec = {
  read: (value) => {
    const text = decimalText(value)
    const parsed = text === undefined ? undefined : parseDecimal(text)
    if (parsed === undefined) throw misfit(value, 'decimal')
    return formatDecimal(parsed)
  },
  write: (value) => {
    const text = value as string
    const number = Number(text)
    return String(number) === text ? number : exactNumber(text)
  },
}

const decimalText = (value: Present): string | undefined => {
  if (typeof value === 'string') return value
  if (isExactNumber(value)) return value.value
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined
}
