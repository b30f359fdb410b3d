/** Ids of a pair, in groups, each once: all of them, some of them, or those of a range of versions. */
import { ring, type DocumentPart, type RunPart } from '../core/run-part.js'
import { UuidMap } from '../core/uuid-map.js'
import type { Window } from '../core/window.js'
import { canonicalUuid } from './candidate.js'
import type { ScannablePair } from './pair.js'
import type { WholePair } from './whole-pair.js'

export type Groups = AsyncIterable<readonly string[]>

/** Called for each page that was read. */
export type OnRead = (side: RunPart['side'], records: number) => void

/** All rows, then the documents that have none. */
export async function* everyId(
  pair: ScannablePair,
  whole: WholePair,
  onRead: OnRead,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  for (const part of whole.rows) {
    for await (const ids of pair.rows.scanIds(part, signal)) {
      onRead('cassandra', ids.length)
      yield ids
    }
  }
  for (const part of whole.documents) yield* withoutRow(pair, part, onRead, signal)
}

/** Ids of a part's documents that no row has. */
async function* withoutRow(
  pair: ScannablePair,
  part: DocumentPart,
  onRead: OnRead,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  for await (const ids of pair.documents.scanIds(part, signal)) {
    onRead('elasticsearch', ids.length)
    const rows = await pair.rows.getMany(
      ids.filter((id) => canonicalUuid.test(id)),
      signal,
    )
    const rest = ids.filter((id) => !rows.has(id))
    if (rest.length > 0) yield rest
  }
}

/** Documents and entries whose version lies in the range. */
export async function* idsOfRange(
  pair: ScannablePair,
  range: Window,
  onRead: OnRead,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const given = new UuidMap()
  const view = await pair.documents.openView([range], signal)
  try {
    for await (const page of view.pages(signal)) {
      onRead('elasticsearch', page.length)
      for (const { id } of page) if (canonicalUuid.test(id)) given.raise(id, 0)
      yield page.map(({ id }) => id)
    }
  } finally {
    await view.close()
  }
  for await (const page of pair.rows.entries(range.from, signal, range.to)) {
    onRead('cassandra', page.length)
    const ids = [...new Set(page.map(({ id }) => id))].filter((id) => !given.has(id))
    for (const id of ids) given.raise(id, 0)
    if (ids.length > 0) yield ids
  }
}

/** How many neighbours to take from one place of the ring: a few, so that many places are seen. */
const neighbours = 10

/**
 * About `count` records chosen at random, half of them by their rows and half by their documents.
 * @param random in [0, 1)
 */
export async function* someIds(
  pair: ScannablePair,
  count: number,
  random: () => number,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const given = new Set<string>()
  const fresh = (ids: readonly string[], most: number): string[] => {
    const chosen = ids.filter((id) => !given.has(id)).slice(0, Math.max(0, most))
    for (const id of chosen) given.add(id)
    return chosen
  }
  const ofDocuments = Math.floor(count / 2)
  yield fresh(await pair.documents.sampleIds(ofDocuments, signal), ofDocuments)
  // Places may hold nothing, or what was given before: an end for a table that has fewer rows than are asked for.
  for (let tries = 0; given.size < count && tries < count / neighbours + 20; tries += 1) {
    for await (const ids of rowsFromSomewhere(pair, random, signal)) {
      yield fresh(ids, Math.min(neighbours, count - given.size))
      break
    }
  }
}

const rowsFromSomewhere = ({ rows }: ScannablePair, random: () => number, signal: AbortSignal): Groups => {
  const offset = (BigInt(Math.floor(random() * 2 ** 52)) * (ring.last - ring.first)) / 2n ** 52n
  return rows.scanIds({ side: 'cassandra', from: String(ring.first + offset), to: String(ring.last) }, signal)
}
