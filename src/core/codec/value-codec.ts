/** What a codec of one type is made of, and how it says that a value does not fit. */
import type { Json } from '../json.js'
import type { CanonicalValue } from '../record.js'
import { isExactNumber } from './exact.js'

/** A JSON value that is there. */
export type Present = Exclude<Json, null>

/** Between JSON and canonical form, below the level where null and empty are told apart. Both throw `Mismatch`. */
export interface ValueCodec {
  readonly read: (value: Present) => CanonicalValue
  readonly write: (value: CanonicalValue) => Json
}

/**
 * A value that cannot be carried over: from JSON, one that does not fit its column; to JSON, one that JSON has no form
 * for. Thrown inside the codecs only. Holds kinds and types, never the value: it ends in logs and reports.
 */
export class Mismatch extends Error {
  override readonly name = 'Mismatch'
  /** Steps from the column down to the value, outermost first: `[2]`, `.street`, `{key}`. */
  readonly path: string[] = []

  /** What does not fit, as seen from the field that holds the value. */
  seenFrom(field: string): string {
    return `field ${JSON.stringify(field)}${this.path.join('')}: ${this.message}`
  }
}

export const isArray: (value: unknown) => value is readonly Json[] = Array.isArray

export const kindOf = (value: Json): string => {
  if (value === null) return 'null'
  if (isArray(value)) return 'array'
  if (typeof value === 'bigint' || isExactNumber(value)) return 'number'
  return typeof value
}

export const misfit = (value: Json, type: string): Mismatch => new Mismatch(`${kindOf(value)} does not fit ${type}`)

export const notRepresentable = (what: string): Mismatch => new Mismatch(`${what} cannot be written as JSON`)

/** Runs one step deeper, so that a mismatch inside names the way to it. */
export const within = <T>(step: string, run: () => T): T => {
  try {
    return run()
  } catch (error) {
    if (error instanceof Mismatch) error.path.unshift(step)
    throw error
  }
}

/** For scalars whose canonical form is JSON already. */
export const asJson = (value: CanonicalValue): Json => value

/** A scalar whose JSON form is text, brought to canonical form by `parse` (undefined: does not fit). */
export const textCodec = (type: string, parse: (text: string) => string | undefined): ValueCodec => ({
  read: (value) => {
    const parsed = typeof value === 'string' ? parse(value) : undefined
    if (parsed === undefined) throw misfit(value, type)
    return parsed
  },
  write: asJson,
})
