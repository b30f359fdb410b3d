/**
 * Two applications that write to one pair, each to its own store and by the contract of the README: Elasticsearch with
 * an external version that the timestamp field repeats, Cassandra with a batch into both tables.
 */
import type { Client as Elasticsearch } from '@elastic/elasticsearch'
import cassandra, { type Client as Cassandra } from 'cassandra-driver'
import type { Movie } from './movies.js'

export type Side = 'elasticsearch' | 'cassandra'

/** A write that the store acknowledged. */
export interface Acknowledged {
  readonly side: Side
  readonly id: string
  /** Seconds since 1970. */
  readonly version: number
  readonly movie: Movie
}

export type Write = (id: string, version: number, movie: Movie) => Promise<Acknowledged | undefined>

/** Resolves to undefined where the index holds a newer version already. */
export const elasticsearchWriter =
  (client: Elasticsearch, index: string): Write =>
  async (id, version, movie) => {
    const present = Object.fromEntries(Object.entries(movie).filter(([, value]) => value !== null))
    const { errors, items } = await client.bulk({
      operations: [
        { index: { _index: index, _id: id, version, version_type: 'external' } },
        { ...present, timestamp: version },
      ],
    })
    if (!errors) return { side: 'elasticsearch', id, version, movie }
    if (items[0]?.index?.status === 409) return undefined
    throw new Error(`Elasticsearch refused the write: ${items[0]?.index?.error?.type ?? 'no reason given'}`)
  }

export const cassandraWriter =
  (client: Cassandra, keyspace: string, table: string): Write =>
  async (id, version, movie) => {
    const names = Object.keys(movie) as (keyof Movie)[]
    const values = names.map((name) => driverValue(name, movie[name]))
    const row = `INSERT INTO ${keyspace}.${table} (did, ${names.join(', ')}) VALUES (?${', ?'.repeat(names.length)})`
    await client.batch(
      [
        { query: `INSERT INTO ${keyspace}.ts (id, timestamp, did) VALUES (0, ?, ?)`, params: [version, id] },
        { query: row, params: [id, ...values] },
      ],
      { prepare: true, logged: true, consistency: cassandra.types.consistencies.localQuorum },
    )
    return { side: 'cassandra', id, version, movie }
  }

/** The service's client settings are used here too: bigint columns take BigInt. */
const driverValue = (name: keyof Movie, value: string | number | null): unknown => {
  if (value === null) return null
  if (name === 'released') return cassandra.types.LocalDate.fromString(String(value))
  return name === 'budget' || name === 'gross' ? BigInt(value) : value
}

/** A seeded source of numbers in [0, 1), so that a run can be repeated (mulberry32). */
export const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export interface Load {
  readonly writes: Readonly<Record<Side, Write>>
  readonly movies: readonly { readonly id: string; readonly movie: Movie }[]
  /** Writes per second on each side. */
  readonly rate: number
  readonly random: () => number
  readonly signal: AbortSignal
  readonly onAcknowledged: (write: Acknowledged) => void
}

/** How many of the films are written to again and again. */
const hot = 40

/**
 * Writes until the signal is aborted. A client uses each version of an id once. Now and then both sides write the same
 * id in the same second: a tie.
 */
export const writeBothSides = async (load: Load): Promise<void> => {
  const used = new Map<string, number>()
  while (!load.signal.aborted) {
    const began = Date.now()
    const version = Math.floor(began / 1_000)
    const contested = Math.floor(load.random() * hot)
    const batch = (['elasticsearch', 'cassandra'] as const).flatMap((side) =>
      Array.from({ length: Math.ceil(load.rate / 4) }, (_, turn) => {
        const index = turn === 0 ? contested : Math.floor(load.random() * (turn % 3 === 0 ? hot : load.movies.length))
        return { side, ...load.movies[index % load.movies.length]! }
      }),
    )
    await Promise.all(
      batch.map(async ({ side, id, movie }) => {
        const key = `${side} ${id}`
        if ((used.get(key) ?? 0) >= version) return
        used.set(key, version)
        const acknowledged = await load.writes[side](id, version, altered(movie, load.random))
        if (acknowledged !== undefined) load.onAcknowledged(acknowledged)
      }),
    )
    const rest = 250 - (Date.now() - began)
    if (rest > 0 && !load.signal.aborted) await new Promise((resolve) => setTimeout(resolve, rest))
  }
}

/** A new count of votes, and sometimes a fact forgotten. */
const altered = (movie: Movie, random: () => number): Movie => {
  const votes = Math.floor(random() * 1_000_000)
  return random() < 0.2 ? { ...movie, votes, director: null, rating: null } : { ...movie, votes }
}
