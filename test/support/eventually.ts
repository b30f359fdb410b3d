/** Waiting in tests: by polling, up to a deadline, never by a fixed sleep. */
import { setTimeout as sleep } from 'node:timers/promises'

/** Asks again until `check` no longer throws; after the deadline its last error is the test's. */
export const eventually = async <T>(check: () => Promise<T> | T, deadlineMs = 30_000): Promise<T> => {
  const deadline = Date.now() + deadlineMs
  for (;;) {
    try {
      return await check()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await sleep(100)
    }
  }
}

/** Asks again until there is an answer, and returns it. */
export const until = async <T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  limitMs = 20_000,
): Promise<T> => {
  const deadline = performance.now() + limitMs
  for (;;) {
    const found = await probe()
    if (found !== undefined && found !== false) return found
    if (performance.now() > deadline) throw new Error(`not within ${limitMs} ms: ${what}`)
    await sleep(20)
  }
}
