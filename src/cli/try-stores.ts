/** Connects to everything that the configuration names, and changes nothing. Failures of one do not hide the others'. */
import { openRedis } from '../adapters/bullmq/connection.js'
import { connectPair, connections } from '../compose.js'
import type { Config } from '../config/config.js'
import { redisEndpoint } from '../connection-options.js'
import { CaesError } from '../core/errors.js'
import type { Logger } from '../ports/logger.js'
import { createReleases } from '../runtime/releases.js'

export interface TriedStores {
  /** Why a pair could not be opened, by its name. */
  readonly pairs: ReadonlyMap<string, CaesError>
  readonly redis: { readonly where: string; readonly failure: CaesError | undefined }
}

const redisLimitMs = 5_000

/** @param logger gets what opening a pair has to say, such as columns that are not mirrored */
export const tryStores = async (config: Config, logger: Logger): Promise<TriedStores> => {
  const releases = createReleases(logger)
  try {
    const shared = connections(logger, releases)
    const pairs = new Map<string, CaesError>()
    for (const pair of config.pairs) {
      const failure = await failureOf(() => connectPair(pair, shared))
      if (failure !== undefined) pairs.set(pair.name, failure)
    }
    let where = 'redis.url'
    const failure = await failureOf(async () => {
      const link = openRedis(redisEndpoint(config.redis), 'producer', 'caes-sync validate', silent)
      releases.add('redis', () => link.close())
      where = link.where
      await link.untilReadyOrRefused(redisLimitMs)
    })
    return { pairs, redis: { where, failure } }
  } finally {
    await releases.run()
  }
}

const nothing = (): void => undefined
/** A line about each outage would only repeat what is reported. */
const silent: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing }

/** Errors: the first that keeps the configuration from being used. */
export const demandStores = async (config: Config): Promise<void> => {
  const { pairs, redis } = await tryStores(config, silent)
  const failure = [...pairs.values()][0] ?? redis.failure
  if (failure !== undefined) throw failure
}

/** Anything else is a bug and is not to be taken for a finding. */
const failureOf = async (work: () => Promise<unknown>): Promise<CaesError | undefined> => {
  try {
    await work()
    return undefined
  } catch (error) {
    if (error instanceof CaesError) return error
    throw error
  }
}
