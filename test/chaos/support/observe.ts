/** What both stores hold, read past the service and its adapters. */
import { setTimeout as sleep } from 'node:timers/promises'
import { chunked } from '../../../src/core/concurrency.js'
import { columns, type Attempt, type Content, type Sighting } from './history.js'
import type { Stored } from './judge.js'
import type { System } from './system.js'

/** @param since no entry of these records is older than this version */
export const readStored = async (
  system: Pick<System, 'pair'>,
  ids: readonly string[],
  since: number,
): Promise<ReadonlyMap<string, Stored>> => {
  const [documents, rows, labels] = await Promise.all([
    readDocuments(system, ids),
    readRows(system, ids),
    readLabels(system, since),
  ])
  return new Map(
    ids.map((id) => {
      const [document, row, label] = [documents.get(id), rows.get(id), labels.get(id)]
      return [
        id,
        {
          ...(document === undefined ? {} : { document }),
          ...(row === undefined ? {} : { row }),
          ...(label === undefined ? {} : { label }),
        },
      ]
    }),
  )
}

const readDocuments = async ({ pair }: Pick<System, 'pair'>, ids: readonly string[]) => {
  const found = new Map<string, { readonly version: number; readonly content: Content }>()
  for (const part of chunked(ids, 1_000)) {
    const { docs } = await pair.elasticsearch.mget<Record<string, unknown>>({ index: pair.name, ids: [...part] })
    for (const doc of docs) {
      if ('error' in doc) throw new Error(`${doc._id} cannot be read: ${doc.error.reason}`)
      if (doc.found) found.set(doc._id, { version: doc._version!, content: contentOf(doc._source!) })
    }
  }
  return found
}

const readRows = async ({ pair }: Pick<System, 'pair'>, ids: readonly string[]) => {
  const found = new Map<string, Content>()
  for (const part of chunked(ids, 100)) {
    const query = `SELECT did, ${columns.join(', ')} FROM ${pair.name}.data WHERE did IN ?`
    const { rows } = await pair.cassandra.execute(query, [part], { prepare: true, fetchSize: 0 })
    for (const row of rows) found.set(String(row['did']), contentOf(row))
  }
  return found
}

const readLabels = async ({ pair }: Pick<System, 'pair'>, since: number) => {
  const newest = new Map<string, number>()
  const query = `SELECT timestamp, did FROM ${pair.name}.ts WHERE id = 0 AND timestamp >= ?`
  for await (const row of await pair.cassandra.execute(query, [since], { prepare: true, fetchSize: 5_000 })) {
    const id = String(row['did'])
    newest.set(id, Math.max(Number(row['timestamp']), newest.get(id) ?? 0))
  }
  return newest
}

const contentOf = (source: Readonly<Record<string, unknown>>): Content =>
  Object.fromEntries(
    columns.flatMap((name) => (typeof source[name] === 'string' ? [[name, source[name]] as const] : [])),
  )

/** End of what is acknowledged on both sides, as a version; 0 before the first start. */
export const readWatermark = async ({ pair }: Pick<System, 'pair'>): Promise<number> => {
  const query = `SELECT watermark FROM ${pair.name}.caes_checkpoint WHERE pair = 'default'`
  return Number((await pair.cassandra.execute(query)).rows[0]?.['watermark'] ?? 0)
}

export interface Watching {
  readonly sightings: readonly Sighting[]
  stop(): Promise<void>
}

const looksPerSecond = 4
const recordsPerLook = 12

/** Looks at a few records after the other, again and again; a store that gives no answer is looked at later. */
export const watchVersions = (
  system: Pick<System, 'pair' | 'era'>,
  ids: readonly string[],
  attempts: readonly Attempt[],
): Watching => {
  const sightings: Sighting[] = []
  const stopping = new AbortController()
  const see = async (some: readonly string[]): Promise<void> => {
    const eras = { document: system.era('elasticsearch'), row: system.era('cassandra') }
    const [documents, rows] = await Promise.allSettled([readDocuments(system, some), readRows(system, some)])
    if (documents.status === 'fulfilled') {
      for (const [id, { version }] of documents.value) {
        sightings.push({ id, where: 'document', version, era: eras.document })
      }
    }
    if (rows.status === 'fulfilled') {
      for (const [id, content] of rows.value) {
        // The first value tells whose row it is, and so its version.
        const author = attempts.find((attempt) => attempt.id === id && attempt.content['a'] === content['a'])
        if (author !== undefined) sightings.push({ id, where: 'row', version: author.version, era: eras.row })
      }
    }
  }
  const run = async (): Promise<void> => {
    for (let at = 0; !stopping.signal.aborted; at = (at + recordsPerLook) % ids.length) {
      await see(ids.slice(at, at + recordsPerLook))
      await sleep(1_000 / looksPerSecond)
    }
  }
  const running = run()
  return {
    sightings,
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}
