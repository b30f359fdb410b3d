/** One row of a table as Cassandra keeps it: every cell by itself, the newest write time wins. */
import type { CanonicalValue, Row } from '../../core/record.js'
import type { Micros } from '../../core/version.js'

/** A value, or null for a tombstone. */
export type CellValue = CanonicalValue

interface Cell {
  readonly value: CellValue
  readonly time: Micros
}

export class CellRow {
  readonly #cells = new Map<string, Cell>()
  #markedAt = -Infinity
  #deletedAt = -Infinity

  /** INSERT: null writes a tombstone, and what is not in `cells` is left as it is. */
  insert(cells: Iterable<readonly [string, CellValue]>, time: Micros): void {
    this.#markedAt = Math.max(this.#markedAt, time)
    for (const [name, value] of cells) {
      const there = this.#cells.get(name)
      if (there === undefined || wins({ value, time }, there)) this.#cells.set(name, { value, time })
    }
  }

  delete(time: Micros): void {
    this.#deletedAt = Math.max(this.#deletedAt, time)
  }

  /**
   * The row as a reader sees it; undefined where it is not there.
   * Tombstones cannot be seen, so a row of nulls exists and has no write time.
   * @param columns those that are read
   */
  read(columns: readonly string[]): Row | undefined {
    const live = [...this.#cells].filter(([, { value, time }]) => value !== null && time > this.#deletedAt)
    if (live.length === 0 && this.#markedAt <= this.#deletedAt) return undefined
    const fields = new Map<string, CanonicalValue>()
    let writeTime: Micros | undefined
    for (const [name, { value, time }] of live) {
      if (!columns.includes(name)) continue
      fields.set(name, value)
      writeTime = Math.max(time, writeTime ?? -Infinity)
    }
    return { fields, writeTime }
  }
}

/** At one and the same time a tombstone wins, else the greater value: two writers' rows mix, cell by cell. */
const wins = (ours: Cell, theirs: Cell): boolean => {
  if (ours.time !== theirs.time) return ours.time > theirs.time
  if (ours.value === null || theirs.value === null) return ours.value === null
  return isGreater(ours.value, theirs.value)
}

/** Cassandra compares the bytes, without a sign: a negative number beats the others. */
const isGreater = (ours: CanonicalValue, theirs: CanonicalValue): boolean => {
  if (isNumber(ours) && isNumber(theirs)) {
    const [a, b] = [ours < 0, theirs < 0]
    return a === b ? ours > theirs : a
  }
  return Buffer.compare(bytes(ours), bytes(theirs)) > 0
}

const isNumber = (value: CanonicalValue): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint'

const bytes = (value: CanonicalValue): Buffer =>
  Buffer.from(
    typeof value === 'string'
      ? value
      : JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? part.toString() : part)),
  )
