/** Column types and values in canonical form, for properties that must hold for all of them. */
import * as fc from 'fast-check'
import { formatDuration } from '../../src/core/codec/duration.js'
import { formatDecimal, shorten } from '../../src/core/codec/exact.js'
import { formatInet } from '../../src/core/codec/inet.js'
import { canonicalMap, canonicalSet, compareValues } from '../../src/core/codec/order.js'
import { formatDate, formatTime } from '../../src/core/codec/times.js'
import type { ColumnType, ScalarKind } from '../../src/core/column.js'
import type { CanonicalValue } from '../../src/core/record.js'

type Value = fc.Arbitrary<CanonicalValue>

const integer = (bits: number): Value => fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 })
const withEdges = (values: Value, ...edges: CanonicalValue[]): Value =>
  fc.oneof({ arbitrary: values, weight: 4 }, { arbitrary: fc.constantFrom(...edges), weight: 1 })
const oneZero = (value: number): number => (value === 0 ? 0 : value)
const finite = { noNaN: true, noDefaultInfinity: true }

const decimal: Value = fc
  .tuple(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.integer({ min: -60, max: 60 }))
  .map(([unscaled, scale]) => formatDecimal(shorten({ unscaled, scale })!))

/** Lone surrogates are no text that UTF-8 can carry; every other code point is. */
const text = fc.string({ unit: 'binary' })

const sameSign = (negative: boolean, value: number | bigint): number | bigint => (negative ? -value : value)

const duration: Value = fc
  .tuple(fc.boolean(), fc.nat(), fc.nat(), fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }))
  .map(([negative, months, days, nanoseconds]) =>
    formatDuration({
      months: Number(sameSign(negative, months)),
      days: Number(sameSign(negative, days)),
      nanoseconds: BigInt(sameSign(negative, nanoseconds)),
    }),
  )

const bytes = (length: number): fc.Arbitrary<number[]> =>
  fc.array(fc.oneof(fc.constant(0), fc.nat(255)), { minLength: length, maxLength: length })

export const scalarValues: Readonly<Record<ScalarKind, Value>> = {
  text: withEdges(text, '', '\0', '\u{10FFFF}', '__proto__'),
  ascii: fc.string({ unit: 'binary-ascii' }),
  tinyint: integer(8),
  smallint: integer(16),
  int: withEdges(integer(32), -(2 ** 31), 2 ** 31 - 1, 0),
  bigint: withEdges(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    -(2n ** 63n),
    2n ** 63n - 1n,
    2n ** 53n + 1n,
    0n,
    -1n,
  ),
  varint: withEdges(fc.bigInt(), 0n, -1n, 127n, 128n, -128n, -129n, 255n, 256n, -256n, 10n ** 60n, -(2n ** 200n)),
  float: withEdges(fc.float(finite).map(oneZero), 2 ** -149, Math.fround(3.4028234e38), Math.fround(0.1), 2 ** 24),
  double: withEdges(fc.double(finite).map(oneZero), Number.MIN_VALUE, Number.MAX_VALUE, 2 ** 53, 0.1),
  decimal: withEdges(decimal, '0', '-0.000001', '1e+2147483647', '-1.5e-2147483646', '1e-7', '1e+21'),
  boolean: fc.boolean(),
  uuid: fc.uuid(),
  timeuuid: fc.uuid({ version: 1 }),
  timestamp: withEdges(
    fc.integer({ min: -8.64e15, max: 8.64e15 }),
    0,
    -1,
    -8.64e15,
    8.64e15,
    -62_167_219_200_000,
    -62_167_219_200_001,
    253_402_300_799_999,
    253_402_300_800_000,
  ),
  date: withEdges(
    fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map(formatDate),
    formatDate(-(2 ** 31)),
    formatDate(2 ** 31 - 1),
    '0000-01-01',
    '-0001-12-31',
    '9999-12-31',
    '+10000-01-01',
    '2024-02-29',
  ),
  time: withEdges(fc.nat(86_399_999_999_999).map(formatTime), '00:00:00', '23:59:59.999999999', '10:00:00.5'),
  duration: withEdges(duration, '0ns', '12mo', '-1mo2d3ns', '2147483647mo2147483647d9223372036854775807ns'),
  inet: withEdges(fc.oneof(bytes(4), bytes(16)).map(formatInet), '::', '::1', '::102:304', '0.0.0.0'),
  blob: withEdges(
    fc.uint8Array({ maxLength: 40 }).map((value) => Buffer.from(value).toString('base64')),
    '',
  ),
}

const isScalar = (type: ColumnType): type is { readonly kind: ScalarKind } => Object.hasOwn(scalarValues, type.kind)

/** Any canonical value of the type. */
export const valueOf = (type: ColumnType): Value => {
  if (isScalar(type)) return scalarValues[type.kind]
  if (type.kind === 'map') {
    return fc
      .uniqueArray(fc.tuple(valueOf(type.key), valueOf(type.value)), {
        maxLength: 5,
        comparator: (a, b) => compareValues(a[0], b[0]) === 0,
      })
      .map(canonicalMap)
  }
  if (type.kind === 'tuple') return fc.tuple(...type.of.map((part) => fc.option(valueOf(part))))
  if (type.kind === 'udt') return fc.tuple(...type.fields.map((field) => fc.option(valueOf(field.type))))
  if (type.kind === 'vector') {
    return fc.array(valueOf(type.of), { minLength: type.dimension, maxLength: type.dimension })
  }
  const values = fc.array(valueOf(type.of), { maxLength: 5 })
  return type.kind === 'set' ? values.map(canonicalSet) : values
}

const scalarType: fc.Arbitrary<ColumnType> = fc
  .constantFrom(...(Object.keys(scalarValues) as ScalarKind[]))
  .map((kind) => ({ kind }))
/** Cassandra allows no duration where an order is needed. */
const keyScalar = scalarType.filter(({ kind }) => kind !== 'duration')

const fieldName = fc.oneof(fc.constantFrom('street', 'zip', 'constructor', '__proto__'), fc.string({ minLength: 1 }))

const containers = (of: fc.Arbitrary<ColumnType>, ordered: fc.Arbitrary<ColumnType>): fc.Arbitrary<ColumnType>[] => [
  fc.record({ kind: fc.constant('list'), of, frozen: fc.constant(true) }),
  fc.record({ kind: fc.constant('set'), of: ordered, frozen: fc.constant(true) }),
  fc.record({ kind: fc.constant('map'), key: ordered, value: of, frozen: fc.constant(true) }),
  fc.record({ kind: fc.constant('tuple'), of: fc.array(of, { minLength: 1, maxLength: 3 }) }),
  fc.record({ kind: fc.constant('vector'), of, dimension: fc.integer({ min: 1, max: 4 }) }),
  fc.record({
    kind: fc.constant('udt'),
    name: fc.constant('address'),
    fields: fc.uniqueArray(fc.record({ name: fieldName, type: of }), {
      minLength: 1,
      maxLength: 4,
      selector: ({ name }) => name,
    }),
    frozen: fc.constant(true),
  }),
]

const nestedType = fc.letrec<{ type: ColumnType; key: ColumnType }>((tie) => ({
  type: fc.oneof({ depthSize: 'small' }, scalarType, ...containers(tie('type'), tie('key'))),
  key: fc.oneof({ depthSize: 'small' }, keyScalar, ...containers(tie('key'), tie('key'))),
}))

/** Any type that a column can have, nested to a few levels; frozen or not at the top, always frozen inside. */
export const columnTypes: fc.Arbitrary<ColumnType> = fc
  .tuple(nestedType.type, fc.boolean())
  .map(([type, frozen]) => ('frozen' in type ? { ...type, frozen } : type))
