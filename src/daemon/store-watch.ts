/** One circuit breaker for each store, shared by the pairs that use it. */
import {
  closedBreaker,
  failed,
  started,
  succeeded,
  undecided,
  waitAt,
  type Breaker,
  type BreakerRules,
} from '../core/breaker.js'
import { errorText } from '../core/error-text.js'
import { meaningOf, type Side } from '../core/failed-attempt.js'
import type { Logger } from '../ports/logger.js'
import type { StoreMetrics } from '../ports/metrics.js'
import type { StoreWatch } from '../ports/store-watch.js'

/** A cluster, whatever of it a pair uses. Pairs that share one hold the same object. */
export interface SharedStore {
  readonly side: Side
  /** Its addresses, without credentials. */
  readonly name: string
}

export interface StoreWatchDeps {
  readonly logger: Logger
  readonly metrics: StoreMetrics
  /** Milliseconds of a clock that never steps. */
  readonly now?: () => number
  readonly random?: () => number
}

/**
 * Recovery has to follow the end of an outage by no more than the usual wait for a window, nor by much when windows
 * are minutes long.
 */
export const breakerRules = (intervalMs: number): BreakerRules => ({
  failures: 3,
  firstMs: 1_000,
  longestMs: Math.min(15_000, Math.max(1_000, intervalMs)),
  probeMs: 5_000,
})

/** While a probe is under way, whoever waits looks again this soon: it may be over at once. */
const lookAgainMs = 1_000

interface Watched {
  readonly store: SharedStore
  breaker: Breaker
  /** When it opened. */
  since: number
  /** The failure that was met last. */
  last: string
}

const titles: Record<Side, string> = { elasticsearch: 'Elasticsearch', cassandra: 'Cassandra' }
const shown = ({ store: { side, name } }: Watched): string => `${titles[side]} at ${name}`
const awayText = (each: Watched): string => `${shown(each)} is away or overloaded`
const isAway = ({ breaker }: Watched): boolean => breaker.state !== 'closed'

/** @param stores by pair */
export const createStoreWatch = (
  stores: ReadonlyMap<string, readonly SharedStore[]>,
  rules: BreakerRules,
  { logger, metrics, now = () => performance.now(), random = Math.random }: StoreWatchDeps,
): StoreWatch => {
  const watched = new Map<SharedStore, Watched>()
  for (const store of new Set([...stores.values()].flat())) {
    watched.set(store, { store, breaker: closedBreaker, since: 0, last: '' })
    metrics.storeObserved(store, true)
  }
  const of = (pair: string): Watched[] => (stores.get(pair) ?? []).map((store) => watched.get(store)!)

  const move = (each: Watched, next: Breaker): void => {
    const wasAway = isAway(each)
    each.breaker = next
    if (isAway(each) === wasAway) return
    metrics.storeObserved(each.store, wasAway)
    if (wasAway) {
      const seconds = Math.round((now() - each.since) / 1_000)
      logger.info({ store: shown(each), seconds }, 'the store answers again; windows go on')
    } else {
      each.since = now()
      logger.warn({ store: shown(each), reason: each.last }, 'the store is away or overloaded; windows wait for it')
    }
  }

  const blame = (each: Watched, pair: string, error: unknown): void => {
    each.last = errorText(error)
    // Once it is known to be away, every further failure only repeats it.
    logger[isAway(each) ? 'debug' : 'warn']({ pair }, `window failed and comes again: ${each.last}`)
    move(each, failed(each.breaker, now(), rules, random()))
  }

  /** How long nobody may start because of this store. */
  const waitFor = ({ breaker }: Watched): number => {
    const wait = waitAt(breaker, now())
    return breaker.state === 'probing' ? Math.min(wait, lookAgainMs) : wait
  }

  return {
    gate: (pair) => {
      const mine = of(pair)
      const shut = mine.filter((each) => waitFor(each) > 0)
      if (shut.length === 0) {
        for (const each of mine) move(each, started(each.breaker, now(), rules))
        return undefined
      }
      return {
        reason: shut.map(awayText).join('; '),
        retryInMs: Math.ceil(Math.max(...shut.map(waitFor))),
      }
    },
    ended: (pair, end) => {
      const meaning = end.kind === 'failed' ? meaningOf(end.error) : undefined
      for (const each of of(pair)) {
        if (end.kind === 'done') move(each, succeeded(each.breaker))
        else if (end.kind === 'failed' && meaning?.kind === 'store' && meaning.side === each.store.side)
          blame(each, pair, end.error)
        else move(each, undecided(each.breaker, now()))
      }
    },
    fault: () => {
      const away = [...watched.values()].filter(isAway)
      if (away.length === 0) return undefined
      return away.map((each) => `${awayText(each)}: ${each.last}`).join('; ')
    },
  }
}
