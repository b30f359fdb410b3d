/** Ids between their text and the bytes that the driver binds and reads. */
import type { types } from 'cassandra-driver'
import { readUuid, uuidOf, wordsPerUuid } from '../../core/uuid-words.js'

const words = new Uint32Array(wordsPerUuid)

/** An id as the driver binds it; also its partition key's bytes, for routing. The id must be a UUID in canonical form. */
export const idBytes = (id: string): Buffer => {
  if (!readUuid(id, words)) throw new RangeError(`an id of ${id.length} characters is not a UUID`)
  const bytes = Buffer.allocUnsafe(16)
  for (let at = 0; at < wordsPerUuid; at += 1) bytes.writeUInt32BE(words[at]!, at * 4)
  return bytes
}

/** The id of a row of ours: every select of ids gives it this name. */
export const idOf = (row: Readonly<Record<string, unknown>>): string => uuidTextOf(row['id'] as types.Uuid)

/** The driver's own text takes three times as long. */
export const uuidTextOf = (uuid: types.Uuid): string => {
  const bytes = uuid.getBuffer()
  return uuidOf(bytes.readInt32BE(0), bytes.readInt32BE(4), bytes.readInt32BE(8), bytes.readInt32BE(12))
}
