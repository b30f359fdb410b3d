import { formatInet, parseInet } from './inet.js'
import { asJson, misfit, textCodec, type ValueCodec } from './value-codec.js'

/** UTF-8 has no form for half of a surrogate pair: it would come back as another character. */
const loneSurrogate = /\p{Surrogate}/u
const beyondAscii = /[\u0080-\uffff]/

export const text = textCodec('text', (value) => (loneSurrogate.test(value) ? undefined : value))
export const ascii = textCodec('ascii', (value) => (beyondAscii.test(value) ? undefined : value))

const uuidText = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const versionAt = 14

const lowerCaseUuid = (value: string): string | undefined => (uuidText.test(value) ? value.toLowerCase() : undefined)

export const uuid = textCodec('uuid', lowerCaseUuid)
export const timeuuid = textCodec('timeuuid', (value) => (value[versionAt] === '1' ? lowerCaseUuid(value) : undefined))

export const inet = textCodec('inet', (value) => {
  const bytes = parseInet(value)
  return bytes === undefined ? undefined : formatInet(bytes)
})

/** As Elasticsearch reads a boolean field: true and false, also as text; empty text is false. */
export const boolean: ValueCodec = {
  read: (value) => {
    if (typeof value === 'boolean') return value
    if (value === 'true') return true
    if (value === 'false' || value === '') return false
    throw misfit(value, 'boolean')
  },
  write: asJson,
}

const base64Text = /^[A-Za-z0-9+/]*={0,2}$/
const base64Digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Base64 as Elasticsearch's binary field takes it (padding may be missing), padded and with unused bits cleared. */
const canonicalBase64 = (value: string): string | undefined => {
  if (!base64Text.test(value)) return undefined
  const padding = value.endsWith('==') ? 2 : value.endsWith('=') ? 1 : 0
  const digits = value.length - padding
  const rest = digits % 4
  if (rest === 1 || (padding > 0 && value.length % 4 !== 0)) return undefined
  if (rest === 0) return padding === 0 ? value : undefined
  const last = base64Digits.indexOf(value[digits - 1]!)
  const used = rest === 2 ? last & 0b110000 : last & 0b111100
  return `${value.slice(0, digits - 1)}${base64Digits[used]}${'='.repeat(4 - rest)}`
}

export const blob = textCodec('blob', canonicalBase64)
