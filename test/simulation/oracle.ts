/** What both stores have to hold in the end: the join of everything that clients wrote. */
import { sameFields, type Fields } from '../../src/core/record.js'
import { columns, nameOf, shown, shownFields, type Landed, type World } from './world.js'

/**
 * The states that may win: the greatest version; at one version the document, for Elasticsearch wins ties. Two rows of
 * one version are Cassandra's to order, and whichever was copied first is at home in Elasticsearch for good.
 */
export const winners = (landed: readonly Landed[]): readonly Landed[] => {
  const newest = Math.max(...landed.map(({ version }) => version))
  const tied = landed.filter(({ version }) => version === newest)
  const documents = tied.filter(({ side }) => side === 'elasticsearch')
  return documents.length > 0 ? documents : tied
}

/** Everything that is not as it has to be once all is quiet. */
export const differences = (world: World): string[] => world.ids.flatMap((id) => differencesOf(world, id))

const differencesOf = (world: World, id: string): string[] => {
  const landed = world.landed.filter((write) => write.id === id)
  if (landed.length === 0) return []
  const document = world.documents.documents().get(id)
  const row = world.rows.rowOf(id)
  const label = world.label(id)
  const name = `record ${nameOf(id)}`
  if (document === undefined) return [`${name} has no document`]
  if (row === undefined) return [`${name} has no row`]
  const found: string[] = []
  const expected = winners(landed)
  const version = expected[0]!.version
  const inDocument = fieldsOf(document.source)
  if (document.version !== version) {
    found.push(`${name}: the document has version ${shown(document.version)} instead of ${shown(version)}`)
  }
  if (label !== version) {
    found.push(
      `${name}: the newest entry is ${label === undefined ? 'none' : shown(label)} instead of ${shown(version)}`,
    )
  }
  if (!sameFields(inDocument, row.fields)) {
    found.push(`${name}: the document has ${shownFields(inDocument)}, the row ${shownFields(row.fields)}`)
  }
  for (const [what, fields] of [
    ['document', inDocument],
    ['row', row.fields],
  ] as const) {
    if (!landed.some(({ content }) => sameFields(fieldsOf(content), fields))) {
      found.push(`${name}: nobody wrote what the ${what} has: ${shownFields(fields)}`)
    }
    if (!expected.some(({ content }) => sameFields(fieldsOf(content), fields))) {
      const contents = expected.map(({ content }) => JSON.stringify(content)).join(' or ')
      found.push(`${name}: the ${what} has ${shownFields(fields)} instead of ${contents}`)
    }
  }
  return found
}

const fieldsOf = (source: Readonly<Record<string, unknown>>): Fields =>
  new Map(
    columns.flatMap(({ name }) => {
      const value = source[name]
      return typeof value === 'string' ? [[name, value] as const] : []
    }),
  )
