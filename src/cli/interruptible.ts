/** Work that a Ctrl-C ends in order: its signal is aborted, and the exit code says which signal came. */

const codes = { SIGINT: 130, SIGTERM: 143 } as const

/** Resolves to the work's exit code, or to that of the signal once the work has ended because of it. */
export const interruptible = async (work: (signal: AbortSignal) => Promise<number>): Promise<number> => {
  const stop = new AbortController()
  let code: number | undefined
  const onSignal = (signal: NodeJS.Signals): void => {
    code = codes[signal as keyof typeof codes]
    stop.abort(new Error(`interrupted by ${signal}`))
  }
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal)
  try {
    const result = await work(stop.signal)
    return code ?? result
  } catch (error) {
    if (code === undefined) throw error
    return code
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
  }
}
