import type { Closed } from '../core/gate.js'

/**
 * Asked right before a window of a pair starts, once for each start. Closed: the window goes back to the queue, and
 * comes again after `retryInMs` without having lost an attempt. The answer is at hand: it neither waits nor fails.
 *
 * The board shows the reason at every window that waits. Whoever closes a gate says so in the log, once.
 */
export type Gate = (pair: string) => Closed | undefined
