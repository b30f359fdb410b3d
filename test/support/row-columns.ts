import type { Column } from '../../src/core/column.js'

/** The mirrored columns of the contract suite, as types and as CQL. */
export const rowColumns: readonly Column[] = [
  { name: 'n', type: { kind: 'int' } },
  { name: 't', type: { kind: 'text' } },
  { name: 'big', type: { kind: 'bigint' } },
  { name: 'tags', type: { kind: 'set', of: { kind: 'text' }, frozen: false } },
  { name: 'frozen_tags', type: { kind: 'set', of: { kind: 'text' }, frozen: true } },
]

export const rowColumnsCql = 'n int, t text, big bigint, tags set<text>, frozen_tags frozen<set<text>>'
