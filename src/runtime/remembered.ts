/** Answers that are still good for a while. */

export interface Remembered<T> {
  /** Asks once for any number of callers, and not again before the answer is old. Failures are not remembered. */
  (): Promise<T>
  /** Whoever asks from now on gets an answer that is asked for from now on. */
  forget(): void
}

interface Asked<T> {
  readonly answer: Promise<T>
  /** Unset while the answer is on its way. */
  cameAt?: number
}

/** @param ms how long an answer is good, from when it came */
export const remembered = <T>(ms: number, ask: () => Promise<T>, now = () => performance.now()): Remembered<T> => {
  let last: Asked<T> | undefined
  const isGood = ({ cameAt }: Asked<T>): boolean => cameAt === undefined || now() - cameAt < ms
  const askNow = (): Asked<T> => {
    const answer = async (): Promise<T> => {
      try {
        const came = await ask()
        asked.cameAt = now()
        return came
      } catch (error) {
        if (last === asked) last = undefined
        throw error
      }
    }
    const asked: Asked<T> = { answer: answer() }
    return asked
  }
  const read = (): Promise<T> => {
    if (last === undefined || !isGood(last)) last = askNow()
    return last.answer
  }
  const forget = (): void => {
    last = undefined
  }
  return Object.assign(read, { forget })
}
