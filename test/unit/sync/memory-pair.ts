/** A pair on the stores in memory, with every port call and every request of the sync recorded and open to interference. */
import { setImmediate as turn } from 'node:timers/promises'
import {
  MemoryDocumentStore,
  type MemoryRequest as DocumentRequest,
} from '../../../src/adapters/memory/memory-document-store.js'
import { MemoryRowStore, type MemoryRequest } from '../../../src/adapters/memory/memory-row-store.js'
import type { CellValue } from '../../../src/adapters/memory/cells.js'
import type { Column } from '../../../src/core/column.js'
import type { JsonObject } from '../../../src/core/json.js'
import type { WindowPart } from '../../../src/core/window-part.js'
import type { Divided, WindowResult } from '../../../src/core/report.js'
import type { Rules } from '../../../src/core/rules.js'
import type { ScannablePair } from '../../../src/sync/pair.js'
import type { RowRemoval } from '../../../src/ports/purge.js'
import type { DocumentView, RowWrite } from '../../../src/ports/store.js'
import type { PurgeablePair } from '../../../src/sync/purge.js'
import { syncOrDivide, syncWindow } from '../../../src/sync/sync-window.js'
import { FakeClock } from '../../support/fake-clock.js'
import { keepingLogger, type LogLine } from '../../support/keeping-logger.js'
import { at, rules, v0 } from '../../support/observations.js'

/** What the sync asks of a server. */
export type RequestKind = DocumentRequest | MemoryRequest['kind']

const writing: ReadonlySet<RequestKind> = new Set(['bulk', 'write-entries', 'write-rows', 'remove-rows'])

/** One call of a port, with the ids it names. */
export interface PortCall {
  readonly method: string
  readonly ids: readonly string[]
  readonly signal: AbortSignal
}

export interface MemoryPairOptions {
  readonly rules?: Partial<Rules>
  readonly now?: number
  readonly columns?: readonly Column[]
  readonly maxVersion?: number
  readonly pageSize?: number
  readonly entriesPerRequest?: number
  readonly rowsPerRequest?: number
  readonly refusesDocument?: (source: JsonObject) => string | undefined
  readonly refusesRow?: (write: RowWrite) => string | undefined
}

const columns: readonly Column[] = [
  { name: 'a', type: { kind: 'int' } },
  { name: 'b', type: { kind: 'text' } },
]

/** One of the record's states, whatever the side. */
type Values = Readonly<Record<string, CellValue>>

export class MemoryPair {
  readonly clock: FakeClock
  readonly documents: MemoryDocumentStore
  readonly rows: MemoryRowStore
  readonly pair: ScannablePair & PurgeablePair
  /** Requests in the order of being sent. */
  readonly requests: RequestKind[] = []
  readonly calls: PortCall[] = []
  /** Rows in the order of being sent. */
  readonly rowWrites: RowWrite[] = []
  readonly rowRemovals: RowRemoval[] = []
  readonly logged: readonly LogLine[]
  openViews = 0
  callsUnderWay = 0
  /** Called before a request takes effect, with its number of this kind, from 1. Throw to lose the request. */
  onRequest: (kind: RequestKind, occurrence: number) => Promise<void> | void = () => {}
  /** The same after a request to the row store took effect, before its answer. Throw to lose the answer. */
  onApplied: (kind: RequestKind, occurrence: number) => Promise<void> | void = () => {}

  constructor(options: MemoryPairOptions = {}) {
    this.clock = new FakeClock(options.now ?? at(v0, 49))
    const rowColumns = options.columns ?? columns
    this.documents = new MemoryDocumentStore({
      mirrored: new Set(rowColumns.map(({ name }) => name)),
      beforeRequest: async (kind) => void (await this.#requested(kind)),
      ...(options.pageSize === undefined ? {} : { pageSize: options.pageSize }),
      ...(options.refusesDocument === undefined ? {} : { refuses: options.refusesDocument }),
    })
    this.rows = new MemoryRowStore({
      columns: rowColumns,
      ...(options.maxVersion === undefined ? {} : { maxVersion: options.maxVersion }),
      ...(options.entriesPerRequest === undefined ? {} : { entriesPerRequest: options.entriesPerRequest }),
      ...(options.rowsPerRequest === undefined ? {} : { rowsPerRequest: options.rowsPerRequest }),
      ...(options.refusesRow === undefined ? {} : { refuse: options.refusesRow }),
    })
    this.rows.intercept = async (request, apply) => {
      const { kind } = request
      const occurrence = await this.#requested(kind)
      if (request.kind === 'write-rows') this.rowWrites.push(...request.writes)
      if (request.kind === 'remove-rows') this.rowRemovals.push(...request.removals)
      apply()
      await this.onApplied(kind, occurrence)
    }
    const logger = keepingLogger()
    this.logged = logger.lines
    this.pair = {
      name: 'movies',
      rules: { ...rules, ...options.rules },
      documents: this.#documentPort(),
      rows: this.#rowPort(),
      clock: this.clock,
      logger,
    }
  }

  sync(
    from: number,
    to: number,
    options: { signal?: AbortSignal; dryRun?: boolean; tilesTime?: boolean; audit?: boolean } = {},
  ): Promise<WindowResult> {
    return syncWindow(this.pair, { from, to }, { signal: new AbortController().signal, ...options })
  }

  syncOrDivide(from: number, to: number, maxRecords: number): Promise<WindowResult | Divided> {
    return syncOrDivide(this.pair, { from, to }, maxRecords, { signal: new AbortController().signal })
  }

  syncPart(from: number, to: number, part: WindowPart, tilesTime = false): Promise<WindowResult> {
    return syncWindow(this.pair, { from, to }, { signal: new AbortController().signal, part, tilesTime })
  }

  /** A client's document, with the contract kept. */
  index(id: string, version: number, source: JsonObject): void {
    this.documents.put(id, version, { ...source, timestamp: version })
  }

  /** A client's batch as the original's clients write it: entry and row, the cells at the wall clock of the writer. */
  batch(id: string, version: number, values: Values, writeTime = at(version, 0.4)): void {
    this.rows.putEntry(id, version)
    this.putRow(id, values, writeTime)
  }

  /** The second half of a batch, or a row without any entry. */
  putRow(id: string, values: Values, writeTime: number): void {
    this.rows.putRow(id, new Map(Object.entries(values)), writeTime)
  }

  row(id: string): Values | undefined {
    const row = this.rows.rowOf(id)
    return row === undefined ? undefined : Object.fromEntries(row.fields)
  }

  /** Versions of all entries of an id. */
  labels(id: string): number[] {
    return this.rows.entriesFrom(0).flatMap((entry) => (entry.id === id ? [entry.version] : []))
  }

  document(id: string): { readonly version: number; readonly source: JsonObject } | undefined {
    const found = this.documents.documents().get(id)
    return found === undefined ? undefined : { version: found.version, source: found.source }
  }

  /** The requests that write. */
  get writes(): RequestKind[] {
    return this.requests.filter((kind) => writing.has(kind))
  }

  count(kind: RequestKind): number {
    return this.requests.filter((each) => each === kind).length
  }

  forget(): void {
    this.requests.length = 0
    this.calls.length = 0
    this.rowWrites.length = 0
    this.rowRemovals.length = 0
  }

  /** Everything that both stores hold. */
  state(): unknown {
    const rows = this.rows
      .ids()
      .sort()
      .map((id) => [id, this.rows.rowOf(id), this.labels(id).sort((a, b) => a - b)])
    const documents = [...this.documents.documents()].sort(([a], [b]) => (a < b ? -1 : 1))
    return structuredClone({ rows, documents })
  }

  async #requested(kind: RequestKind): Promise<number> {
    this.requests.push(kind)
    const occurrence = this.count(kind)
    await this.onRequest(kind, occurrence)
    return occurrence
  }

  async #called<T>(method: string, ids: readonly string[], signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    this.calls.push({ method, ids, signal })
    this.callsUnderWay += 1
    try {
      return await work()
    } finally {
      this.callsUnderWay -= 1
    }
  }

  #documentPort(): MemoryPair['pair']['documents'] {
    const store = this.documents
    return {
      openView: (range, signal) =>
        this.#called('open view', [], signal, () => this.#watchView(store.openView(range, signal))),
      getMany: (ids, signal) => this.#called('get documents', ids, signal, () => store.getMany(ids, signal)),
      write: (writes, maySend, signal) =>
        this.#called('write documents', idsIn(writes), signal, () => store.write(writes, maySend, signal)),
      parts: (size, signal) => store.parts(size, signal),
      count: (signal) => store.count(signal),
      sampleIds: (count, signal) => store.sampleIds(count, signal),
      scanIds: (part, signal) => store.scanIds(part, signal),
      scan: (part, signal) => store.scan(part, signal),
      openViewOf: (field, range, signal) =>
        this.#called('open view', [], signal, () => this.#watchView(store.openViewOf(field, range, signal))),
      remove: (removals, signal) =>
        this.#called('remove documents', idsIn(removals), signal, () => store.remove(removals, signal)),
    }
  }

  async #watchView(opening: Promise<DocumentView>): Promise<DocumentView> {
    const view = await opening
    this.openViews += 1
    let isOpen = true
    return {
      pages: (signal, ranges) => {
        this.calls.push({ method: 'pages', ids: [], signal })
        return view.pages(signal, ranges)
      },
      count: (ranges, signal) => this.#called('count documents', [], signal, () => view.count(ranges, signal)),
      sums: (ranges, signal) => this.#called('sum versions', [], signal, () => view.sums(ranges, signal)),
      close: async () => {
        if (isOpen) this.openViews -= 1
        isOpen = false
        await view.close()
      },
    }
  }

  #rowPort(): MemoryPair['pair']['rows'] {
    const store = this.rows
    return {
      columns: store.columns,
      maxVersion: store.maxVersion,
      entries: (from, signal, before) => {
        this.calls.push({ method: 'read entries', ids: [], signal })
        return store.entries(from, signal, before)
      },
      getMany: (ids, signal, what) =>
        this.#called(what?.writeTimes === false ? 'read values' : 'read rows', ids, signal, () =>
          store.getMany(ids, signal, what),
        ),
      writeEntries: (entries, maySend, signal) =>
        this.#called('write entries', idsIn(entries), signal, () => store.writeEntries(entries, maySend, signal)),
      writeRows: (writes, sources, maySend, signal) =>
        this.#called('write rows', idsIn(writes), signal, () => store.writeRows(writes, sources, maySend, signal)),
      removeRows: (removals, signal) =>
        this.#called('remove rows', idsIn(removals), signal, () => store.removeRows(removals, signal)),
      estimate: (signal) => store.estimate(signal),
      scanIds: (part, signal) => store.scanIds(part, signal),
      scan: (part, signal, what) => store.scan(part, signal, what),
      getNeighbours: (ids, signal) => this.#called('read rows', ids, signal, () => store.getNeighbours(ids, signal)),
    }
  }
}

const idsIn = (items: readonly { readonly id: string }[]): string[] => items.map(({ id }) => id)

/** Lets everything that could still run do so. */
export const turns = async (count = 50): Promise<void> => {
  for (let each = 0; each < count; each += 1) await turn()
}
