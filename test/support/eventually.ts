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
