import { setTimeout as sleep } from 'node:timers/promises'

/** Waits. When it is aborted it rejects with the signal's own reason, where Node would say only "aborted". */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal })
  } catch (error) {
    signal.throwIfAborted()
    throw error
  }
}
