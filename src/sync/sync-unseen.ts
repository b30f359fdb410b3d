/**
 * What an audit does about records that a look with an end cannot decide.
 *
 * An audit runs a window of the past again, for writes that landed after everybody had stopped looking. Its look has an
 * end, so that an audit costs as much as the records that it reads. What was written too late for that (look-end.ts) is
 * mostly what was written again since, and its document tells so. Only for what then remains, if anything does, are all
 * entries read up to the present.
 */
import { chunked } from '../core/concurrency.js'
import type { UuidMap } from '../core/uuid-map.js'
import type { Version } from '../core/version.js'
import { Looks } from './look.js'
import { readAgain, syncChunk, type Run } from './sync-chunk.js'

/** As many as a window works on at a time. */
const chunkSize = 2_000

/** @param from where the looks of the run begin */
export const syncUnseen = async (run: Run, from: Version, unseen: UuidMap): Promise<void> => {
  const suspects = await lastCarriedBy(run, unseen)
  if (suspects.length === 0) return
  const wanted = new Set(suspects)
  const looks = new Looks(run.pair, { from }, run.signal, (id) => wanted.has(id))
  const look = await looks.first()
  for (const ids of chunked(suspects, chunkSize)) {
    const { reading, todo } = await readAgain({ ...run, looks }, ids, look)
    await syncChunk({ ...run, looks }, todo, reading)
  }
}

/** A document at or beyond the end of the window says that a later one has carried the record on. */
const lastCarriedBy = async ({ pair, window, signal }: Run, unseen: UuidMap): Promise<string[]> => {
  const ids = [...unseen].map(([id]) => id)
  const last: string[] = []
  for (const chunk of chunked(ids, chunkSize)) {
    const documents = await pair.documents.getMany(chunk, signal)
    last.push(...chunk.filter((id) => (documents.get(id)?.version ?? -1) < window.to))
  }
  return last
}
