/** Both stores, the clients that write to them, and everything that is worth a line in the timeline. */
import { MemoryDocumentStore } from '../../src/adapters/memory/memory-document-store.js'
import { MemoryRowStore, type MemoryRequest } from '../../src/adapters/memory/memory-row-store.js'
import type { Column } from '../../src/core/column.js'
import type { Fields } from '../../src/core/record.js'
import { micros, versionAt, type Micros, type Version } from '../../src/core/version.js'
import { epoch, rules, second, type ClientWrite, type Content, type History } from './history.js'
import type { Process } from './process.js'
import { VirtualTime } from './virtual-time.js'

export const columns: readonly Column[] = ['a', 'b', 'c'].map((name) => ({ name, type: { kind: 'text' } }))

/** A client's write that took effect. */
export interface Landed {
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
  /** Whose requests a signal belongs to. Without a process a request takes no time. */
  readonly processes = new Map<AbortSignal, Process>()
  readonly #history: History
  readonly #trace: Trace | undefined
  /** What each client knows from its own writes, by client and record. */
  readonly #known = new Map<string, Version>()
  readonly #newest = new Map<string, Version>()

  constructor(history: History, trace?: Trace) {
    this.#history = history
    this.#trace = trace
    this.ids = Array.from({ length: history.records }, (_, index) => idOf(index))
    this.documents = new MemoryDocumentStore({
      mirrored: new Set(columns.map(({ name }) => name)),
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
  }

  trace(line: () => string): void {
    this.#trace?.(`${((this.time.now - epoch) / second).toFixed(3).padStart(8)}  ${line()}`)
  }

  /** Newest entry of an id. */
  label(id: string): Version | undefined {
    const versions = this.rows.entriesFrom(0).filter((entry) => entry.id === id)
    return versions.length === 0 ? undefined : Math.max(...versions.map(({ version }) => version))
  }

  async #send(kind: Parameters<Process['call']>[0], signal: AbortSignal, apply: () => void): Promise<void> {
    const process = this.processes.get(signal)
    const watched = (): void => {
      apply()
      if (kind === 'bulk' || kind.startsWith('write')) this.#watch()
    }
    if (process === undefined) return watched()
    await process.call(kind, watched)
  }

  /** Invariant: versions never go back in either store. */
  #watch(): void {
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
    const { client, side, record, content, reads, lands, entryLands, name } = write
    const id = idOf(record)
    const clock = this.time.now + (this.#history.skews[client] ?? 0)
    const key = `${client} ${record}`
    const read = side === 'cassandra' ? this.label(id) : this.documents.documents().get(id)?.version
    const known = Math.max(this.#known.get(key) ?? 0, reads ? (read ?? 0) : 0)
    const version = this.#history.logical ? known + 1 : versionAt(clock, rules.unit)
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
    const landed = { id, side, version, content }
    const what = `${client} ${name}: record ${nameOf(id)} version ${shown(version)} ${JSON.stringify(content)}`
    if (side === 'elasticsearch') {
      this.time.schedule(this.time.now + lands, () => {
        const outcome = this.documents.put(id, version, { ...content, timestamp: version })
        if (outcome === 'written') this.landed.push(landed)
        this.trace(() => `${what} is ${outcome}`)
        this.#watch()
      })
      return
    }
    const writtenAt = this.#history.writeTimes ? micros(version, rules.unit) : clock
    const batch = this.rows.batch(
      id,
      version,
      new Map(columns.map((column) => [column.name, content[column.name] ?? null])),
      writtenAt,
    )
    this.landed.push(landed)
    this.time.schedule(this.time.now + entryLands, () => {
      batch.showEntry()
      this.trace(() => `${what}: the entry lands`)
    })
    this.time.schedule(this.time.now + lands, () => {
      batch.showRow()
      this.trace(() => `${what}: the row lands, written at ${shownTime(writtenAt)}`)
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
        this.trace(() => `  entry ${nameOf(id)} version ${shown(version)}`)
      }
    }
  }
}

const prefix = '00000000-0000-4000-8000-'
const idOf = (record: number): string => prefix + record.toString().padStart(12, '0')
export const nameOf = (id: string): string => `#${Number(id.slice(prefix.length))}`

/** Versions that are times, in seconds of the history. */
export const shown = (version: Version): string =>
  version >= epoch / second ? `${version - epoch / second}s` : `${version}`
export const shownTime = (time: Micros): string =>
  time >= epoch - 1_000 * second ? `${((time - epoch) / second).toFixed(6)}s` : `${time}µs`
export const shownFields = (fields: Fields): string => JSON.stringify(Object.fromEntries(fields))
