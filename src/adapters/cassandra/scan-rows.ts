/** Reading rows by ranges of the ring. */
import { CaesError } from '../../core/errors.js'
import { oneAhead } from '../../core/one-ahead.js'
import type { CanonicalValue, Row } from '../../core/record.js'
import { ring, type RowPart } from '../../core/run-part.js'
import { sampledMean } from '../../core/sampled-mean.js'
import { attempt, type Attempt } from './errors.js'
import { idBytes, idOf } from './ids.js'
import { readRows, rowOf, type RowReading } from './read-rows.js'
import { selectIdsOfRange } from './statements.js'

/**
 * An answer should weigh about so much, whatever rows weigh. The server puts it together in one piece of memory, which
 * doubles as it grows: from half a region of its heap on, and those may be of 1 MiB, that is taken and given back in the
 * most expensive way, and reading takes up to twice as much of its time.
 */
const targetBytes = 2e5
const firstPage = 100
const largestPage = 2_000
const idsPerPage = 5_000

/** How many rows to ask for at once: what a row weighs is a property of the table. */
export class RowPageSize {
  #rows = firstPage

  get rows(): number {
    return this.#rows
  }

  saw(page: ReadonlyMap<string, Row>): void {
    if (page.size === 0) return
    const bytes = sampledMean([...page.values()], ({ fields }) => roughBytes(Array.from(fields, ([, value]) => value)))
    this.#rows = Math.max(1, Math.min(largestPage, this.#rows * 10, Math.floor(targetBytes / bytes)))
  }
}

export interface Scanning extends RowReading {
  readonly pageSize: RowPageSize
}

export async function* scanIds(
  reading: RowReading,
  part: RowPart,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const query = { cql: selectIdsOfRange(reading.names), params: tokensOf(part), size: () => idsPerPage }
  const pages = pagesOf(reading, query, signal)
  for await (const rows of oneAhead(pages)) yield rows.map(idOf)
}

export const scanRows = (
  scanning: Scanning,
  part: RowPart,
  signal: AbortSignal,
): AsyncGenerator<ReadonlyMap<string, Row>> =>
  rowsOf(scanning, { cql: scanning.select.ofRange, params: tokensOf(part) }, signal)

/**
 * Rows by ids that lie in one stretch of the ring. Where they do not, or were given in another order, those that are
 * missing are read by their ids, and so are those that are not there.
 */
export const readNeighbours = async (
  scanning: Scanning,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Row>> => {
  const [first, last] = [ids[0], ids.at(-1)]
  const rows = new Map<string, Row>()
  if (first === undefined || last === undefined) return rows
  const wanted = new Set(ids)
  const stretch = { cql: scanning.select.ofStretch, params: [idBytes(first), idBytes(last)] }
  for await (const page of rowsOf(scanning, stretch, signal)) {
    for (const [id, row] of page) if (wanted.has(id)) rows.set(id, row)
  }
  const missing = ids.filter((id) => !rows.has(id))
  if (missing.length > 0) for (const [id, row] of await readRows(scanning, missing, signal)) rows.set(id, row)
  return rows
}

async function* rowsOf(
  scanning: Scanning,
  query: Pick<Query, 'cql' | 'params'>,
  signal: AbortSignal,
): AsyncGenerator<ReadonlyMap<string, Row>> {
  const { pageSize } = scanning
  for await (const rows of oneAhead(pagesOf(scanning, { ...query, size: () => pageSize.rows }, signal))) {
    const page = new Map(rows.map((row) => [idOf(row), rowOf(row, scanning)]))
    pageSize.saw(page)
    yield page
  }
}

interface Query {
  readonly cql: string
  readonly params: readonly (bigint | Buffer)[]
  /** Rows to ask for at once. */
  readonly size: () => number
}

const tokensOf = ({ from, to }: RowPart): bigint[] => [BigInt(from), BigInt(to)]

/** A page without rows may have a next one: what it passed over is deleted. */
async function* pagesOf(
  { session, where }: RowReading,
  { cql, params, size }: Query,
  signal: AbortSignal,
): AsyncGenerator<readonly Readonly<Record<string, unknown>>[]> {
  let pageState: string | undefined
  do {
    signal.throwIfAborted()
    const answer = await attempt({ doing: 'scanning rows', where }, () =>
      session.execute(cql, [...params], {
        prepare: true,
        isIdempotent: true,
        fetchSize: size(),
        ...(pageState === undefined ? {} : { pageState }),
      }),
    )
    signal.throwIfAborted()
    if (answer.rows.length > 0) yield answer.rows
    pageState = answer.pageState ?? undefined
  } while (pageState !== undefined)
}

const roughBytes = (value: CanonicalValue): number => {
  if (typeof value === 'string') return value.length + 8
  if (!Array.isArray(value)) return 16
  return (value as readonly CanonicalValue[]).reduce<number>((sum, item) => sum + roughBytes(item), 16)
}

/** Ranges of tokens are told by one partitioner, the default of every release in use. */
export const checkPartitioner = async ({ session, where }: RowReading): Promise<void> => {
  const reading: Attempt = { doing: 'asking for the partitioner', where }
  const answer = await attempt(reading, () =>
    session.execute('SELECT partitioner FROM system.local', [], { isIdempotent: true }),
  )
  const partitioner = String(answer.rows[0]?.['partitioner'])
  if (partitioner.endsWith('.Murmur3Partitioner')) return
  throw new CaesError('CAES_SCHEMA_MISMATCH', `the cluster has the partitioner ${partitioner}`, {
    where,
    hint: 'Reading a whole table by ranges needs Murmur3Partitioner. Ranges of versions can be compared and synced: give --from and --to.',
  })
}

/**
 * From what one node knows of its own ranges, as the cluster's other readers of whole tables do it. It is brought up to
 * date every few minutes, from what was flushed.
 */
export const estimateRows = async ({ session, names, where }: RowReading): Promise<number> => {
  const answer = await attempt({ doing: 'estimating the number of rows', where }, () =>
    session.execute(
      'SELECT range_start, range_end, partitions_count FROM system.size_estimates WHERE keyspace_name = ? AND table_name = ?',
      [names.keyspace, names.dataTable],
      { prepare: true, isIdempotent: true },
    ),
  )
  let rows = 0
  let covered = 0n
  for (const row of answer.rows) {
    const [start, end] = [BigInt(String(row['range_start'])), BigInt(String(row['range_end']))]
    rows += Number(row['partitions_count'])
    covered += end > start ? end - start : end - start + ringLength
  }
  return covered === 0n ? 0 : Math.round((rows * Number(ringLength)) / Number(covered))
}

const ringLength = ring.last - ring.first
