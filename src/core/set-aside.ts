/** A record that was set aside and is tried again, and how that ends. */
import type { Reject } from './reject.js'
import type { Micros } from './version.js'

export interface SetAside extends Reject {
  /** Wall clock when that was noted: what was written to its row before, the window had seen. */
  readonly notedAt: Micros
}

export type RecordOutcome =
  | { readonly kind: 'rejected'; readonly reject: Reject }
  /** It is sent to the other side, which keeps what is newer. */
  | { readonly kind: 'written' }
  | { readonly kind: 'unchanged' | 'ignored' | 'orphaned' }
  /** A window carries it: it is newer than what windows read by now, or may still be landing. */
  | { readonly kind: 'later' | 'held' }
  /** The row was written since, and no entry tells its version any more. Only a new write, or verify, can settle it. */
  | { readonly kind: 'unlabelled' }
