/** What a failed attempt at a window means for it, and for the windows behind it. */
import { CaesError, exitCode, type ErrorCode } from './errors.js'

export type Side = 'elasticsearch' | 'cassandra'

export type Meaning =
  /** The store is away or overloaded: all windows would fail, so none starts for a while. Costs no attempt. */
  | { readonly kind: 'store'; readonly side: Side }
  /** It passes by itself, and other windows may do better. Costs no attempt. */
  | { readonly kind: 'passes' }
  /** It may be the window's own fault. Costs an attempt; after the last one the window stays failed. */
  | { readonly kind: 'counts' }
  /** Nothing changes until somebody changes configuration or schema: the window stays failed at once. */
  | { readonly kind: 'hopeless' }

/** Codes whose meaning does not follow from their exit code. */
const meanings: ReadonlyMap<ErrorCode, Meaning> = new Map<ErrorCode, Meaning>([
  // Nobody answers, or too few replicas do.
  ['CAES_ELASTICSEARCH_DOWN', { kind: 'store', side: 'elasticsearch' }],
  ['CAES_CASSANDRA_DOWN', { kind: 'store', side: 'cassandra' }],
  // It asks for less, and gets less when nothing starts.
  ['CAES_ELASTICSEARCH_OVERLOADED', { kind: 'store', side: 'elasticsearch' }],
  // Whether it is overloaded or a node went silent, the answer is the same: wait, and write again.
  ['CAES_CASSANDRA_TIMEOUT', { kind: 'store', side: 'cassandra' }],
  // Shards of one index are missing; other indices of the cluster may be whole.
  ['CAES_ELASTICSEARCH_INCOMPLETE', { kind: 'passes' }],
  // The server itself lifts the block of a full disk once there is room.
  ['CAES_ELASTICSEARCH_BLOCKED', { kind: 'passes' }],
  // One of the stores is slow, and nothing tells which.
  ['CAES_WINDOW_TOO_SLOW', { kind: 'passes' }],
  // Workers got into each other's way, or the scheduler has yet to begin.
  ['CAES_CHECKPOINT', { kind: 'passes' }],
  // What Redis does not take now it takes later; the window itself was synced.
  ['CAES_REDIS_DOWN', { kind: 'passes' }],
  // Configuration, but it may be put right on the server's side, or while a password is changed.
  ['CAES_ELASTICSEARCH_DENIED', { kind: 'counts' }],
  ['CAES_CASSANDRA_DENIED', { kind: 'counts' }],
  ['CAES_REDIS_DENIED', { kind: 'counts' }],
  ['CAES_CERTIFICATE_REFUSED', { kind: 'counts' }],
])

export const meaningOf = (error: unknown): Meaning => {
  if (!(error instanceof CaesError)) return { kind: 'counts' }
  const meaning = meanings.get(error.code)
  if (meaning !== undefined) return meaning
  return { kind: error.exitCode === exitCode.badConfig ? 'hopeless' : 'counts' }
}
