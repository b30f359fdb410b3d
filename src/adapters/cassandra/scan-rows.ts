/** Reading all rows, by ranges of the ring. */
import { CaesError } from '../../core/errors.js'
import { oneAhead } from '../../core/one-ahead.js'
import type { CanonicalValue, Row } from '../../core/record.js'
import { ring, type RowPart } from '../../core/run-part.js'
import { attempt, type Attempt } from './errors.js'
import { rowOf, type RowReading } from './read-rows.js'
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

export async function* scanIds(
  reading: RowReading,
  part: RowPart,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const pages = pagesOf(reading, selectIdsOfRange(reading.names), part, () => idsPerPage, signal)
  for await (const rows of oneAhead(pages)) yield rows.map((row) => String(row['id']))
}

export async function* scanRows(
  reading: RowReading,
  part: RowPart,
  signal: AbortSignal,
): AsyncGenerator<ReadonlyMap<string, Row>> {
  let size = firstPage
  for await (const rows of oneAhead(pagesOf(reading, reading.select.ofRange, part, () => size, signal))) {
    const page = new Map(rows.map((row) => [String(row['id']), rowOf(row, reading)]))
    const bytes = [...page.values()].reduce((sum, { fields }) => sum + roughBytes([...fields.values()]), 0)
    size = Math.max(1, Math.min(largestPage, size * 10, Math.floor((targetBytes * page.size) / bytes)))
    yield page
  }
}

/** A page without rows may have a next one: what it passed over is deleted. */
async function* pagesOf(
  { session, where }: RowReading,
  cql: string,
  { from, to }: RowPart,
  size: () => number,
  signal: AbortSignal,
): AsyncGenerator<readonly Readonly<Record<string, unknown>>[]> {
  let pageState: string | undefined
  do {
    signal.throwIfAborted()
    const answer = await attempt({ doing: 'scanning rows', where }, () =>
      session.execute(cql, [BigInt(from), BigInt(to)], {
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
