/**
 * What the use cases ask of the two stores. One contract suite holds every implementation to this text.
 *
 * Errors: every method throws a CaesError when it cannot be sure of a complete answer; a short read or an
 * unacknowledged write is never returned as a result. Once `signal` is aborted, methods stop at the next request.
 */
import type { Column } from '../core/column.js'
import type { JsonObject } from '../core/json.js'
import type { Fields, Row } from '../core/record.js'
import type { Reject } from '../core/reject.js'
import type { VersionSum } from '../core/version-sum.js'
import type { Micros, Version } from '../core/version.js'
import type { Window } from '../core/window.js'

/** A document as the server gave it. */
export interface StoredDocument {
  /** `_id`, not yet known to be a UUID. */
  readonly id: string
  /** `_version`; may be unsafe. */
  readonly version: number
  /** The timestamp field in the pair's unit; undefined where it is missing, fractional or not a time. */
  readonly stamp: number | undefined
  readonly source: JsonObject
}

/** Asked right before each request is sent; false means that the reading behind it has become too old (rule 3). */
export type MaySend = () => boolean

export type WriteOutcome =
  | { readonly kind: 'written' }
  /** The target holds an equal or newer version. */
  | { readonly kind: 'superseded' }
  | { readonly kind: 'rejected'; readonly reason: Reject['reason']; readonly detail: string }
  /** `maySend` said no: nothing was sent for this record. */
  | { readonly kind: 'unsent' }

export interface DocumentWrite {
  readonly id: string
  readonly version: Version
  /** Mirrored fields only, in their JSON form. The store adds the timestamp field. */
  readonly source: JsonObject
}

/** A consistent view of some ranges. Must be closed; closing is idempotent and never throws. */
export interface DocumentView {
  /**
   * Pages of all documents whose timestamp field lies in the ranges, ordered by it, each document once.
   * Content is that of the moment the view was opened.
   * @param ranges inside those of the view, which are the default
   */
  pages(signal: AbortSignal, ranges?: readonly Window[]): AsyncIterable<readonly StoredDocument[]>
  /** How many documents lie in each of the ranges, all of them inside the view's own; at most 1,024 ranges. */
  count(ranges: readonly Window[], signal: AbortSignal): Promise<readonly number[]>
  /** The same with the sum of their timestamp fields, for each of the ranges in order. */
  sums(ranges: readonly Window[], signal: AbortSignal): Promise<readonly VersionSum[]>
  close(): Promise<void>
}

export interface DocumentStore {
  /** Makes acknowledged writes searchable, then opens a view. */
  openView(ranges: readonly Window[], signal: AbortSignal): Promise<DocumentView>
  /** Realtime reading by id, in grouped requests. Ids that are not there are missing in the result. */
  getMany(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, StoredDocument>>
  /**
   * `index` with external version: applied only over an older version. Fields of the stored document that are not
   * mirrored survive: where the index may have any, they are merged from a realtime get right before.
   * The result has one outcome for each write, in order.
   */
  write(writes: readonly DocumentWrite[], maySend: MaySend, signal: AbortSignal): Promise<readonly WriteOutcome[]>
}

/** One line of the timeseries table. */
export interface Entry {
  readonly id: string
  readonly version: number
}

export interface RowWrite {
  readonly id: string
  readonly version: Version
  readonly fields: Fields
  readonly clear: ReadonlySet<string> | 'all'
  /** Write time of every cell, in microseconds. */
  readonly writeTime: Micros
}

/** Write times are asked for cell by cell, and weigh as much as what they are of. By default they are told. */
export interface RowContent {
  readonly writeTimes: boolean
}

export interface RowStore {
  /** The mirrored columns of the data table: what the sync reads and writes. */
  readonly columns: readonly Column[]
  /** Largest version that the timeseries table's column can hold. */
  readonly maxVersion: number
  /**
   * Pages of all entries of all buckets with version at or after `from`; no order, and no upper bound (rule 2) unless
   * `before` is given.
   */
  entries(from: Version, signal: AbortSignal, before?: Version): AsyncIterable<readonly Entry[]>
  /** Rows by id with the newest readable write time of their mirrored cells, in grouped, bounded requests. */
  getMany(ids: readonly string[], signal: AbortSignal, what?: RowContent): Promise<ReadonlyMap<string, Row>>
  /** Resolves when all entries are acknowledged. True in the result means sent and acknowledged, false unsent. */
  writeEntries(entries: readonly Entry[], maySend: MaySend, signal: AbortSignal): Promise<readonly boolean[]>
  /**
   * Writes whole rows at their write times; where `insertQuery` is configured, together with it in a logged batch.
   * The caller has written the entries before (rule 12). One outcome for each write, in order.
   * @param sources the documents' own JSON, by id, for placeholders that name no column
   */
  writeRows(
    writes: readonly RowWrite[],
    sources: ReadonlyMap<string, JsonObject>,
    maySend: MaySend,
    signal: AbortSignal,
  ): Promise<readonly WriteOutcome[]>
}
