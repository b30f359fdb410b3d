import { describeType, type ColumnType } from '../column.js'
import type { Json } from '../json.js'
import type { CanonicalValue } from '../record.js'
import { membersOf, setOwn } from './collections.js'
import { isArray, misfit, Mismatch, within, type ValueCodec } from './value-codec.js'

type Of<Kind extends ColumnType['kind']> = Extract<ColumnType, { kind: Kind }>
type Compile = (type: ColumnType) => ValueCodec

const items = (value: CanonicalValue): readonly CanonicalValue[] => value as readonly CanonicalValue[]
const readPart = (codec: ValueCodec, value: Json | undefined): CanonicalValue =>
  value === null || value === undefined ? null : codec.read(value)
const writePart = (codec: ValueCodec, value: CanonicalValue | undefined): Json =>
  value === null || value === undefined ? null : codec.write(value)

/** A JSON array with one value, maybe null, for each part. */
export const tuple = (type: Of<'tuple'>, compile: Compile): ValueCodec => {
  const parts = type.of.map((part) => compile(part))
  return {
    read: (value) => {
      if (!isArray(value)) throw misfit(value, describeType(type))
      if (value.length !== parts.length) {
        throw new Mismatch(`array of ${value.length} does not fit ${describeType(type)}`)
      }
      return parts.map((codec, index) => within(`[${index}]`, () => readPart(codec, value[index])))
    },
    write: (value) => parts.map((codec, index) => within(`[${index}]`, () => writePart(codec, items(value)[index]))),
  }
}

/** A JSON object; names that the UDT does not have are refused, as their values would be lost. */
export const udt = (type: Of<'udt'>, compile: Compile): ValueCodec => {
  const fields = type.fields.map(({ name, type }) => ({ name, codec: compile(type), step: `.${name}` }))
  const known = new Map(fields.map(({ name }, index) => [name, index]))
  return {
    read: (value) => {
      const read: CanonicalValue[] = fields.map(() => null)
      for (const [name, item] of membersOf(value, type)) {
        const index = known.get(name)
        if (index === undefined) {
          throw new Mismatch(`object with a member that is no field of ${describeType(type)}`)
        }
        const { codec, step } = fields[index]!
        read[index] = within(step, () => readPart(codec, item))
      }
      return read
    },
    // Empty fields are left out: Elasticsearch does not index a null, and the shape is known from the schema.
    write: (value) => {
      const object: Record<string, Json> = {}
      for (const [index, { name, codec, step }] of fields.entries()) {
        const item = items(value)[index]
        if (item !== null && item !== undefined)
          setOwn(
            object,
            name,
            within(step, () => codec.write(item)),
          )
      }
      return object
    },
  }
}
