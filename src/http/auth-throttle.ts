/**
 * Guesses at passwords, slowed down by address and by name: after some failures each further one doubles the wait. Pure:
 * the time is passed in. A name waits less than an address, or anybody could lock its owner out.
 */

export interface Throttle {
  /** Milliseconds until another attempt is looked at; 0 when it may be made now. */
  wait(address: string, name: string, now: number): number
  failed(address: string, name: string, now: number): void
  succeeded(address: string, name: string): void
}

interface Failures {
  readonly count: number
  readonly until: number
}

const free = 5
const firstWaitMs = 1_000
const mostMs = { address: 300_000, name: 30_000 } as const
/** Failures are forgotten when nothing was tried for so long. */
const forgetMs = 900_000
/** More are not remembered: the oldest give way. */
const mostKept = 10_000

const places = (address: string, name: string) =>
  [
    [`address ${address}`, mostMs.address],
    [`name ${name}`, mostMs.name],
  ] as const

export const createThrottle = (): Throttle => {
  const kept = new Map<string, Failures>()
  const current = (place: string, now: number): Failures | undefined => {
    const found = kept.get(place)
    return found === undefined || now - found.until > forgetMs ? undefined : found
  }
  return {
    wait: (address, name, now) =>
      Math.max(0, ...places(address, name).map(([place]) => (current(place, now)?.until ?? 0) - now)),
    failed: (address, name, now) => {
      for (const [place, most] of places(address, name)) {
        const count = (current(place, now)?.count ?? 0) + 1
        const waitMs = count < free ? 0 : Math.min(firstWaitMs * 2 ** Math.min(count - free, 20), most)
        // Deleted first, so that the order of keys is that of the last failure.
        kept.delete(place)
        kept.set(place, { count, until: now + waitMs })
      }
      for (const oldest of kept.keys()) {
        if (kept.size <= mostKept) break
        kept.delete(oldest)
      }
    },
    succeeded: (address, name) => {
      for (const [place] of places(address, name)) kept.delete(place)
    },
  }
}
