/**
 * Removing records for good, and finding those that may be. As for the other methods of the stores: a short read is
 * never a result, every removal in the result was acknowledged, and an aborted signal stops at the next request.
 *
 * A removal cannot hit what was written after the reading that it rests on, however old that is, so none of them asks
 * whether it may still be sent.
 */
import type { Micros, Version } from '../core/version.js'
import type { Window } from '../core/window.js'
import type { DocumentView } from './store.js'

export interface PurgeableDocuments {
  /** As `DocumentStore.openView`, of those documents alone in which this boolean field is true. */
  openViewOf(field: string, range: Window, signal: AbortSignal): Promise<DocumentView>
  /**
   * `delete` with external version: takes effect over the same or an older version. The result has for each removal, in
   * order, whether the document is gone; false where a newer one is there.
   */
  remove(removals: readonly DocumentRemoval[], signal: AbortSignal): Promise<readonly boolean[]>
}

export interface DocumentRemoval {
  readonly id: string
  readonly version: Version
}

export interface PurgeableRows {
  /** Deletes whole rows at the given write times: what was written later stays. */
  removeRows(removals: readonly RowRemoval[], signal: AbortSignal): Promise<void>
}

export interface RowRemoval {
  readonly id: string
  /** In microseconds. */
  readonly writeTime: Micros
}
