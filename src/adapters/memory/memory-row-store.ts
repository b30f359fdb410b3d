/**
 * A RowStore in memory, for tests and simulation. It imitates what makes Cassandra hard: cells with write times of
 * their own that mix at equal times, tombstones whose time cannot be read, and batches whose parts become visible one
 * after the other.
 */
import type { Column } from '../../core/column.js'
import { chunked } from '../../core/concurrency.js'
import type { JsonObject } from '../../core/json.js'
import type { Row } from '../../core/record.js'
import { ring, type RowPart } from '../../core/run-part.js'
import type { Micros, Version } from '../../core/version.js'
import type { RowScan } from '../../ports/scan.js'
import type { PurgeableRows, RowRemoval } from '../../ports/purge.js'
import type { Entry, MaySend, RowContent, RowStore, RowWrite, WriteOutcome } from '../../ports/store.js'
import { CellRow, type CellValue } from './cells.js'

export type MemoryRequest =
  | { readonly kind: 'read-entries'; readonly from: Version }
  | { readonly kind: 'read-rows'; readonly ids: readonly string[] }
  | { readonly kind: 'scan-rows'; readonly part: RowPart }
  | { readonly kind: 'write-entries'; readonly entries: readonly Entry[] }
  | { readonly kind: 'write-rows'; readonly writes: readonly RowWrite[] }
  | { readonly kind: 'remove-rows'; readonly removals: readonly RowRemoval[] }

/**
 * Stands before every request. `apply` does at the server what the request asks for; call it now, later, or never, and
 * throw to lose the answer. The signal is the caller's, and so tells one of several callers from the others.
 */
export type Intercept = (request: MemoryRequest, apply: () => void, signal: AbortSignal) => Promise<void>

export interface MemoryRowStoreOptions {
  readonly columns: readonly Column[]
  readonly maxVersion?: number
  readonly entriesPerPage?: number
  readonly entriesPerRequest?: number
  readonly rowsPerRequest?: number
  /** In a page of a scan. Default 1,000. */
  readonly rowsPerPage?: number
  /** Why a row is refused; undefined where it is not. */
  readonly refuse?: (write: RowWrite) => string | undefined
}

/** What a client's batch does, in parts, as other readers may come to see them. */
export interface ClientBatch {
  showEntry(): void
  showRow(): void
}

export class MemoryRowStore implements RowStore, RowScan, PurgeableRows {
  readonly columns: readonly Column[]
  readonly maxVersion: number
  intercept: Intercept = async (_, apply) => apply()
  /** How many requests were sent. */
  requests = 0
  readonly #options: MemoryRowStoreOptions
  readonly #names: readonly string[]
  readonly #rows = new Map<string, CellRow>()
  /** Versions by id. */
  readonly #entries = new Map<string, Set<Version>>()

  constructor(options: MemoryRowStoreOptions) {
    this.#options = options
    this.columns = options.columns
    this.maxVersion = options.maxVersion ?? Number.MAX_SAFE_INTEGER
    this.#names = options.columns.map(({ name }) => name)
  }

  async *entries(from: Version, signal: AbortSignal, before?: Version): AsyncGenerator<readonly Entry[]> {
    const found: Entry[] = []
    await this.#send({ kind: 'read-entries', from }, signal, () => found.push(...this.entriesFrom(from, before)))
    for (const page of chunked(found, this.#options.entriesPerPage ?? 5_000)) {
      signal.throwIfAborted()
      yield page
      signal.throwIfAborted()
    }
  }

  async getMany(ids: readonly string[], signal: AbortSignal, what?: RowContent): Promise<ReadonlyMap<string, Row>> {
    const rows = new Map<string, Row>()
    for (const group of chunked([...new Set(ids)], 100)) {
      await this.#send({ kind: 'read-rows', ids: group }, signal, () => {
        for (const id of group) {
          const row = this.rowOf(id)
          if (row !== undefined) rows.set(id, told(row, what))
        }
      })
    }
    return rows
  }

  async estimate(signal: AbortSignal): Promise<number> {
    signal.throwIfAborted()
    return this.#rows.size
  }

  async *scanIds(part: RowPart, signal: AbortSignal): AsyncGenerator<readonly string[]> {
    for await (const page of this.scan(part, signal)) yield [...page.keys()]
  }

  async getNeighbours(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Row>> {
    return await this.getMany(ids, signal)
  }

  async *scan(part: RowPart, signal: AbortSignal, what?: RowContent): AsyncGenerator<ReadonlyMap<string, Row>> {
    const [from, to] = [BigInt(part.from), BigInt(part.to)]
    const ids = this.ids().filter((id) => tokenOf(id) >= from && tokenOf(id) <= to)
    for (const group of chunked(ids, this.#options.rowsPerPage ?? 1_000)) {
      const page = new Map<string, Row>()
      await this.#send({ kind: 'scan-rows', part }, signal, () => {
        for (const id of group) {
          const row = this.rowOf(id)
          if (row !== undefined) page.set(id, told(row, what))
        }
      })
      if (page.size > 0) yield page
    }
    signal.throwIfAborted()
  }

  async writeEntries(entries: readonly Entry[], maySend: MaySend, signal: AbortSignal): Promise<readonly boolean[]> {
    const sent: boolean[] = []
    for (const group of chunked(entries, this.#options.entriesPerRequest ?? 100)) {
      const may = this.#asked(maySend, signal)
      if (may) {
        await this.#send({ kind: 'write-entries', entries: group }, signal, () => {
          for (const { id, version } of group) this.putEntry(id, version)
        })
      }
      sent.push(...group.map(() => may))
    }
    return sent
  }

  async writeRows(
    writes: readonly RowWrite[],
    _sources: ReadonlyMap<string, JsonObject>,
    maySend: MaySend,
    signal: AbortSignal,
  ): Promise<readonly WriteOutcome[]> {
    const outcomes: WriteOutcome[] = writes.map((write) => {
      const detail = this.#options.refuse?.(write)
      return detail === undefined ? { kind: 'unsent' } : { kind: 'rejected', reason: 'STATEMENT', detail }
    })
    const sendable = [...writes.keys()].filter((index) => outcomes[index]?.kind === 'unsent')
    for (const group of chunked(sendable, this.#options.rowsPerRequest ?? 10)) {
      if (!this.#asked(maySend, signal)) continue
      const rows = group.map((index) => writes[index]!)
      await this.#send({ kind: 'write-rows', writes: rows }, signal, () => {
        for (const { id, fields, clear, writeTime } of rows) {
          const cleared = clear === 'all' ? this.#names.filter((name) => !fields.has(name)) : clear
          this.putRow(id, new Map([...fields, ...Array.from(cleared, (name) => [name, null] as const)]), writeTime)
        }
      })
      for (const index of group) outcomes[index] = { kind: 'written' }
    }
    return outcomes
  }

  async removeRows(removals: readonly RowRemoval[], signal: AbortSignal): Promise<void> {
    for (const group of chunked(removals, this.#options.rowsPerRequest ?? 10)) {
      await this.#send({ kind: 'remove-rows', removals: group }, signal, () => {
        for (const { id, writeTime } of group) this.deleteRow(id, writeTime)
      })
    }
  }

  // What an application does to its tables; nothing of it counts as a request or is intercepted.

  putEntry(id: string, version: Version): void {
    const versions = this.#entries.get(id)
    if (versions === undefined) this.#entries.set(id, new Set([version]))
    else versions.add(version)
  }

  /** INSERT: null writes a tombstone, and what is not in `cells` is left as it is. */
  putRow(id: string, cells: ReadonlyMap<string, CellValue>, writeTime: Micros): void {
    this.#cellsOf(id).insert(cells, writeTime)
  }

  /** DELETE: hides what is there up to this time, and what comes later with an older one. */
  deleteRow(id: string, writeTime: Micros): void {
    this.#cellsOf(id).delete(writeTime)
  }

  /** A logged batch is atomic in the end but not isolated: the test says which part becomes visible when. */
  batch(id: string, version: Version, cells: ReadonlyMap<string, CellValue>, writeTime: Micros): ClientBatch {
    return { showEntry: () => this.putEntry(id, version), showRow: () => this.putRow(id, cells, writeTime) }
  }

  /** The TTL of entries runs out. */
  expireEntries(before: Version): void {
    for (const [id, versions] of this.#entries) {
      for (const version of versions) if (version < before) versions.delete(version)
      if (versions.size === 0) this.#entries.delete(id)
    }
  }

  expireEntry(id: string, version: Version): void {
    this.#entries.get(id)?.delete(version)
  }

  entriesFrom(from: Version, before: Version = Infinity): Entry[] {
    return [...this.#entries].flatMap(([id, versions]) =>
      [...versions].filter((version) => version >= from && version < before).map((version) => ({ id, version })),
    )
  }

  rowOf(id: string): Row | undefined {
    return this.#rows.get(id)?.read(this.#names)
  }

  ids(): string[] {
    return [...this.#rows.keys()]
  }

  #cellsOf(id: string): CellRow {
    let row = this.#rows.get(id)
    if (row === undefined) this.#rows.set(id, (row = new CellRow()))
    return row
  }

  #asked(maySend: MaySend, signal: AbortSignal): boolean {
    signal.throwIfAborted()
    return maySend()
  }

  async #send(request: MemoryRequest, signal: AbortSignal, apply: () => void): Promise<void> {
    signal.throwIfAborted()
    this.requests += 1
    await this.intercept(request, apply, signal)
  }
}

const told = (row: Row, { writeTimes }: RowContent = { writeTimes: true }): Row =>
  writeTimes ? row : { ...row, writeTime: undefined }

/** Its place in the ring: no hash, but any order will do. */
const tokenOf = (id: string): bigint =>
  ring.first + (BigInt(`0x${id.replaceAll('-', '').slice(0, 16)}`) % (ring.last - ring.first))
