/**
 * How often, in milliseconds, workers look for jobs whose lock ran out. A job of a worker that died waits for its lock
 * and for the next look: at most one and a half times the lock. BullMQ lets one worker look for all of them.
 */
export const stalledCheckMs = (lockMs: number): number => Math.ceil(lockMs / 2)
