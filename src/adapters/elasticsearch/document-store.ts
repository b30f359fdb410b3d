/** The Elasticsearch side of a pair. */
import type { Client, estypes } from '@elastic/elasticsearch'
import { CaesError } from '../../core/errors.js'
import type { Json, JsonObject } from '../../core/json.js'
import { valueOf } from '../../core/one-ahead.js'
import type { DocumentPart } from '../../core/run-part.js'
import type { Window } from '../../core/window.js'
import type { Clock } from '../../ports/clock.js'
import type { Logger } from '../../ports/logger.js'
import type { DocumentScan } from '../../ports/scan.js'
import type {
  DocumentStore,
  DocumentView,
  DocumentWrite,
  MaySend,
  StoredDocument,
  WriteOutcome,
} from '../../ports/store.js'
import type { DocumentRemoval, PurgeableDocuments } from '../../ports/purge.js'
import { asked } from './asked.js'
import { createBulkPace } from './bulk-pace.js'
import {
  bulkWrite,
  defaultBulkLimits,
  deleteAction,
  indexAction,
  type ActionLines,
  type BulkLimits,
  type BulkTarget,
} from './bulk-writer.js'
import { describeNodes } from './client.js'
import { countDocuments, partsOf, sampleIds, scanPart, type ScanSource } from './document-scan.js'
import { keepAlive, PointInTimeView, type ViewSource } from './document-view.js'
import type { Attempt } from './errors.js'
import { overlap } from './field-path.js'
import { readIndexInfo, type IndexInfo, type IndexQuestion } from './index-info.js'
import { storedDocument, whole } from './hit.js'
import { multiGet } from './multi-get.js'
import { defaultPageLimits, PageSize, type PageLimits } from './page-size.js'
import type { TimestampField } from './timestamp-field.js'
import { whileBusy, type Patience } from './while-busy.js'

export interface DocumentStoreOptions extends IndexQuestion {
  readonly client: Client
  readonly clock: Clock
  readonly logger: Logger
  /** In [0, 1); Math.random unless given. */
  readonly random?: () => number
  readonly pageLimits?: PageLimits
  readonly bulkLimits?: Partial<BulkLimits>
}

export class ElasticsearchDocumentStore implements DocumentStore, DocumentScan, PurgeableDocuments {
  readonly #options: DocumentStoreOptions
  readonly #where: string
  readonly #patience: Patience
  /** Shared by all writings. */
  readonly #pace = createBulkPace()
  /** Shared by all readings: what a document weighs is a property of the index. */
  readonly #pageSize: PageSize
  /** Of scans, which wait for nothing between two pages. */
  readonly #scanPageSize: PageSize
  /** Of pages that hold ids alone. */
  readonly #idPageSize: PageSize
  /** As last read: a mapping's timestamp field does not change while the index lives. */
  #timestamp: TimestampField | undefined

  constructor(options: DocumentStoreOptions) {
    this.#options = options
    this.#patience = { clock: options.clock, random: options.random ?? Math.random }
    this.#where = `index "${options.index}" at ${describeNodes(options.client)}`
    const pageLimits = options.pageLimits ?? defaultPageLimits
    this.#pageSize = new PageSize(pageLimits)
    const twice = { ...pageLimits, maxDocuments: 2 * pageLimits.maxDocuments }
    this.#scanPageSize = new PageSize(twice)
    this.#idPageSize = new PageSize(twice)
  }

  /** Reads the index's mapping and settings. Throws CAES_SCHEMA_MISMATCH where it does not fit the pair. */
  async readIndexInfo(signal: AbortSignal): Promise<IndexInfo> {
    signal.throwIfAborted()
    const attempt = this.#attempt('looking at the index')
    const info = await readIndexInfo(this.#options.client, this.#options, attempt, signal)
    this.#timestamp = info.timestamp
    return info
  }

  openView(ranges: readonly Window[], signal: AbortSignal): Promise<DocumentView> {
    return this.#openView({ ranges }, signal)
  }

  openViewOf(field: string, range: Window, signal: AbortSignal): Promise<DocumentView> {
    return this.#openView({ ranges: [range], having: field }, signal)
  }

  async getMany(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, StoredDocument>> {
    signal.throwIfAborted()
    if (ids.length === 0) return new Map()
    const timestamp = this.#timestamp ?? (await this.readIndexInfo(signal)).timestamp
    const found = await this.#get(ids, 'reading documents by id', signal)
    return new Map(found.map((each) => [each.id, storedDocument(each, timestamp, this.#options.mirrored)]))
  }

  async write(writes: readonly DocumentWrite[], maySend: MaySend, signal: AbortSignal): Promise<WriteOutcome[]> {
    signal.throwIfAborted()
    if (writes.length === 0) return []
    if (!maySend()) return writes.map(() => ({ kind: 'unsent' }))
    const info = await this.readIndexInfo(signal)
    const target = this.#bulkTarget('writing documents', (writes, signal) => this.#indexActions(info, writes, signal))
    return await bulkWrite(target, writes, maySend, signal)
  }

  async remove(removals: readonly DocumentRemoval[], signal: AbortSignal): Promise<boolean[]> {
    signal.throwIfAborted()
    const target = this.#bulkTarget('removing documents', async (writes) => writes.map(deleteAction))
    const writes = removals.map(({ id, version }) => ({ id, version, source: {} }))
    const outcomes = await bulkWrite(target, writes, () => true, signal)
    return outcomes.map(({ kind }) => kind === 'written')
  }

  async parts(size: number, signal: AbortSignal): Promise<readonly DocumentPart[]> {
    // What cannot be searched yet would all end up in the last part.
    await this.#refresh(await this.readIndexInfo(signal), signal)
    return partsOf({ ...this.#options, where: this.#where }, size, signal)
  }

  count(signal: AbortSignal): Promise<number> {
    return countDocuments({ ...this.#options, where: this.#where }, signal)
  }

  async sampleIds(count: number, signal: AbortSignal): Promise<readonly string[]> {
    const { maxPage } = await this.readIndexInfo(signal)
    return await sampleIds({ ...this.#options, where: this.#where }, Math.min(count, maxPage), signal)
  }

  async *scanIds(part: DocumentPart, signal: AbortSignal): AsyncGenerator<readonly string[]> {
    const source = this.#scanSource(await this.readIndexInfo(signal), this.#idPageSize)
    for await (const hits of scanPart(source, part, false, signal)) yield hits.map(({ _id: id = '' }) => id)
  }

  async *scan(part: DocumentPart, signal: AbortSignal): AsyncGenerator<readonly StoredDocument[]> {
    const info = await this.readIndexInfo(signal)
    const attempt = this.#attempt('scanning documents')
    for await (const hits of scanPart(this.#scanSource(info, this.#scanPageSize), part, true, signal)) {
      yield hits.map((hit) => storedDocument(whole(hit, attempt), info.timestamp, this.#options.mirrored))
    }
  }

  #scanSource(info: IndexInfo, pageSize: PageSize): ScanSource {
    const { client, index, logger } = this.#options
    const { maxPage } = info
    return {
      client,
      index,
      logger,
      maxPage,
      pageSize,
      where: this.#where,
      openPointInTime: (signal) => this.#openPointInTime(signal),
      refresh: (signal) => this.#refresh(info, signal),
    }
  }

  #bulkTarget(doing: string, actions: BulkTarget['actions']): BulkTarget {
    const { client, index, clock, random = Math.random, bulkLimits } = this.#options
    const limits = { ...defaultBulkLimits, ...bulkLimits }
    return { client, index, clock, random, limits, pace: this.#pace, attempt: this.#attempt(doing), actions }
  }

  async #openView(what: Pick<ViewSource, 'ranges' | 'having'>, signal: AbortSignal): Promise<DocumentView> {
    const { client, logger, mirrored } = this.#options
    // Both at once. Where the index does not fit, that is what to say.
    const [looked, refreshed] = await Promise.allSettled([this.readIndexInfo(signal), this.#refreshed(signal)])
    const info = valueOf(looked)
    this.#checkRefreshed(info, valueOf(refreshed))
    const openPointInTime = async (signal: AbortSignal): Promise<string> => {
      await this.#refresh(info, signal)
      return await this.#openPointInTime(signal)
    }
    const source = {
      ...what,
      client,
      logger,
      openPointInTime,
      timestamp: info.timestamp,
      mirrored,
      maxPage: info.maxPage,
      pageSize: this.#pageSize,
      patience: this.#patience,
      where: this.#where,
    }
    return new PointInTimeView(source, await this.#openPointInTime(signal))
  }

  /** Makes what was acknowledged searchable on every shard, or throws. */
  async #refresh(info: IndexInfo, signal: AbortSignal): Promise<void> {
    this.#checkRefreshed(info, await this.#refreshed(signal))
  }

  async #refreshed(signal: AbortSignal): Promise<estypes.ShardStatistics | undefined> {
    const { client, index } = this.#options
    const attempt = this.#attempt('refreshing the index')
    const answer = await this.#request(attempt, signal, () => client.indices.refresh({ index }, { signal }))
    return answer._shards
  }

  #checkRefreshed({ primaries }: IndexInfo, shards: estypes.ShardStatistics | undefined): void {
    // A shard without an active copy does not count as failed: it is only missing among the successful ones.
    if (shards === undefined || shards.failed > 0 || shards.successful < primaries) {
      throw this.#incomplete(`${shards?.successful ?? 0} of ${shards?.total ?? primaries} shard copies were refreshed`)
    }
  }

  async #openPointInTime(signal: AbortSignal): Promise<string> {
    const { client, index } = this.#options
    const request = { index, keep_alive: keepAlive, allow_partial_search_results: false }
    const attempt = this.#attempt('opening a view')
    const { id, _shards: shards } = await this.#request(attempt, signal, () =>
      client.openPointInTime(request, { signal }),
    )
    if (shards !== undefined && shards.failed > 0) {
      await client.closePointInTime({ id }, { ignore: [404] })
      throw this.#incomplete(`the view lacks ${shards.failed} shards`)
    }
    return id
  }

  /** What to send: the mirrored fields, the timestamp, and whatever else the stored documents hold right now. */
  async #indexActions(info: IndexInfo, writes: readonly DocumentWrite[], signal: AbortSignal): Promise<ActionLines[]> {
    const stored = info.mayHoldMore ? await this.#otherFields(info, writes, signal) : new Map<string, JsonObject>()
    return writes.map((write) => {
      const { id, version, source } = write
      const others = stored.get(id)
      const whole = others === undefined ? source : { ...others, ...source }
      const body = this.#options.client.serializer.serialize(
        info.timestamp.stamped(whole, version) as Record<string, unknown>,
      )
      return indexAction(write, body)
    })
  }

  async #otherFields(
    { timestamp }: IndexInfo,
    writes: readonly DocumentWrite[],
    signal: AbortSignal,
  ): Promise<Map<string, JsonObject>> {
    const mirrored = [...this.#options.mirrored]
    const names = new Set(mirrored)
    const nested = mirrored.filter((name) => name.includes('.'))
    // Also a spelling with dots belongs to the column: `address.city` is part of `address`.
    const isOther = (name: string): boolean =>
      name !== timestamp.path &&
      !names.has(name) &&
      !(name.includes('.') && mirrored.some((each) => overlap(each, name))) &&
      !nested.some((each) => overlap(each, name))
    const found = await this.#get(
      writes.map(({ id }) => id),
      'reading the fields that are not mirrored',
      signal,
    )
    return new Map(
      found.map(({ id, source }) => [
        id,
        Object.fromEntries(Object.entries(source).filter((entry): entry is [string, Json] => isOther(entry[0]))),
      ]),
    )
  }

  async #get(ids: readonly string[], doing: string, signal: AbortSignal): ReturnType<typeof multiGet> {
    const { client, index } = this.#options
    return await multiGet(
      { client, index, pageSize: this.#pageSize, patience: this.#patience },
      ids,
      this.#attempt(doing),
      signal,
    )
  }

  #request<T>(attempt: Attempt, signal: AbortSignal, send: () => Promise<T>): Promise<T> {
    return asked(attempt, signal, () => whileBusy(this.#patience, send, signal))
  }

  #attempt(doing: string): Attempt {
    return { doing, where: this.#where }
  }

  #incomplete(what: string): CaesError {
    const hint = 'Look at GET /_cluster/health; the window is read again.'
    return new CaesError('CAES_ELASTICSEARCH_INCOMPLETE', `Elasticsearch cannot read all of the index (${what})`, {
      hint,
      where: this.#where,
    })
  }
}
