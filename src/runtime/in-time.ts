/** Readings for those who cannot wait. */
import { settledWithin } from './within.js'

/**
 * Answers within the limit, or throws what `late` gives. A reading that takes longer goes on, and everybody who asks
 * the same meanwhile waits for that one: a store that hangs gets one request at a time.
 */
export const inTime = <T>(
  limitMs: number,
  read: (key: string) => Promise<T>,
  late: () => Error,
): ((key: string) => Promise<T>) => {
  const underWay = new Map<string, Promise<T>>()
  const start = (key: string): Promise<T> => {
    const reading = read(key).finally(() => underWay.delete(key))
    underWay.set(key, reading)
    return reading
  }
  return async (key) => {
    const reading = underWay.get(key) ?? start(key)
    // Nobody may be waiting any more when it fails.
    reading.catch(() => undefined)
    if (await settledWithin(reading, limitMs)) return reading
    throw late()
  }
}
