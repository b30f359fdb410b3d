/**
 * Types as system_schema writes them, such as `map<text, frozen<list<"Address">>>`. Read here and not by the driver's
 * metadata, which takes a UDT `settings` for a set and cannot read a vector of anything with two parts.
 */
import { types } from 'cassandra-driver'
import type { ColumnType, ScalarKind } from '../../core/column.js'
import { CaesError } from '../../core/errors.js'
import type { Session } from './client.js'

/** The fields of a keyspace's UDTs in order, by the name of the UDT; types as system_schema writes them. */
export type UserTypes = ReadonlyMap<string, readonly { readonly name: string; readonly type: string }[]>

export const readUserTypes = async (session: Pick<Session, 'execute'>, keyspace: string): Promise<UserTypes> => {
  const answer = await session.execute(
    'SELECT type_name, field_names, field_types FROM system_schema.types WHERE keyspace_name = ?',
    [keyspace],
    // Each node has the schema itself; this is small, so one page holds it.
    { prepare: true, isIdempotent: true, fetchSize: 0, consistency: types.consistencies.localOne },
  )
  return new Map(
    answer.rows.map((row) => {
      const fieldTypes = row.get('field_types') as readonly string[]
      const names = row.get('field_names') as readonly string[]
      return [String(row.get('type_name')), names.map((name, index) => ({ name, type: fieldTypes[index]! }))]
    }),
  )
}

const scalars: ReadonlySet<string> = new Set<ScalarKind>([
  'text',
  'ascii',
  'int',
  'smallint',
  'tinyint',
  'bigint',
  'varint',
  'float',
  'double',
  'decimal',
  'boolean',
  'uuid',
  'timeuuid',
  'timestamp',
  'date',
  'time',
  'duration',
  'inet',
  'blob',
])

const isScalar = (name: string): name is ScalarKind => scalars.has(name)

/** A name with the parts in its angle brackets. A quoted name is always a UDT's. */
interface Term {
  readonly name: string
  readonly quoted: boolean
  readonly parts: readonly Term[]
}

/**
 * @param column named in the error
 * @throws CaesError CAES_SCHEMA_MISMATCH for counters and for types that cannot be mirrored
 */
export const cqlColumnType = (cql: string, column: string, userTypes: UserTypes): ColumnType => {
  const refuse = (why: string): CaesError =>
    new CaesError('CAES_SCHEMA_MISMATCH', `column "${column}" is of type ${cql} and cannot be mirrored: ${why}`, {
      hint: 'Exclude the column from the sync, or change its type.',
    })

  /** @param frozen also true of everything inside another type, whether or not the schema says so */
  const convert = ({ name, quoted, parts }: Term, frozen: boolean): ColumnType => {
    const [first, second] = parts
    if (quoted || first === undefined) return named(name, quoted, frozen)
    if (name === 'frozen') return convert(first, true)
    if (name === 'list' || name === 'set') return { kind: name, of: convert(first, true), frozen }
    if (name === 'tuple') return { kind: 'tuple', of: parts.map((part) => convert(part, true)) }
    if (name === 'map' && second !== undefined) {
      return { kind: 'map', key: convert(first, true), value: convert(second, true), frozen }
    }
    if (name === 'vector' && second !== undefined) {
      return { kind: 'vector', of: convert(first, true), dimension: Number(second.name) }
    }
    throw refuse(`${name}<…> is not known`)
  }

  const named = (name: string, quoted: boolean, frozen: boolean): ColumnType => {
    if (!quoted && isScalar(name)) return { kind: name }
    if (!quoted && name === 'counter') throw refuse('a counter can be changed by a number, but not set to one')
    const fields = userTypes.get(name)
    if (fields === undefined) throw refuse(`${name} is not known`)
    // The driver assigns fields to a plain object, where this name is not a field.
    if (fields.some((field) => field.name === '__proto__')) throw refuse('the driver cannot read a field "__proto__"')
    return {
      kind: 'udt',
      name,
      fields: fields.map(({ name, type }) => ({ name, type: convert(parse(type), true) })),
      frozen,
    }
  }

  return convert(parse(cql), false)
}

/** A quoted name, a class name of a custom type, a plain name or number, or punctuation. */
const token = /"(?:[^"]|"")*"|'[^']*'|\w+|[<>,]/g

const parse = (text: string): Term => {
  const tokens = text.match(token) ?? []
  let next = 0
  const term = (): Term => {
    const read = tokens[next++] ?? ''
    const quoted = read.startsWith('"')
    const name = quoted ? read.slice(1, -1).replaceAll('""', '"') : read
    const parts: Term[] = []
    if (tokens[next] === '<') {
      do {
        next++
        parts.push(term())
      } while (tokens[next] === ',')
      next++
    }
    return { name, quoted, parts }
  }
  return term()
}
