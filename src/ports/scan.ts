/**
 * Reading all of a store, in parts. As for the other methods of the stores: a short read is never a result, and an
 * aborted signal stops at the next request.
 */
import type { DocumentPart, RowPart } from '../core/run-part.js'
import type { Row } from '../core/record.js'
import type { RowContent, StoredDocument } from './store.js'

export interface RowScan {
  /** About how many rows there are; 0 where nothing is known, as for a table that was never flushed. */
  estimate(signal: AbortSignal): Promise<number>
  /** Pages of the ids of a part, each once, in no order. */
  scanIds(part: RowPart, signal: AbortSignal): AsyncIterable<readonly string[]>
  /** The same with what `RowStore.getMany` tells of each. */
  scan(part: RowPart, signal: AbortSignal, what?: RowContent): AsyncIterable<ReadonlyMap<string, Row>>
  /**
   * What `RowStore.getMany` tells of these ids. Cheaper than that for ids as `scanIds` gives them, one after the other:
   * they lie in one stretch of the store, which is read in one go.
   */
  getNeighbours(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Row>>
}

export interface DocumentScan {
  /** All documents, in parts of about `size`: those that are there now, and in the last one whatever is still to come. */
  parts(size: number, signal: AbortSignal): Promise<readonly DocumentPart[]>
  /** How many documents there are. */
  count(signal: AbortSignal): Promise<number>
  /** At most `count` ids, chosen at random; fewer where the index has no more, or does not give as many at once. */
  sampleIds(count: number, signal: AbortSignal): Promise<readonly string[]>
  /** Pages of the ids of a part, each once, in no order; not all of them need be UUIDs. */
  scanIds(part: DocumentPart, signal: AbortSignal): AsyncIterable<readonly string[]>
  /**
   * The same with whole documents: all that were acknowledged before the parts were cut, in the last part all that were
   * so before it is read. A document that was written again since is met there, and perhaps in its old state as well.
   */
  scan(part: DocumentPart, signal: AbortSignal): AsyncIterable<readonly StoredDocument[]>
}
