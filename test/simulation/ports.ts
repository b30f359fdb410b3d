/** The ports of a store with some methods changed. They are objects with private parts, which a spread would lose. */
import type { PurgeablePair } from '../../src/sync/purge.js'

type Rows = PurgeablePair['rows']
type Documents = PurgeablePair['documents']

export const rowsOf = (rows: Rows, changed: Partial<Rows>): Rows => ({
  columns: rows.columns,
  maxVersion: rows.maxVersion,
  entries: (from, signal, before) => rows.entries(from, signal, before),
  getMany: (ids, signal) => rows.getMany(ids, signal),
  writeEntries: (entries, maySend, signal) => rows.writeEntries(entries, maySend, signal),
  writeRows: (writes, sources, maySend, signal) => rows.writeRows(writes, sources, maySend, signal),
  removeRows: (removals, signal) => rows.removeRows(removals, signal),
  ...changed,
})

export const documentsOf = (documents: Documents, changed: Partial<Documents>): Documents => ({
  openView: (ranges, signal) => documents.openView(ranges, signal),
  openViewOf: (field, range, signal) => documents.openViewOf(field, range, signal),
  getMany: (ids, signal) => documents.getMany(ids, signal),
  write: (writes, maySend, signal) => documents.write(writes, maySend, signal),
  remove: (removals, signal) => documents.remove(removals, signal),
  ...changed,
})
