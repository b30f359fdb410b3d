/**
 * What the client turns bodies into text with. Documents are the user's: a number keeps its digits whether a column
 * mirrors it or not, and a field `__proto__` or `constructor` is data, which must not make a whole page fail. The
 * client's own refuses nothing either as long as its protection against prototype poisoning is off; here that is a
 * property of the code.
 */
import { errors, Serializer } from '@elastic/elasticsearch'
import { parseExactJson, stringifyExactJson } from './exact-json.js'

export class ExactSerializer extends Serializer {
  override serialize(value: Record<string, unknown>): string {
    try {
      return stringifyExactJson(value)
    } catch (error) {
      throw new errors.SerializationError(messageOf(error), value)
    }
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as the class that is extended has it
  override deserialize<T = unknown>(text: string): T {
    try {
      return parseExactJson(text) as T
    } catch (error) {
      // The text itself may be large and hold anything: it does not go into an error.
      throw new errors.DeserializationError(messageOf(error), '')
    }
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
