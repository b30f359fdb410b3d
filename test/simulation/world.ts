/** Both stores, the clients that write to them, and everything that is worth a line in the timeline. */
import { MemoryDocumentStore } from '../../src/adapters/memory/memory-document-store.js'
import { MemoryRowStore, type MemoryRequest } from '../../src/adapters/memory/memory-row-store.js'
import type { Column } from '../../src/core/column.js'
import type { JsonObject } from '../../src/core/json.js'
import type { Fields } from '../../src/core/record.js'
import { micros, versionAt, type Micros, type Version } from '../../src/core/version.js'
import {
  deleted,
  entryTtl,
  epoch,
  purgeAfter,
  second,
  type ClientWrite,
  type Content,
  type History,
} from './history.js'
import { Notes } from './notes.js'
import type { Process } from './process.js'
import { VirtualTime } from './virtual-time.js'

export const columns: readonly Column[] = [
  ...['a', 'b', 'c'].map((name) => ({ name, type: { kind: 'text' } as const })),
  { name: 'deleted', type: { kind: 'boolean' } },
]

/** A client's write that took effect. */
export interface Landed extends Pick<ClientWrite, 'breach'> {
  readonly id: string
  readonly side: 'elasticsearch' | 'cassandra'
  readonly version: Version
  readonly content: Content
}

export type Trace = (line: string) => void

export class World {
  readonly time = new VirtualTime(epoch)
  readonly documents: MemoryDocumentStore
  readonly rows: MemoryRowStore
  readonly ids: readonly string[]
  readonly landed: Landed[] = []
  /** What must never happen, and did. */
  readonly failures: string[] = []
  readonly notes = new Notes()
  /** Whose requests a signal belongs to. Without a process a request takes no time. */
  readonly processes = new Map<AbortSignal, Process>()
  readonly #history: History
  readonly #trace: Trace | undefined
  /** By id, the version at which a purge took the record away. */
  readonly #removed = new Map<string, Version>()
  /** The newest entry that each id ever had. */
  readonly #labels = new Map<string, Version>()
  /** When each entry was written last, by id and version. */
  readonly #written = new Map<string, Micros>()
  /** What each client knows from its own writes, by client and record. */
  readonly #known = new Map<string, Version>()
  readonly #newest = new Map<string, Version>()

  constructor(history: History, trace?: Trace) {
    this.#history = history
    this.#trace = trace
    this.ids = Array.from({ length: history.records }, (_, index) => idOf(index))
    this.documents = new MemoryDocumentStore({
      mirrored: new Set(columns.map(({ name }) => name)),
      readsOthers: history.notes,
      intercept: (kind, apply, signal) => this.#send(kind, signal, apply),
    })
    // One row a request, so that the writes of one job can share fates or not.
    this.rows = new MemoryRowStore({ columns, rowsPerRequest: 1, entriesPerRequest: 1 })
    this.rows.intercept = (request, apply, signal) =>
      this.#send(request.kind, signal, () => {
        apply()
        this.#note(request)
      })
    for (const write of history.writes) this.time.schedule(epoch + write.at, () => this.#write(write))
    for (const at of history.restarts) this.time.schedule(epoch + at, () => this.documents.forgetTombstones())
  }

  trace(line: () => string): void {
    this.#trace?.(`${((this.time.now - epoch) / second).toFixed(3).padStart(8)}  ${line()}`)
  }

  /** Newest entry of an id that is no breach. */
  label(id: string): Version | undefined {
    const versions = this.rows.entriesFrom(0, farFuture).filter((entry) => entry.id === id)
    return versions.length === 0 ? undefined : Math.max(...versions.map(({ version }) => version))
  }

  /** The same, also where it has expired since. */
  newestLabel(id: string): Version | undefined {
    return this.#labels.get(id)
  }

  /** A purge was told that it removed this document. */
  noteRemoval(id: string, version: Version): void {
    this.#removed.set(id, version)
    this.trace(() => `  document ${nameOf(id)} of version ${shown(version)} is removed`)
  }

  /** Whether this state of a record has to be gone in the end: deleted, and old when the last purge runs. */
  isPurged({ content, version }: Landed): boolean {
    const last = Math.max(...this.#history.purges.map(({ at }) => at))
    return content === deleted && micros(version, this.#history.unit) < epoch + last - purgeAfter
  }

  async #send(kind: Parameters<Process['call']>[0], signal: AbortSignal, apply: () => void): Promise<void> {
    const process = this.processes.get(signal)
    const watched = (): void => {
      apply()
      if (kind === 'merge') this.notes.read(signal)
      if (kind === 'bulk') this.notes.written(signal)
      if (kind === 'bulk' || kind.startsWith('write')) this.#watch()
    }
    if (process === undefined) return watched()
    await process.call(kind, watched)
  }

  /** Invariants: versions never go back in either store, and what was purged does not come back. */
  #watch(): void {
    for (const [id, removed] of this.#removed) {
      if (this.landed.some((write) => write.id === id && write.version > removed)) continue
      if (this.documents.documents().has(id)) this.failures.push(`the document of ${nameOf(id)} came back`)
      if (this.rows.rowOf(id) !== undefined) this.failures.push(`the row of ${nameOf(id)} came back`)
    }
    const versions: (readonly [string, Version])[] = [...this.documents.documents()].map(
      ([id, { version }]) => [`document ${nameOf(id)}`, version] as const,
    )
    for (const id of this.ids) {
      const label = this.label(id)
      if (label !== undefined) versions.push([`row ${nameOf(id)}`, label])
    }
    for (const [what, version] of versions) {
      const before = this.#newest.get(what) ?? -1
      if (version < before) this.failures.push(`${what} went back from version ${before} to ${version}`)
      this.#newest.set(what, version)
    }
  }

  #write(write: ClientWrite): void {
    const { client, side, record, content, reads, lands, entryLands, name, breach } = write
    const id = idOf(record)
    const clock = this.time.now + (this.#history.skews[client] ?? 0)
    const key = `${client} ${record}`
    const read = side === 'cassandra' ? this.label(id) : this.documents.documents().get(id)?.version
    const known = Math.max(this.#known.get(key) ?? 0, reads ? (read ?? 0) : 0)
    const version = this.#history.logical ? known + 1 : versionAt(clock, this.#history.unit)
    const isTwin = (other: Landed): boolean => other.side === side && other.id === id && other.version === version
    if (version <= known) {
      this.trace(() => `${client} does not write ${name}: it knows a version as great`)
      return
    }
    // Two batches of one version have equal cell times: Cassandra mixes them by itself, see docs/contract.md.
    if (side === 'cassandra' && this.#history.writeTimes && this.landed.some(isTwin)) {
      this.trace(() => `${client} does not write ${name}: another row has this version`)
      return
    }
    this.#known.set(key, version)
    const landed = { id, side, version, content, ...(breach === undefined ? {} : { breach }) }
    const what = `${client} ${name}: record ${nameOf(id)} version ${shown(version)} ${JSON.stringify(content)}`
    if (side === 'elasticsearch') {
      this.time.schedule(this.time.now + lands, () => {
        const outcome = this.documents.put(id, version, this.#source(write, version))
        if (outcome === 'written') {
          this.landed.push(landed)
          if (this.#history.notes) this.notes.put(id, name)
        }
        this.trace(() => `${what} is ${outcome}`)
        this.#watch()
      })
      return
    }
    const writtenAt = this.#history.writeTimes ? micros(version, this.#history.unit) : clock
    const batch = this.rows.batch(
      id,
      version,
      new Map(columns.map((column) => [column.name, content[column.name] ?? null])),
      writtenAt,
    )
    this.landed.push(landed)
    this.time.schedule(this.time.now + entryLands, () => {
      batch.showEntry()
      this.#entered(id, version)
      if (breach === 'future') this.rows.putEntry(id, farFuture + version)
      this.trace(() => `${what}: the entry lands`)
    })
    this.time.schedule(this.time.now + lands, () => {
      batch.showRow()
      this.trace(() => `${what}: the row lands, written at ${shownTime(writtenAt)}`)
    })
  }

  #source({ name, content, breach }: ClientWrite, version: Version): JsonObject {
    return {
      ...content,
      ...(breach === 'misfit' ? { a: [name] } : {}),
      ...(this.#history.notes ? { note: name } : {}),
      timestamp: breach === 'stamp' ? version - 1 : version,
    }
  }

  /** An entry is there. Its time to live begins; once more, if it was there before. */
  #entered(id: string, version: Version): void {
    this.#labels.set(id, Math.max(version, this.#labels.get(id) ?? version))
    if (!this.#history.expiry) return
    const key = `${id} ${version}`
    const now = this.time.now
    this.#written.set(key, now)
    this.time.schedule(now + entryTtl, () => {
      if (this.#written.get(key) === now) this.rows.expireEntry(id, version)
    })
  }

  #note(request: MemoryRequest): void {
    if (request.kind === 'write-rows') {
      for (const { id, version, fields, writeTime } of request.writes) {
        this.trace(
          () =>
            `  row ${nameOf(id)} version ${shown(version)} ${shownFields(fields)} written at ${shownTime(writeTime)}`,
        )
      }
    }
    if (request.kind === 'write-entries') {
      for (const { id, version } of request.entries) {
        this.#entered(id, version)
        this.trace(() => `  entry ${nameOf(id)} version ${shown(version)}`)
      }
    }
    if (request.kind === 'remove-rows') {
      for (const { id, writeTime } of request.removals) {
        this.trace(() => `  row ${nameOf(id)} is removed, up to ${shownTime(writeTime)}`)
      }
    }
  }
}

/** Beyond what any rule takes for a version that may be. */
const farFuture = 2 ** 52

const prefix = '00000000-0000-4000-8000-'
const idOf = (record: number): string => prefix + record.toString().padStart(12, '0')
export const nameOf = (id: string): string => `#${Number(id.slice(prefix.length))}`

/** Versions that are times, in seconds of the history. */
export const shown = (version: Version): string => (version >= epoch / second ? `${seconds(version)}s` : `${version}`)
const seconds = (version: Version): number =>
  version >= epoch / 1_000 ? (version * 1_000 - epoch) / second : version - epoch / second
export const shownTime = (time: Micros): string =>
  time >= epoch - 1_000 * second ? `${((time - epoch) / second).toFixed(6)}s` : `${time}µs`
export const shownFields = (fields: Fields): string => JSON.stringify(Object.fromEntries(fields))
