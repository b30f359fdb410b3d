import { types } from 'cassandra-driver'
import { canonicalMap, canonicalSet } from '../../core/codec/order.js'
import type { CanonicalValue } from '../../core/record.js'
import type { DriverCodec } from './driver-codec.js'

const items = (value: CanonicalValue): readonly CanonicalValue[] => value as readonly CanonicalValue[]

/** The driver reads a part without bytes, or one that an older UDT did not have, as null or undefined. */
const fromPart = (codec: DriverCodec, value: unknown): CanonicalValue =>
  value === null || value === undefined ? null : codec.from(value)

const toPart = (codec: DriverCodec, value: CanonicalValue | undefined): unknown =>
  value === null || value === undefined ? null : codec.to(value)

/** The element count of an empty frozen collection. Given an empty array, the driver would write null. */
const noElements = Buffer.alloc(4)

export const list = (of: DriverCodec, kind: 'list' | 'set'): DriverCodec => ({
  from: (value) => {
    const read = (value as unknown[]).map((item) => fromPart(of, item))
    return kind === 'set' ? canonicalSet(read) : read
  },
  to: (value) => (items(value).length === 0 ? noElements : items(value).map((item) => toPart(of, item))),
})

export const map = (key: DriverCodec, of: DriverCodec): DriverCodec => ({
  from: (value) =>
    canonicalMap(
      Array.from(value as Map<unknown, unknown>, ([name, item]) => [fromPart(key, name), fromPart(of, item)] as const),
    ),
  to: (value) =>
    new Map(
      items(value).map((entry) => {
        const [name, item] = items(entry)
        return [toPart(key, name), toPart(of, item)]
      }),
    ),
})

export const tuple = (parts: readonly DriverCodec[]): DriverCodec => ({
  from: (value) => parts.map((codec, index) => fromPart(codec, (value as types.Tuple).get(index))),
  to: (value) => types.Tuple.fromArray(parts.map((codec, index) => toPart(codec, items(value)[index]))),
})

export const vector = (of: DriverCodec): DriverCodec => ({
  from: (value) => (value as types.Vector).elements.map((item: unknown) => fromPart(of, item)),
  to: (value) => new types.Vector(items(value).map((item) => toPart(of, item))),
})

export const udt = (fields: readonly { readonly name: string; readonly codec: DriverCodec }[]): DriverCodec => ({
  from: (value) => {
    const object = value as Readonly<Record<string, unknown>>
    // The driver leaves the last fields out where the row is older than they are, and the object is a plain one.
    return fields.map(({ name, codec }) => (Object.hasOwn(object, name) ? fromPart(codec, object[name]) : null))
  },
  to: (value) => {
    const object = Object.create(null) as Record<string, unknown>
    for (const [index, { name, codec }] of fields.entries()) object[name] = toPart(codec, items(value)[index])
    return object
  },
})
