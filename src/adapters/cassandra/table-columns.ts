/** The columns of all tables of a keyspace as the server describes them now. */
import { types } from 'cassandra-driver'
import type { Session } from './client.js'

export interface TableColumn {
  readonly name: string
  readonly kind: 'partition_key' | 'clustering' | 'regular' | 'static'
  /** Place within its kind of key column, from 0; −1 for others. */
  readonly position: number
  /** As CQL writes it, such as `frozen<list<int>>`. */
  readonly type: string
}

/** Columns by table name, each in the order that DESCRIBE shows them. */
export type KeyspaceColumns = ReadonlyMap<string, readonly TableColumn[]>

const kindOrder: readonly TableColumn['kind'][] = ['partition_key', 'clustering', 'static', 'regular']

export const readKeyspaceColumns = async (
  session: Pick<Session, 'execute'>,
  keyspace: string,
): Promise<KeyspaceColumns> => {
  const tables = new Map<string, TableColumn[]>()
  const answer = await session.execute(
    'SELECT table_name, column_name, kind, position, type FROM system_schema.columns WHERE keyspace_name = ?',
    [keyspace],
    // Each node has the schema itself; this is small, so one page holds it.
    { prepare: true, isIdempotent: true, fetchSize: 0, consistency: types.consistencies.localOne },
  )
  for (const row of answer.rows) {
    const table = String(row.get('table_name'))
    const columns = tables.get(table) ?? []
    tables.set(table, columns)
    columns.push({
      name: String(row.get('column_name')),
      kind: row.get('kind') as TableColumn['kind'],
      position: Number(row.get('position')),
      type: String(row.get('type')),
    })
  }
  for (const columns of tables.values()) {
    columns.sort((a, b) => kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind) || a.position - b.position)
  }
  return tables
}

/** The table in a few lines of CQL, for messages that say what was found. */
export const describeTable = (name: string, columns: readonly TableColumn[]): string => {
  const names = (kind: TableColumn['kind']): string[] =>
    columns.filter((column) => column.kind === kind).map((column) => column.name)
  const partition = names('partition_key').join(', ')
  const key = [`(${partition})`, ...names('clustering')].join(', ')
  const lines = columns.map(({ name, type, kind }) => `${name} ${type}${kind === 'static' ? ' static' : ''}`)
  return `CREATE TABLE ${name} (${[...lines, `PRIMARY KEY (${key})`].join(', ')})`
}

/**
 * The first column of `before` that is gone or different now, as `table.column`. Tables and columns that were added do
 * not matter to statements that were made before.
 */
export const firstChange = (before: KeyspaceColumns, now: KeyspaceColumns): string | undefined => {
  for (const [table, columns] of before) {
    const current = new Map(now.get(table)?.map((column) => [column.name, column]))
    const changed = columns.find(({ name, kind, type }) => {
      const column = current.get(name)
      return column?.kind !== kind || column.type !== type
    })
    if (changed !== undefined) return `${table}.${changed.name}`
  }
  return undefined
}
