/**
 * An index in memory, with the habits of Elasticsearch that a sync has to live with: a write is invisible to searches
 * until a refresh, external versions must grow, a write without a version counts up, and what is known of a deleted
 * document is forgotten at a restart. Its second half is the client's: what applications do to the index.
 */
import { chunked } from '../../core/concurrency.js'
import type { JsonObject } from '../../core/json.js'
import { cutSequence, type DocumentPart } from '../../core/run-part.js'
import type { VersionSum } from '../../core/version-sum.js'
import type { Version } from '../../core/version.js'
import type { Window } from '../../core/window.js'
import type { DocumentScan } from '../../ports/scan.js'
import type { DocumentRemoval, PurgeableDocuments } from '../../ports/purge.js'
import type {
  DocumentStore,
  DocumentView,
  DocumentWrite,
  MaySend,
  StoredDocument,
  WriteOutcome,
} from '../../ports/store.js'

export interface MemoryDocumentStoreOptions {
  /** A top-level field holding the version itself, as a `long` does. Default `timestamp`. */
  readonly timestampField?: string
  /** Fields that the sync owns; all others of a stored document survive its writes. */
  readonly mirrored: ReadonlySet<string>
  /** Documents in one page. Default 1,000. */
  readonly pageSize?: number
  /** Writes in one request. Default 1,000. */
  readonly batchSize?: number
  /** As where an index may have fields that are not mirrored: they are read by a request of their own before a write. */
  readonly readsOthers?: boolean
  /** The mapping: why it refuses a document, or undefined where it takes it. */
  readonly refuses?: (source: JsonObject) => string | undefined
  /** Awaited before each request is looked at: throw to fail it, wait to delay it. */
  readonly beforeRequest?: (request: MemoryRequest) => Promise<void> | void
  /**
   * Instead of `beforeRequest`: `apply` does at the server what the request asks for; call it now, later, or never, and
   * throw to lose the answer. The signal is the caller's, and so tells one of several callers from the others.
   */
  readonly intercept?: (request: MemoryRequest, apply: () => void, signal: AbortSignal) => Promise<void>
}

export type MemoryRequest = 'refresh' | 'open view' | 'count' | 'page' | 'get' | 'merge' | 'bulk'

interface Stored {
  readonly version: number
  readonly source: JsonObject
  /** Counts the writes of the index, which has one shard. */
  readonly sequence: number
}

export class MemoryDocumentStore implements DocumentStore, DocumentScan, PurgeableDocuments {
  readonly #options: MemoryDocumentStoreOptions
  readonly #timestampField: string
  /** What a get by id sees. */
  readonly #current = new Map<string, Stored>()
  /** What a search sees. */
  #searchable: ReadonlyMap<string, Stored> = new Map()
  /** Versions of deleted documents; Elasticsearch keeps them in memory only. */
  readonly #tombstones = new Map<string, number>()
  #requests = 0
  #sequence = 0

  constructor(options: MemoryDocumentStoreOptions) {
    this.#options = options
    this.#timestampField = options.timestampField ?? 'timestamp'
  }

  openView(ranges: readonly Window[], signal: AbortSignal): Promise<DocumentView> {
    return this.#openView(ranges, signal, () => true)
  }

  openViewOf(field: string, range: Window, signal: AbortSignal): Promise<DocumentView> {
    return this.#openView([range], signal, ({ source }) => source[field] === true)
  }

  async parts(size: number, signal: AbortSignal): Promise<readonly DocumentPart[]> {
    let written: number[] = []
    await this.#request('refresh', signal, () => this.refresh())
    await this.#request('count', signal, () => {
      written = [...this.#current.values()].map(({ sequence }) => sequence).sort((a, b) => a - b)
    })
    return cutSequence(written.filter((_, at) => at % size === 0))
  }

  async count(signal: AbortSignal): Promise<number> {
    let count = 0
    await this.#request('count', signal, () => {
      count = this.#current.size
    })
    return count
  }

  async sampleIds(count: number, signal: AbortSignal): Promise<readonly string[]> {
    const ids = [...(await this.#view(signal)).keys()]
    const places = ids.map(() => Math.random())
    return [...ids.keys()]
      .sort((a, b) => places[a]! - places[b]!)
      .slice(0, count)
      .map((at) => ids[at]!)
  }

  async *scanIds(part: DocumentPart, signal: AbortSignal): AsyncGenerator<readonly string[]> {
    for await (const page of this.scan(part, signal)) yield page.map(({ id }) => id)
  }

  async *scan({ from, to = Infinity }: DocumentPart, signal: AbortSignal): AsyncGenerator<readonly StoredDocument[]> {
    const view = to === Infinity ? await this.#view(signal) : await this.#searched(signal)
    const documents = [...view].filter(([, { sequence }]) => sequence >= from && sequence < to)
    yield* this.#pages(
      documents.map(([id, stored]) => this.#document(id, stored)),
      signal,
    )
  }

  async getMany(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, StoredDocument>> {
    const found = new Map<string, StoredDocument>()
    if (ids.length === 0) return found
    await this.#request('get', signal, () => {
      for (const id of ids) {
        const stored = this.#current.get(id)
        if (stored !== undefined) found.set(id, this.#document(id, stored))
      }
    })
    return found
  }

  async write(writes: readonly DocumentWrite[], maySend: MaySend, signal: AbortSignal): Promise<WriteOutcome[]> {
    const { batchSize = 1_000 } = this.#options
    const outcomes: WriteOutcome[] = []
    for (let start = 0; start < writes.length; start += batchSize) {
      const batch = writes.slice(start, start + batchSize)
      signal.throwIfAborted()
      if (!maySend()) {
        outcomes.push(...batch.map((): WriteOutcome => ({ kind: 'unsent' })))
        continue
      }
      const others = await this.#others(batch, signal)
      await this.#request('bulk', signal, () => outcomes.push(...batch.map((write) => this.#index(write, others))))
    }
    return outcomes
  }

  async remove(removals: readonly DocumentRemoval[], signal: AbortSignal): Promise<boolean[]> {
    const { batchSize = 1_000 } = this.#options
    const gone: boolean[] = []
    for (const batch of chunked(removals, batchSize)) {
      await this.#request('bulk', signal, () => gone.push(...batch.map((removal) => this.#remove(removal))))
    }
    return gone
  }

  /** How many requests the sync has sent. */
  get requests(): number {
    return this.#requests
  }

  /** A client's `index` with external version. The source is taken as it is: its timestamp is the client's matter. */
  put(id: string, version: Version, source: JsonObject): 'written' | 'superseded' {
    if (version <= this.#known(id)) return 'superseded'
    this.#current.set(id, { version, source, sequence: this.#sequence++ })
    this.#tombstones.delete(id)
    return 'written'
  }

  /** A client's `index` without a version: `_version` counts up, and the timestamp field is whatever the source has. */
  putUnversioned(id: string, source: JsonObject): void {
    this.put(id, Math.max(0, this.#known(id)) + 1, source)
  }

  /** A client's delete, with external version or without. */
  delete(id: string, version = Math.max(0, this.#known(id)) + 1): 'written' | 'superseded' {
    if (version <= this.#known(id)) return 'superseded'
    this.#current.delete(id)
    this.#tombstones.set(id, version)
    return 'written'
  }

  /** What a restart does, or the end of `gc_deletes`: an old write can now bring a deleted document back. */
  forgetTombstones(): void {
    this.#tombstones.clear()
  }

  /** Makes all writes so far searchable. */
  refresh(): void {
    this.#searchable = new Map(this.#current)
  }

  /** All documents, as a get by id sees them. */
  documents(): ReadonlyMap<string, StoredDocument> {
    return new Map([...this.#current].map(([id, stored]) => [id, this.#document(id, stored)]))
  }

  async #openView(
    ranges: readonly Window[],
    signal: AbortSignal,
    isWanted: (document: StoredDocument) => boolean,
  ): Promise<DocumentView> {
    const view = await this.#view(signal)
    const documents = [...view]
      .map(([id, stored]) => this.#document(id, stored))
      .filter(({ stamp }) => stamp !== undefined)
      .filter(isWanted)
      .sort((a, b) => a.stamp! - b.stamp!)
    const within = (wanted: readonly Window[]): readonly StoredDocument[] =>
      documents.filter(({ stamp }) => wanted.some(({ from, to }) => stamp! >= from && stamp! < to))
    const sums = async (wanted: readonly Window[], signal: AbortSignal): Promise<readonly VersionSum[]> => {
      let sums: readonly VersionSum[] = []
      await this.#request('count', signal, () => {
        sums = wanted.map((range) => {
          const stamps = within([range]).map(({ stamp }) => stamp!)
          return { ...range, count: stamps.length, sum: stamps.reduce((sum, stamp) => sum + stamp, 0) }
        })
      })
      return sums
    }
    return {
      pages: (signal, wanted = ranges) => this.#pages(within(wanted), signal),
      count: async (wanted, signal) => (await sums(wanted, signal)).map(({ count }) => count),
      sums,
      close: async () => {},
    }
  }

  /** What a search sees, once what was acknowledged is searchable. */
  async #view(signal: AbortSignal): Promise<ReadonlyMap<string, Stored>> {
    await this.#request('refresh', signal, () => this.refresh())
    return await this.#searched(signal)
  }

  /** What can be searched, which may be less than what is there. */
  async #searched(signal: AbortSignal): Promise<ReadonlyMap<string, Stored>> {
    let view: ReadonlyMap<string, Stored> = new Map()
    await this.#request('open view', signal, () => {
      view = this.#searchable
    })
    return view
  }

  async *#pages(documents: readonly StoredDocument[], signal: AbortSignal): AsyncGenerator<readonly StoredDocument[]> {
    const { pageSize = 1_000 } = this.#options
    for (let start = 0; start < documents.length; start += pageSize) {
      await this.#request('page', signal, () => {})
      yield documents.slice(start, start + pageSize)
    }
    signal.throwIfAborted()
  }

  async #request(request: MemoryRequest, signal: AbortSignal, apply: () => void): Promise<void> {
    signal.throwIfAborted()
    this.#requests += 1
    const { beforeRequest, intercept } = this.#options
    if (intercept !== undefined) return intercept(request, apply, signal)
    await beforeRequest?.(request)
    apply()
  }

  /** What the documents hold right now; undefined where that is looked at when the write is applied. */
  async #others(
    writes: readonly DocumentWrite[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Stored> | undefined> {
    if (this.#options.readsOthers !== true) return undefined
    let stored: ReadonlyMap<string, Stored> = new Map()
    await this.#request('merge', signal, () => {
      stored = new Map([...this.#current].filter(([id]) => writes.some((write) => write.id === id)))
    })
    return stored
  }

  /** Fields that are not mirrored survive. */
  #index({ id, version, source }: DocumentWrite, stored: ReadonlyMap<string, Stored> = this.#current): WriteOutcome {
    const { mirrored, refuses } = this.#options
    const others = Object.entries(stored.get(id)?.source ?? {}).filter(([name]) => !mirrored.has(name))
    const whole = Object.fromEntries([...others, ...Object.entries(source), [this.#timestampField, version]])
    const refusal = refuses?.(whole)
    if (refusal !== undefined) return { kind: 'rejected', reason: 'MAPPING', detail: refusal }
    return { kind: this.put(id, version, whole) }
  }

  #remove({ id, version }: DocumentRemoval): boolean {
    if (version < this.#known(id)) return false
    this.#current.delete(id)
    this.#tombstones.set(id, version)
    return true
  }

  #known(id: string): number {
    return this.#current.get(id)?.version ?? this.#tombstones.get(id) ?? -1
  }

  #document(id: string, { version, source }: Stored): StoredDocument {
    const stamp = source[this.#timestampField]
    return { id, version, stamp: typeof stamp === 'number' && Number.isInteger(stamp) ? stamp : undefined, source }
  }
}
