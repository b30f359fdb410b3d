/** Reading the rows of a chunk, once its documents and entries have been read. */
import { sameFields, type Fields, type Row } from '../core/record.js'
import type { Version } from '../core/version.js'
import type { Reading, Run } from './sync-chunk.js'

type Rows = ReadonlyMap<string, Row>

/**
 * Where an entry tells the version that the document has, equal content needs no more (rule 9): such rows are read
 * without their write times, which take as long as the values, and once more with them only where they turn out to differ.
 * @param labels the newest entries of the ids, as far as they have any
 */
export const readRows = async (
  run: Run,
  ids: readonly string[],
  labels: ReadonlyMap<string, Version>,
  reading: Reading,
): Promise<Rows> => {
  const { pair, signal } = run
  if (reading.readRows !== undefined) return reading.readRows(ids)
  const settled = await settledRows(run, labels, reading)
  const others = ids.filter((id) => !settled.has(id))
  if (others.length === 0) return settled
  const read = await pair.rows.getMany(others, signal)
  return settled.size === 0 ? read : new Map([...settled, ...read])
}

const settledRows = async (
  { pair: { rows, rules }, signal }: Run,
  labels: ReadonlyMap<string, Version>,
  { candidates }: Reading,
): Promise<Rows> => {
  const settled = new Map<string, Row>()
  // Where cells tell versions, a row may be newer than its entry.
  if (rules.labels === 'write-times') return settled
  const alike = new Map<string, Fields>()
  for (const [id, label] of labels) {
    const candidate = candidates.get(id)
    if (candidate?.document.version === label && candidate.mismatch === undefined) {
      alike.set(id, candidate.document.fields)
    }
  }
  if (alike.size === 0) return settled
  for (const [id, row] of await rows.getMany([...alike.keys()], signal, { writeTimes: false })) {
    if (sameFields(alike.get(id)!, row.fields)) settled.set(id, row)
  }
  return settled
}
