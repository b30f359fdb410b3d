/**
 * Compares what both stores hold with what clients know that they wrote. Pure, and tested by itself: a judge that
 * overlooks things would let every chaos pass.
 */
import { winners } from '../../support/winners.js'
import { sameContent, type Attempt, type Content, type Sighting } from './history.js'

/** What both stores hold of one record. */
export interface Stored {
  readonly document?: { readonly version: number; readonly content: Content }
  readonly row?: Content
  /** Its newest entry. */
  readonly label?: number
}

/**
 * `lost`: an acknowledged write is gone, and nothing greater is there. `different`: the stores disagree. `mixed`: nobody
 * wrote what one of them holds. `wrong`: somebody did, but it is not the winner. `went back`: a version was seen and a
 * smaller one after it.
 */
export type ComplaintKind = 'lost' | 'different' | 'mixed' | 'wrong' | 'went back'

export interface Complaint {
  readonly kind: ComplaintKind
  readonly id: string
  readonly text: string
}

/** Everything that is not as it has to be once all is quiet. Attempts whose outcome is unknown may have landed or not. */
export const judge = (
  attempts: readonly Attempt[],
  stored: ReadonlyMap<string, Stored>,
  sightings: readonly Sighting[],
): Complaint[] => {
  const byId = new Map<string, Attempt[]>()
  for (const attempt of attempts) {
    const others = byId.get(attempt.id)
    if (others === undefined) byId.set(attempt.id, [attempt])
    else others.push(attempt)
  }
  return [...[...byId].flatMap(([id, own]) => judgeRecord(id, own, stored.get(id) ?? {})), ...stepsBack(sightings)]
}

const judgeRecord = (id: string, attempts: readonly Attempt[], { document, row, label }: Stored): Complaint[] => {
  const complaints: Complaint[] = []
  const complain = (kind: ComplaintKind, text: string): void => void complaints.push({ kind, id, text })

  const possible = attempts.filter(({ outcome }) => outcome !== 'refused')
  const acknowledged = attempts.filter(({ outcome }) => outcome === 'acknowledged')
  const newest = Math.max(-1, ...acknowledged.map(({ version }) => version))
  const versions = { document: document?.version ?? -1, row: row === undefined ? -1 : (label ?? -1) }
  for (const [where, version] of Object.entries(versions)) {
    if (version < newest) complain('lost', `version ${newest} was acknowledged, the ${where} has ${shown(version)}`)
  }
  if (versions.document !== versions.row) {
    complain('different', `version ${shown(versions.document)} in Elasticsearch, ${shown(versions.row)} in Cassandra`)
  }
  if (document !== undefined && row !== undefined && !sameContent(document.content, row)) {
    complain('different', `${JSON.stringify(document.content)} in Elasticsearch, ${JSON.stringify(row)} in Cassandra`)
  }
  for (const [where, content] of [['document', document?.content] as const, ['row', row] as const]) {
    if (content === undefined) continue
    const authors = possible.filter((attempt) => sameContent(attempt.content, content))
    const text = `the ${where} has ${JSON.stringify(content)} at version ${shown(versions[where])}`
    if (authors.length === 0) complain('mixed', `nobody wrote it: ${text}`)
    else if (!authors.some((author) => mayWin(author, versions[where], acknowledged))) {
      complain('wrong', `it is not the winner: ${text}`)
    }
  }
  return complaints
}

/** Whether it wins over everything that is known to have landed. */
const mayWin = (author: Attempt, version: number, acknowledged: readonly Attempt[]): boolean =>
  author.version === version && winners([...acknowledged, author]).includes(author)

const stepsBack = (sightings: readonly Sighting[]): Complaint[] => {
  const newest = new Map<string, Sighting>()
  return sightings.flatMap((sighting): Complaint[] => {
    const { id, where, version, era } = sighting
    const key = `${where} ${id}`
    const before = newest.get(key)
    if (before === undefined || before.era !== era || version >= before.version) {
      newest.set(key, sighting)
      return []
    }
    return [{ kind: 'went back', id, text: `the ${where} went back from version ${before.version} to ${version}` }]
  })
}

const shown = (version: number): string => (version < 0 ? 'none' : String(version))
