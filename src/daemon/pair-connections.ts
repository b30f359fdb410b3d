/**
 * Connects the pairs of a worker, each by itself: one whose store is away at the start keeps no other from running.
 * Its windows wait, and go on when it is connected.
 */
import { CaesError } from '../core/errors.js'
import type { Gate } from '../ports/gate.js'
import type { Logger } from '../ports/logger.js'
import { patiently } from '../runtime/patiently.js'
import { createWaiting } from './waiting.js'

export interface PairConnectionsOptions<T> {
  readonly connect: (pair: string) => Promise<T>
  /** A pair that was waited for turns out to have wrong configuration or schema. */
  readonly onHopeless: (error: unknown) => void
  /** Ends the waiting. */
  readonly signal: AbortSignal
  readonly logger: Logger
  /** Whether a store that is away at the start is a failure. */
  readonly failFast?: boolean
}

export interface PairConnections<T> {
  /** Closed for a pair until it is connected. */
  readonly gate: Gate
  /** Errors: what connecting met last, for a pair that is waited for; CAES_CONFIG_INVALID for one that is not configured. */
  of(pair: string): T
  /** Which pairs are waited for, and why. */
  fault(): string | undefined
}

const lookAgainMs = 1_000

/**
 * Resolves once each pair is connected or was tried once.
 * Errors: the first that does not pass by itself; with `failFast` any.
 */
export const connectPairs = async <T>(
  names: readonly string[],
  { connect, onHopeless, signal, logger, failFast = false }: PairConnectionsOptions<T>,
): Promise<PairConnections<T>> => {
  const connected = new Map<string, T>()
  const failures = new Map<string, unknown>()
  const pairs = names.map((name) => ({ name, waiting: createWaiting(`pair "${name}"`, logger) }))
  const connectOne = async (name: string): Promise<void> => {
    connected.set(name, await connect(name))
  }
  const start = ({ name, waiting }: (typeof pairs)[number]): Promise<void> =>
    new Promise((resolve, reject) => {
      let triedOnce = false
      const onFailure = (error: unknown): void => {
        if (failFast) throw error
        failures.set(name, error)
        waiting.failed(error)
        triedOnce = true
        resolve()
      }
      const onEnd = (error: unknown): void => {
        if (!triedOnce) reject(error)
        else if (!signal.aborted) onHopeless(error)
      }
      patiently(() => connectOne(name), { signal, onFailure })
        .then(waiting.over)
        .then(resolve, onEnd)
    })
  await Promise.all(pairs.map(start))

  return {
    // A window of a pair that is not configured may start, to fail with the reason.
    gate: (name) =>
      connected.has(name) || !names.includes(name)
        ? undefined
        : { reason: `pair "${name}" is not connected yet`, retryInMs: lookAgainMs },
    of: (name) => {
      const found = connected.get(name)
      if (found !== undefined) return found
      throw failures.get(name) ?? unknownPair(name)
    },
    fault: () => {
      const faults = pairs.flatMap(({ name, waiting }) => {
        const fault = waiting.fault()
        return fault === undefined ? [] : [`pair "${name}" waits: ${fault}`]
      })
      return faults.length === 0 ? undefined : faults.join('; ')
    },
  }
}

const unknownPair = (name: string): CaesError =>
  new CaesError('CAES_CONFIG_INVALID', `work on pair "${name}" waits, which this configuration does not have`, {
    hint: 'Run all processes with the same configuration, or remove the windows and rejects of that pair on the dashboard.',
  })
