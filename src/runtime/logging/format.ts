/** Python's three ways to write a format: `%(levelname)-8s`, `{levelname:<8}`, `$levelname`. */
import type { TextFormat } from '../../core/log-plan.js'
import { attributeOf } from './attributes.js'
import type { LogRecord } from './record.js'

type Value = string | number
/** A part of the line: as it stands, or made of the record. */
type Part = string | ((value: (name: string) => Value) => string)

export const textFormatter = ({ style, format, dateFormat }: TextFormat): ((record: LogRecord) => string) => {
  const parts = parsers[style](format)
  return (record) =>
    parts
      .map((part) => (typeof part === 'string' ? part : part((name) => attributeOf(record, name, dateFormat))))
      .join('')
}

/** Cuts a format at what `pattern` finds. */
const cut = (format: string, pattern: RegExp, read: (match: RegExpMatchArray) => Part): Part[] => {
  const parts: Part[] = []
  let last = 0
  for (const match of format.matchAll(pattern)) {
    parts.push(format.slice(last, match.index), read(match))
    last = match.index + match[0].length
  }
  return [...parts, format.slice(last)]
}

const parsers: Record<TextFormat['style'], (format: string) => Part[]> = {
  '%': (format) =>
    cut(
      format,
      /%%|%\(([^)]*)\)([-+ 0#]*)(\d*)(?:\.(\d+))?[hlL]?([a-zA-Z])/g,
      ([written, name, flags = '', width, precision, type]) => {
        if (written === '%%') return '%'
        if (name === undefined || type === undefined) return written
        const spec: Spec = {
          align: flags.includes('-') ? '<' : '>',
          // In Python a minus takes the zeros back.
          fill: flags.includes('0') && !flags.includes('-') && type !== 's' ? '0' : ' ',
          sign: flags.includes('+') ? '+' : '',
          width: Number(width),
          precision: precision === undefined ? undefined : Number(precision),
          type,
        }
        return (value) => shaped(value(name), spec)
      },
    ),
  '{': (format) =>
    cut(
      format,
      /\{\{|\}\}|\{(\w+)(?:![rsa])?(?::(?:(.)?([<>^=]))?([+ -]?)#?(0?)(\d*),?(?:\.(\d+))?([a-zA-Z%]?))?\}/gs,
      (match) => {
        const [written, name, fill, align, sign, zero, width, precision, type] = match
        if (name === undefined) return written[0]!
        const spec: Partial<Spec> = {
          ...(align === undefined ? {} : { align: align as Spec['align'] }),
          fill: fill ?? (zero === '0' ? '0' : ' '),
          sign: sign === '+' ? '+' : '',
          width: Number(width),
          precision: precision === undefined ? undefined : Number(precision),
          type: type ?? '',
        }
        return (value) => {
          const found = value(name)
          return shaped(found, { ...usual, align: typeof found === 'number' ? '>' : '<', ...spec })
        }
      },
    ),
  $: (format) =>
    cut(format, /\$\$|\$(\w+)|\$\{(\w+)\}/g, ([written, plain, braced]) => {
      const name = plain ?? braced
      return name === undefined ? (written === '$$' ? '$' : written) : (value) => String(value(name))
    }),
}

interface Spec {
  readonly align: '<' | '>' | '^' | '='
  readonly fill: string
  readonly sign: '+' | ''
  readonly width: number
  readonly precision: number | undefined
  /** Python's presentation type; empty for the value's own. */
  readonly type: string
}

const usual: Spec = { align: '<', fill: ' ', sign: '', width: 0, precision: undefined, type: '' }

const shaped = (value: Value, spec: Spec): string => {
  const body = presented(value, spec)
  const missing = spec.width - body.length
  if (missing <= 0) return body
  if (spec.align === '^')
    return spec.fill.repeat(Math.floor(missing / 2)) + body + spec.fill.repeat(Math.ceil(missing / 2))
  if (spec.align === '<') return body + spec.fill.repeat(missing)
  // Zeros stand between the sign and the digits.
  const signed = spec.fill === '0' && /^[+-]/.test(body)
  return signed ? body[0] + spec.fill.repeat(missing) + body.slice(1) : spec.fill.repeat(missing) + body
}

const presented = (value: Value, { type, precision, sign }: Spec): string => {
  const number = Number(value)
  const plus = sign === '+' && number >= 0 ? '+' : ''
  switch (type) {
    case 'd':
    case 'i':
    case 'u':
      return Number.isNaN(number) ? String(value) : plus + String(Math.trunc(number))
    case 'f':
    case 'F':
      return plus + number.toFixed(precision ?? 6)
    case 'e':
      return plus + number.toExponential(precision ?? 6).replace(/e([+-])(\d)$/, 'e$10$2')
    case 'x':
      return Math.trunc(number).toString(16)
    case 'o':
      return Math.trunc(number).toString(8)
    case 'r':
      return typeof value === 'string' ? `'${value}'` : String(value)
    default: {
      const text = String(value)
      return precision === undefined || typeof value === 'number' ? text : text.slice(0, precision)
    }
  }
}
