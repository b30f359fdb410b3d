/** What both stores have to hold in the end: the join of everything that clients wrote. */
import { sameFields, type Fields } from '../../src/core/record.js'
import type { Version } from '../../src/core/version.js'
import { winners } from '../support/winners.js'
import { columns, nameOf, shown, shownFields, type Landed, type World } from './world.js'

/** Everything that is not as it has to be once all is quiet. */
export const differences = (world: World): string[] => world.ids.flatMap((id) => differencesOf(world, id))

const differencesOf = (world: World, id: string): string[] => {
  const landed = world.landed.filter((write) => write.id === id)
  if (landed.length === 0) return []
  const document = world.documents.documents().get(id)
  const row = world.rows.rowOf(id)
  const name = `record ${nameOf(id)}`
  const expected = winners(landed)
  const purgeable = expected.filter((write) => world.isPurged(write))
  if (document === undefined && row === undefined && purgeable.length > 0) return []
  if (purgeable.length === expected.length) return [`${name} is not purged`]
  if (document === undefined) return [`${name} has no document`]
  const standing = landed.find(({ side, version }) => side === 'elasticsearch' && version === document.version)
  // A document that is set aside leaves the row as it is, whatever that is.
  if (standing?.breach !== undefined) return row === undefined ? [] : unwritten(landed, row.fields, `${name}: the row`)
  if (row === undefined) return [`${name} has no row`]
  const inDocument = fieldsOf(document.source)
  return [
    ...versionFaults(world, id, document.version, expected[0]!.version),
    ...(sameFields(inDocument, row.fields)
      ? []
      : [`${name}: the document has ${shownFields(inDocument)}, the row ${shownFields(row.fields)}`]),
    ...contentFaults(landed, expected, inDocument, `${name}: the document`),
    ...contentFaults(landed, expected, row.fields, `${name}: the row`),
    ...noteFaults(world, id, document.source['note']),
  ]
}

const versionFaults = (world: World, id: string, ofDocument: Version, expected: Version): string[] => {
  const name = `record ${nameOf(id)}`
  const found: string[] = []
  if (ofDocument !== expected) {
    found.push(`${name}: the document has version ${shown(ofDocument)} instead of ${shown(expected)}`)
  }
  const label = world.newestLabel(id)
  if (label !== expected) {
    const text = label === undefined ? 'none' : shown(label)
    found.push(`${name}: the newest entry is ${text} instead of ${shown(expected)}`)
  }
  return found
}

const contentFaults = (
  landed: readonly Landed[],
  expected: readonly Landed[],
  fields: Fields,
  what: string,
): string[] => {
  if (expected.some(({ content }) => sameFields(fieldsOf(content), fields))) return []
  const contents = expected.map(({ content }) => JSON.stringify(content)).join(' or ')
  return [...unwritten(landed, fields, what), `${what} has ${shownFields(fields)} instead of ${contents}`]
}

/** No row or document is mixed from two writers. */
const unwritten = (landed: readonly Landed[], fields: Fields, what: string): string[] =>
  landed.some(({ content }) => sameFields(fieldsOf(content), fields))
    ? []
    : [`nobody wrote what ${what} has: ${shownFields(fields)}`]

const noteFaults = (world: World, id: string, note: unknown): string[] => {
  const expected = world.notes.expected(id)
  if (expected === undefined || note === expected) return []
  return [`record ${nameOf(id)}: the field that is not mirrored is ${String(note)} instead of ${expected}`]
}

const fieldsOf = (source: Readonly<Record<string, unknown>>): Fields =>
  new Map(
    columns.flatMap(({ name }) => {
      const value = source[name]
      return typeof value === 'string' || value === true ? [[name, value] as const] : []
    }),
  )
