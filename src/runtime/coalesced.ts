/** Idempotent work that needs to run once for any number of callers who ask while it runs. */

/** Callers during a run share that run and its outcome. */
export const coalesced = <T>(work: () => Promise<T>): (() => Promise<T>) => {
  let running: Promise<T> | undefined
  return () => {
    running ??= work().finally(() => {
      running = undefined
    })
    return running
  }
}
