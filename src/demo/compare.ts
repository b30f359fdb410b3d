/** Compares both stores in full, and with what the writers were acknowledged. For demo and tests: it holds all in memory. */
import { readSource } from '../core/mapping.js'
import { differingFields, type Fields } from '../core/record.js'
import type { Pair } from '../sync/pair.js'
import type { Acknowledged } from './writers.js'

export interface Difference {
  readonly id: string
  readonly what: string
}

const forever = Number.MAX_SAFE_INTEGER

/** Every difference between index and table, by id. `entries` must not have expired yet. */
export const compareStores = async (
  pair: Pair,
  acknowledged: readonly Acknowledged[],
  signal: AbortSignal,
): Promise<{ readonly records: number; readonly differences: readonly Difference[] }> => {
  const documents = new Map<string, { readonly version: number; readonly fields: Fields }>()
  const view = await pair.documents.openView([{ from: 0, to: forever }], signal)
  try {
    for await (const page of view.pages(signal)) {
      for (const { id, version, source } of page) {
        const read = readSource(source, pair.rows.columns)
        if ('mismatch' in read) throw new Error(`document ${id}: ${read.mismatch}`)
        documents.set(id, { version, fields: read.fields })
      }
    }
  } finally {
    await view.close()
  }
  const labels = new Map<string, number>()
  for await (const page of pair.rows.entries(0, signal)) {
    for (const { id, version } of page) labels.set(id, Math.max(version, labels.get(id) ?? 0))
  }
  const ids = new Set([...documents.keys(), ...labels.keys(), ...acknowledged.map(({ id }) => id)])
  const rows = await pair.rows.getMany([...ids], signal)
  const expected = joined(acknowledged)

  const differences: Difference[] = []
  for (const id of ids) {
    const document = documents.get(id)
    const row = rows.get(id)
    const version = labels.get(id)
    const winner = expected.get(id)
    if (document === undefined || row === undefined) {
      differences.push({ id, what: `missing in ${document === undefined ? 'Elasticsearch' : 'Cassandra'}` })
      continue
    }
    if (version !== document.version) {
      differences.push({ id, what: `version ${document.version} in Elasticsearch, ${version ?? 'none'} in Cassandra` })
    }
    const fields = differingFields(document.fields, row.fields)
    if (fields.length > 0) differences.push({ id, what: `different in ${fields.join(', ')}` })
    if (winner !== undefined && winner.version !== document.version) {
      differences.push({ id, what: `acknowledged at version ${winner.version}, stored at ${document.version}` })
    } else if (winner !== undefined && document.fields.get('votes') !== winner.movie.votes) {
      differences.push({ id, what: `the acknowledged write of version ${winner.version} on ${winner.side} is gone` })
    }
  }
  return { records: ids.size, differences }
}

/** The greatest version of each id; a tie goes to Elasticsearch. */
const joined = (acknowledged: readonly Acknowledged[]): ReadonlyMap<string, Acknowledged> => {
  const winners = new Map<string, Acknowledged>()
  for (const write of acknowledged) {
    const best = winners.get(write.id)
    const wins =
      best === undefined ||
      write.version > best.version ||
      (write.version === best.version && write.side === 'elasticsearch')
    if (wins) winners.set(write.id, write)
  }
  return winners
}
