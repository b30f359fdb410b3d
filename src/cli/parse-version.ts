import { CaesError } from '../core/errors.js'
import { unitMicros, type Unit, type Version } from '../core/version.js'

const isoTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/

/** A version from the command line: digits in the pair's unit, or an ISO-8601 time with its zone. */
export const parseVersion = (text: string, option: string, unit: Unit): Version => {
  if (/^\d+$/.test(text)) {
    const version = Number(text)
    if (Number.isSafeInteger(version)) return version
  } else if (isoTime.test(text)) {
    const milliseconds = Date.parse(text)
    if (!Number.isNaN(milliseconds) && milliseconds >= 0) return Math.floor((milliseconds * 1_000) / unitMicros(unit))
  }
  throw new CaesError('CAES_USAGE', `${option}: "${text}" is neither a version nor a time`, {
    hint: `Give a whole number (unit ${unit}) or a time with its zone, such as 2026-01-31T10:00:00Z.`,
  })
}
