import type { Rules } from '../core/rules.js'
import type { Clock } from '../ports/clock.js'
import type { Logger } from '../ports/logger.js'
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
