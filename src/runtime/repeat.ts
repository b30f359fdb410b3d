/** Work that comes round: the next time is counted from the end of the last, so that it never overlaps itself. */

/**
 * Runs `work` every `pauseMs`. A failure goes to `onError` and the next round comes as usual.
 * @returns stops it; resolves once a round that is under way has ended
 */
export const repeat = (
  pauseMs: number,
  work: () => Promise<void>,
  onError: (error: unknown) => void,
): (() => Promise<void>) => {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let round: Promise<void> = Promise.resolve()
  const next = (): void => {
    if (stopped) return
    timer = setTimeout(() => {
      round = work().catch(onError).finally(next)
    }, pauseMs)
  }
  next()
  return async () => {
    stopped = true
    clearTimeout(timer)
    await round
  }
}
