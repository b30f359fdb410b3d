import { describeType, type ColumnType } from '../column.js'
import type { Json } from '../json.js'
import type { CanonicalValue } from '../record.js'
import { exactNumber, isExactNumber } from './exact.js'
import { canonicalMap, canonicalSet, compareValues } from './order.js'
import { isArray, misfit, Mismatch, notRepresentable, within, type Present, type ValueCodec } from './value-codec.js'

type Of<Kind extends ColumnType['kind']> = Extract<ColumnType, { kind: Kind }>
type Compile = (type: ColumnType) => ValueCodec

/** A value of a list or vector. Cassandra's collections hold no nulls, so leaving one out would move the others. */
const element = (codec: ValueCodec, type: ColumnType, value: Json, index: number): CanonicalValue =>
  within(`[${index}]`, () => {
    if (value === null) throw misfit(value, describeType(type))
    return codec.read(value)
  })

const items = (value: CanonicalValue): readonly CanonicalValue[] => value as readonly CanonicalValue[]

const written = (codec: ValueCodec, value: CanonicalValue, step: string): Json =>
  within(step, () => {
    if (value === null) throw notRepresentable('an element without a value')
    return codec.write(value)
  })

export const list = (type: Of<'list' | 'set'>, compile: Compile): ValueCodec => {
  const of = compile(type.of)
  return {
    read: (value) => {
      // Elasticsearch makes no difference between a value and an array of that one value.
      const array = isArray(value) ? value : [value]
      const read = array.map((item, index) => element(of, type.of, item, index))
      return type.kind === 'set' ? canonicalSet(read) : read
    },
    write: (value) => items(value).map((item, index) => written(of, item, `[${index}]`)),
  }
}

export const vector = (type: Of<'vector'>, compile: Compile): ValueCodec => {
  const of = compile(type.of)
  return {
    read: (value) => {
      if (!isArray(value)) throw misfit(value, describeType(type))
      if (value.length !== type.dimension) {
        throw new Mismatch(`array of ${value.length} does not fit ${describeType(type)}`)
      }
      return value.map((item, index) => element(of, type.of, item, index))
    },
    write: (value) => items(value).map((item, index) => written(of, item, `[${index}]`)),
  }
}

export const map = (type: Of<'map'>, compile: Compile): ValueCodec => {
  const key = compile(type.key)
  const of = compile(type.value)
  const readValue = (value: Json): CanonicalValue =>
    // The key is left out of the path: it is data.
    within('{value}', () => {
      if (value === null) throw misfit(value, describeType(type.value))
      return of.read(value)
    })
  const writeKey = (value: CanonicalValue): Json => written(key, value, '{key}')
  const writeValue = (value: CanonicalValue): Json => written(of, value, '{value}')
  return isScalar(type.key)
    ? {
        read: (value) =>
          distinct(
            type,
            membersOf(value, type).map(([name, item]) => [
              within('{key}', () => readKey(key, type.key, name)),
              readValue(item),
            ]),
          ),
        write: (value) => {
          const object: Record<string, Json> = {}
          for (const entry of items(value)) {
            const [name, item] = items(entry)
            setOwn(object, nameOf(writeKey(name!)), writeValue(item!))
          }
          return object
        },
      }
    : {
        read: (value) => distinct(type, pairsOf(value, type, key, readValue)),
        write: (value) =>
          items(value).map((entry) => {
            const [name, item] = items(entry)
            return [writeKey(name!), writeValue(item!)]
          }),
      }
}

/** Has one JSON value that can be the name of an object's member. */
const isScalar = (type: ColumnType): boolean => !('of' in type || 'key' in type || 'fields' in type)

const nameOf = (key: Json): string => {
  if (isExactNumber(key)) return key.value
  return typeof key === 'object' ? JSON.stringify(key) : String(key)
}

const numeric: ReadonlySet<string> = new Set(['int', 'smallint', 'tinyint', 'float', 'double'])

const readKey = (codec: ValueCodec, type: ColumnType, name: string): CanonicalValue => {
  if (!numeric.has(type.kind)) return codec.read(name)
  if (!/^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(name)) throw misfit(name, type.kind)
  return codec.read(exactNumber(name))
}

const distinct = (type: ColumnType, entries: (readonly [CanonicalValue, CanonicalValue])[]): CanonicalValue => {
  const sorted = canonicalMap(entries)
  if (sorted.some((entry, index) => index > 0 && compareValues(sorted[index - 1]![0], entry[0]) === 0)) {
    throw new Mismatch(`two names of the object are the same key of ${describeType(type)}`)
  }
  return sorted
}

const pairsOf = (
  value: Present,
  type: Of<'map'>,
  key: ValueCodec,
  readValue: (value: Json) => CanonicalValue,
): (readonly [CanonicalValue, CanonicalValue])[] => {
  if (!isArray(value)) throw misfit(value, describeType(type))
  return value.map((pair, index) =>
    within(`[${index}]`, () => {
      if (!isArray(pair) || pair.length !== 2) throw misfit(pair, 'a pair of key and value')
      return [element(key, type.key, pair[0]!, 0), readValue(pair[1]!)] as const
    }),
  )
}

/** The members of a JSON object; anything else does not fit `type`. */
export const membersOf = (value: Present, type: ColumnType): [string, Json][] => {
  if (typeof value !== 'object' || isArray(value) || isExactNumber(value)) throw misfit(value, describeType(type))
  return Object.entries(value)
}

/** Plain assignment to `__proto__` would change what the object is instead of naming a member. */
export const setOwn = (object: Record<string, Json>, name: string, value: Json): void => {
  if (name === '__proto__') {
    Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true })
  } else object[name] = value
}
