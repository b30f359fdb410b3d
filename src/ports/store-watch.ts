import type { Gate } from './gate.js'

/** How a window that was let through ended. */
export type AttemptEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly error: unknown }
  /** It was cancelled; nothing follows from that. */
  | { readonly kind: 'stopped' }

/** Keeps windows from starting while a store of their pair is away. */
export interface StoreWatch {
  readonly gate: Gate
  /** To be told of every window that the gate let through. Says in the log what concerns a store as a whole. */
  readonly ended: (pair: string, end: AttemptEnd) => void
  /** Which stores are away, and what was met there last. */
  fault(): string | undefined
}
