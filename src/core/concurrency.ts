/** Bounded concurrency that never leaves work running behind a failure. */

/**
 * Runs `work` over the items as they come, at most `limit` at a time. After the first failure nothing new is started;
 * the failure is thrown only once everything under way has settled, so that no request outlives its caller.
 */
export const forEachConcurrently = async <T>(
  items: AsyncIterable<T> | Iterable<T>,
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> => {
  const underWay = new Set<Promise<void>>()
  let failure: { readonly error: unknown } | undefined
  const failed = (): boolean => failure !== undefined
  try {
    for await (const item of items) {
      // One may have come while this item was waited for.
      if (failed()) break
      const task: Promise<void> = work(item)
        .catch((error: unknown) => {
          failure ??= { error }
        })
        .finally(() => underWay.delete(task))
      underWay.add(task)
      if (underWay.size >= limit) await Promise.race(underWay)
      if (failed()) break
    }
  } catch (error) {
    failure ??= { error }
  }
  await Promise.all(underWay)
  if (failure !== undefined) throw failure.error
}

/**
 * Two works at the same time, under a signal that is aborted with the given one, and as soon as one of the two fails.
 * The first failure is thrown once both have ended.
 */
export const together = async <A, B>(
  signal: AbortSignal,
  first: (signal: AbortSignal) => Promise<A>,
  second: (signal: AbortSignal) => Promise<B>,
): Promise<[A, B]> => {
  const halt = new AbortController()
  const either = AbortSignal.any([signal, halt.signal])
  const halting = async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    try {
      return await work(either)
    } catch (error) {
      halt.abort(error)
      throw error
    }
  }
  const works = [halting(first), halting(second)] as const
  await Promise.allSettled(works)
  if (halt.signal.aborted) throw halt.signal.reason
  return await Promise.all(works)
}

export const chunked = <T>(items: readonly T[], size: number): T[][] => {
  const chunks: T[][] = []
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size))
  return chunks
}
