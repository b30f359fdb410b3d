import type { Rules } from '../core/rules.js'
import type { Clock } from '../ports/clock.js'
import type { Logger } from '../ports/logger.js'
import type { DocumentScan, RowScan } from '../ports/scan.js'
import type { DocumentStore, RowStore } from '../ports/store.js'

/** One index ⇄ one table, connected: everything that syncing a window of it takes. */
export interface Pair {
  readonly name: string
  readonly rules: Rules
  readonly documents: DocumentStore
  readonly rows: RowStore
  readonly clock: Clock
  readonly logger: Logger
}

/** A pair of which everything can be read. */
export interface ScannablePair extends Pair {
  readonly documents: DocumentStore & DocumentScan
  readonly rows: RowStore & RowScan
}

/** The same pair under the rules of a comparison of everything, which meets rows whose entries have expired. */
export const forEverything = <P extends Pick<Pair, 'rules'>>(pair: P): P =>
  pair.rules.labels === 'entries' ? { ...pair, rules: { ...pair.rules, labels: 'entries-or-cells' } } : pair
