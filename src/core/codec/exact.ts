/** Decimal numbers of any size and precision as text, in the one form that stands for their value. */
import type { ExactNumber, Json } from '../json.js'

/** `unscaled × 10^−scale`, as java.math.BigDecimal has it; the scale is an int32 in Cassandra. */
export interface Decimal {
  readonly unscaled: bigint
  readonly scale: number
}

const numberText = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,10}))?$/
const maxScale = 2 ** 31 - 1

/** Decimal text as JSON and Cassandra write numbers; undefined where it is none, or its exponent is out of range. */
export const parseDecimal = (text: string): Decimal | undefined => {
  const parts = numberText.exec(text)
  if (parts === null) return undefined
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts
  const scale = fraction.length - Number(exponent)
  if (Math.abs(scale) > maxScale) return undefined
  return shorten({ unscaled: BigInt(sign + whole + fraction), scale })
}

/** The same value without trailing zeros: 1.0, 1.00 and 10E-1 are all 1. Undefined where no int32 scale holds it. */
export const shorten = ({ unscaled, scale }: Decimal): Decimal | undefined => {
  if (unscaled === 0n) return { unscaled, scale: 0 }
  const digits = unscaled.toString()
  let end = digits.length
  while (digits[end - 1] === '0') end--
  const shortScale = scale - (digits.length - end)
  if (Math.abs(shortScale) > maxScale) return undefined
  return end === digits.length ? { unscaled, scale } : { unscaled: BigInt(digits.slice(0, end)), scale: shortScale }
}

/**
 * Canonical text of a shortened decimal, written as JavaScript writes numbers: plain between 1e-7 and 1e21, else
 * `d.ddde±x`. So a number that a double holds has the same text here and in JSON.
 */
export const formatDecimal = ({ unscaled, scale }: Decimal): string => {
  const sign = unscaled < 0n ? '-' : ''
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString()
  /** Position of the point, counted from the first digit. */
  const point = digits.length - scale
  if (unscaled === 0n) return '0'
  if (point > 21 || point <= -6) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : ''
    return `${sign}${digits[0]}${fraction}e${point > 0 ? '+' : '-'}${Math.abs(point - 1)}`
  }
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  if (point >= digits.length) return `${sign}${digits}${'0'.repeat(point - digits.length)}`
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
}

/** The whole number that the text stands for, in any notation; undefined where it is none. */
export const parseInteger = (text: string): bigint | undefined => {
  if (/^-?\d+$/.test(text)) return BigInt(text)
  const decimal = parseDecimal(text)
  if (decimal === undefined || decimal.scale > 0 || decimal.scale < -maxZeros) return undefined
  return decimal.unscaled * 10n ** BigInt(-decimal.scale)
}
/** An integer is written out in full, so `1e999999999` must not be taken for one: it would fill the memory. */
const maxZeros = 10_000

/**
 * The marker by which lossless-json knows its numbers, across copies of itself. The member `isLosslessNumber` alone does
 * not do: a client's document may have an object with one.
 */
const marker = Symbol.for('lossless-json.LosslessNumber')

class Exact implements ExactNumber {
  readonly isLosslessNumber = true
  readonly value: string

  constructor(value: string) {
    this.value = value
  }

  get [marker](): true {
    return true
  }

  toString(): string {
    return this.value
  }
}

export const isExactNumber = (value: Json | undefined): value is ExactNumber =>
  typeof value === 'object' && value !== null && marker in value

/** @param text a number as JSON writes it */
export const exactNumber = (text: string): ExactNumber => new Exact(text)
