import { rejectRecord } from './apply.js'
import { canonicalUuid, readDocuments } from './candidate.js'
import type { Run } from './sync-chunk.js'

/** The ids that can name a row. Any other can only be that of a document: what is wrong with it is noted. */
export const uuidsOf = async (run: Run, ids: readonly string[]): Promise<readonly string[]> => {
  const uuids = ids.filter((id) => canonicalUuid.test(id))
  if (uuids.length === ids.length) return uuids
  const strangers = ids.filter((id) => !canonicalUuid.test(id))
  const stored = await run.pair.documents.getMany(strangers, run.signal)
  for (const reject of readDocuments(run.pair, stored.values()).rejected.values()) rejectRecord(run, reject)
  return uuids
}
