/** Work that tells how things stand, for any number of callers. */

/**
 * Whoever asks gets the outcome of work that starts after the question; those who ask while some is under way share the
 * next. There is never more than one at a time.
 */
export const startedAfter = <T>(work: () => Promise<T>): (() => Promise<T>) => {
  let running: Promise<T> | undefined
  let next: Promise<T> | undefined
  const start = (): Promise<T> => {
    next = undefined
    const started = work().finally(() => {
      if (running === started) running = undefined
    })
    running = started
    return started
  }
  return () => {
    // Asked first: work that has just ended is no longer running, while its successor has yet to start.
    if (next !== undefined) return next
    if (running === undefined) return start()
    // A failure is shared by those who wait for it; the next one is still theirs to start.
    next = running.then(start, start)
    return next
  }
}
