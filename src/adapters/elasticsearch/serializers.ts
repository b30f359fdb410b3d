/**
 * What the client turns bodies into text with. Its own default refuses nothing either as long as the protection
 * against prototype poisoning is off, but that is an option of the client; here it is a property of the code: a
 * document with a field `__proto__` or `constructor` is data, and must not make a whole page fail.
 */
import { errors, Serializer } from '@elastic/elasticsearch'
import { parseExactJson, stringifyExactJson } from './exact-json.js'

interface Codec {
  readonly parse: (text: string) => unknown
  readonly stringify: (value: unknown) => string
}

const serializerWith = ({ parse, stringify }: Codec): typeof Serializer =>
  class extends Serializer {
    override serialize(value: Record<string, unknown>): string {
      try {
        return stringify(value)
      } catch (error) {
        throw new errors.SerializationError(messageOf(error), value)
      }
    }

    // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as the class that is extended has it
    override deserialize<T = unknown>(text: string): T {
      try {
        return parse(text) as T
      } catch (error) {
        // The text itself may be large and hold anything: it does not go into an error.
        throw new errors.DeserializationError(messageOf(error), '')
      }
    }
  }

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** `JSON.parse` makes `__proto__` an ordinary field, and `JSON.stringify` writes it back. */
export const PlainSerializer = serializerWith({
  parse: (text) => JSON.parse(text) as unknown,
  stringify: (value) => JSON.stringify(value),
})

/** For tables with bigint, varint or decimal columns. */
export const ExactSerializer = serializerWith({ parse: parseExactJson, stringify: stringifyExactJson })
