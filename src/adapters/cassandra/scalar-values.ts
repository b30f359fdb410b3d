import { types } from 'cassandra-driver'
import { formatDuration, parseDuration } from '../../core/codec/duration.js'
import { formatDecimal, parseDecimal, shorten, type Decimal } from '../../core/codec/exact.js'
import { formatInet, parseInet } from '../../core/codec/inet.js'
import { formatDate, formatTime, parseDate, parseTime } from '../../core/codec/times.js'
import type { ScalarKind } from '../../core/column.js'
import type { CanonicalValue } from '../../core/record.js'
import type { DriverCodec } from './driver-codec.js'
import { idBytes, uuidTextOf } from './ids.js'

/** The schema has decided which class a value is of, so each codec names its own. */
const codec = <C extends CanonicalValue>(from: (value: never) => C, to: (value: C) => unknown): DriverCodec => ({
  from: (value) => from(value as never),
  to: (value) => to(value as C),
})

const same = codec<CanonicalValue>(
  (value: CanonicalValue) => value,
  (value) => value,
)

/** JSON has one zero only, so -0 must not look like a change. */
const floatingPoint = codec<number>(
  (value: number) => (value === 0 ? 0 : value),
  (value) => value,
)

/** The driver passes a Buffer on as it is, at any depth. */
const uuid = codec<string>(uuidTextOf, idBytes)

const blob = codec<string>(
  (value: Buffer) => value.toString('base64'),
  (value) => Buffer.from(value, 'base64'),
)

const inet = codec<string>(
  (value: types.InetAddress) => formatInet(value.getBuffer()),
  (value) => Buffer.from(known(parseInet(value))),
)

/** An invalid Date, for milliseconds beyond its range, becomes NaN. */
const timestamp = codec<number>(
  (value: Date) => value.getTime(),
  (value) => new Date(value),
)

/** Cassandra's date is an unsigned day number whose middle is 1970-01-01; LocalDate's own text is ambiguous. */
const dateCenter = 2 ** 31
const date = codec<string>(
  (value: types.LocalDate) => formatDate(value.toBuffer().readUInt32BE(0) - dateCenter),
  (value) => {
    const bytes = Buffer.allocUnsafe(4)
    bytes.writeUInt32BE(known(parseDate(value)) + dateCenter)
    return bytes
  },
)

/** Nanoseconds of a day are below 2^47, so a number holds them. */
const time = codec<string>(
  (value: types.LocalTime) => formatTime(value.getTotalNanoseconds().toNumber()),
  (value) => {
    const bytes = Buffer.allocUnsafe(8)
    bytes.writeBigInt64BE(BigInt(known(parseTime(value))))
    return bytes
  },
)

/** The parts that types.Duration has and its declaration leaves out. */
interface DurationParts {
  readonly months: number
  readonly days: number
  readonly nanoseconds: types.Long
}

const duration = codec<string>(
  ({ months, days, nanoseconds }: DurationParts) =>
    formatDuration({ months, days, nanoseconds: BigInt(nanoseconds.toString()) }),
  (value) => {
    const { months, days, nanoseconds } = known(parseDuration(value))
    return new types.Duration(months, days, types.Long.fromString(nanoseconds.toString()))
  },
)

/** On the wire: an int32 scale, then the unscaled number in two's complement. BigDecimal's own text loses exponents. */
const decimal = codec<string>(
  (value: types.BigDecimal) => {
    const bytes = types.BigDecimal.toBuffer(value)
    const decimal = { unscaled: bigintFrom(bytes.subarray(4)), scale: bytes.readInt32BE(0) }
    return formatDecimal(shorten(decimal) ?? decimal)
  },
  (value) => {
    const { unscaled, scale } = writtenOut(known(parseDecimal(value)))
    const head = Buffer.allocUnsafe(4)
    head.writeInt32BE(scale)
    return Buffer.concat([head, bytesOf(unscaled)])
  },
)

/** Some drivers, this one among them, print a negative scale wrongly: 1E1 as `1.`. So others get to see 10. */
const writtenOut = ({ unscaled, scale }: Decimal): Decimal =>
  scale < 0 && scale > -mostZeros ? { unscaled: unscaled * 10n ** BigInt(-scale), scale: 0 } : { unscaled, scale }
const mostZeros = 64

const bigintFrom = (bytes: Buffer): bigint => BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`))

const bytesOf = (value: bigint): Buffer => {
  const magnitude = value < 0n ? -value - 1n : value
  // One bit more than the magnitude, for the sign.
  const size = Math.floor(magnitude.toString(2).length / 8) + 1
  return Buffer.from(
    BigInt.asUintN(size * 8, value)
      .toString(16)
      .padStart(size * 2, '0'),
    'hex',
  )
}

/** Canonical text always parses; if not, a value came here without passing a codec, which is a bug. */
const known = <T>(parsed: T | undefined): T => {
  if (parsed === undefined) throw new TypeError('a value is not in canonical form')
  return parsed
}

export const scalars: Readonly<Record<ScalarKind, DriverCodec>> = {
  text: same,
  ascii: same,
  int: same,
  smallint: same,
  tinyint: same,
  bigint: same,
  varint: same,
  boolean: same,
  float: floatingPoint,
  double: floatingPoint,
  decimal,
  uuid,
  timeuuid: uuid,
  timestamp,
  date,
  time,
  duration,
  inet,
  blob,
}
