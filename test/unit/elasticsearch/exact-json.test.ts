import * as fc from 'fast-check'
import { parse } from 'lossless-json'
import { describe, expect, it } from 'vitest'
import { parseExactJson, stringifyExactJson } from '../../../src/adapters/elasticsearch/exact-json.js'
import { ExactSerializer } from '../../../src/adapters/elasticsearch/serializers.js'

describe('exact JSON', () => {
  it.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['9007199254740993', 9007199254740993n],
    ['-9223372036854775808', -9223372036854775808n],
    ['123456789012345678901234567890', 123456789012345678901234567890n],
    ['0.1', 0.1],
    ['1.50', 1.5],
    ['1e3', 1000],
    ['0.30000000000000004', 0.30000000000000004],
  ])('reads %s without losing a digit', (text, value) => {
    expect(parseExactJson(`{"a":[${text}]}`)).toEqual({ a: [value] })
    expect(parseExactJson(text)).toBe(value)
  })

  it.each([
    '0.10000000000000000001',
    '1234567890.1234567891',
    '1e400',
    '1e-400',
    '9007199254740993.0',
    '-1.23456789012345678',
  ])('keeps the digits of %s, which a double would change', (text) => {
    expect(parseExactJson(`{"a": ${text}}`)).toMatchObject({ a: { isLosslessNumber: true, value: text } })
  })

  it('writes what it read, digit by digit', () => {
    const text = '{"a":9007199254740993,"b":[0.10000000000000000001,1e400,-5],"c":{"d":"9007199254740993"}}'
    expect(stringifyExactJson(parseExactJson(text))).toBe(text)
  })

  it('takes a client’s object for an object, whatever its fields are called', () => {
    const text = '{"a":{"isLosslessNumber":true,"value":"12"},"b":9007199254740993}'
    expect(stringifyExactJson(parseExactJson(text))).toBe(text)
  })

  it.each([
    String.raw`{"a":"x\", 9007199254740993","b":9007199254740993,"c":"\\\\","d":[1e400," 9007199254740993"]}`,
    String.raw`[" \\\", 9007199254740993",9007199254740993,"\\",9007199254740993]`,
    String.raw`{"9007199254740993, 1e400":0.10000000000000000001,", 9007199254740993":[": 1e400"]}`,
  ])('leaves digits in strings and names alone: %s', (text) => {
    expect(stringifyExactJson(parseExactJson(text))).toBe(text)
  })

  it('reads any JSON as a parser does that never saw a double', () => {
    const digits = fc.oneof(fc.bigInt().map(String), fc.constantFrom('1e400', '-0.30000000000000000001', '12', '1.5'))
    const text = fc.string({ unit: fc.constantFrom('"', '\\', ' ', ',', ':', '[', '9007199254740993', '1e400', 'x') })
    const { json } = fc.letrec<{ json: string }>((tie) => ({
      json: fc.oneof(
        { depthSize: 'small' },
        digits,
        text.map((value) => JSON.stringify(value)),
        fc.array(tie('json')).map((items) => `[${items.join(', ')}]`),
        fc
          .array(fc.tuple(text, tie('json')))
          .map((members) => `{${members.map(([name, value]) => `${JSON.stringify(name)}: ${value}`).join(',')}}`),
      ),
    }))
    fc.assert(
      fc.property(json, (source) => {
        const lossless = parse(source, null, { onDuplicateKey: ({ newValue }) => newValue })
        const kept = parse(stringifyExactJson(parseExactJson(source)))
        expect(kept).toEqual(lossless)
      }),
      { numRuns: 1_000 },
    )
  })

  it('never overlooks a number that a double would change', () => {
    const integer = fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }).map(String)
    const decimal = fc
      .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.bigInt({ min: 0n, max: 10n ** 20n }))
      .map(([whole, fraction]) => `${whole}.${fraction}`)
    const power = fc.tuple(fc.oneof(integer, decimal), fc.integer({ min: -400, max: 400 })).map(([m, e]) => `${m}e${e}`)
    const space = fc.constantFrom('', ' ', '\n', '\t')
    const number = fc.oneof(integer, decimal, power)
    fc.assert(
      fc.property(number, space, fc.constantFrom('[', '{"a":', '[0,'), (digits, blank, before) => {
        const text = `${before}${blank}${digits}${before.startsWith('{') ? '}' : ']'}`
        const value = Object.values(parseExactJson(text) as object).at(-1) as unknown
        const kept = stringifyExactJson(value)
        // Either the digits themselves, or a double whose shortest form means the same number.
        expect(kept === digits || sameNumber(kept, digits), `${digits} became ${kept}`).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })
})

/** Compares decimal texts exactly. */
const sameNumber = (a: string, b: string): boolean => {
  const [x, y] = [parts(a), parts(b)]
  const shift = BigInt(Math.abs(x.exponent - y.exponent))
  return x.exponent > y.exponent ? x.digits * 10n ** shift === y.digits : y.digits * 10n ** shift === x.digits
}
const parts = (text: string): { digits: bigint; exponent: number } => {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length }
}

describe('the serializer', () => {
  const serializer = new ExactSerializer()

  it.each(['', ',"n":9007199254740993'])('treats __proto__ and constructor as fields like any other %s', (more) => {
    const text = `{"__proto__":{"polluted":true},"constructor":{"prototype":{"x":1}}${more}}`

    const parsed = serializer.deserialize<object>(text)

    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype)
    expect('polluted' in parsed).toBe(false)
    expect(Object.keys(parsed).slice(0, 2)).toEqual(['__proto__', 'constructor'])
    expect(serializer.serialize({ ...parsed })).toContain('"__proto__":{"polluted":true}')
  })

  it('fails with the client’s own errors, without the text', () => {
    expect(() => serializer.deserialize('{"secret":')).toThrow(
      expect.objectContaining({ name: 'DeserializationError', data: '' }),
    )
  })
})
