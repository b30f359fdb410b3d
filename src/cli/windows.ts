/** `caes-sync windows`: the windows of the queue, as a table that fits the terminal. It needs Redis alone. */
import { openRedis } from '../adapters/bullmq/connection.js'
import { createWindowList, windowStates, type WindowList, type WindowState } from '../adapters/bullmq/window-list.js'
import { redisEndpoint } from '../connection-options.js'
import { exitCode } from '../core/errors.js'
import type { Unit } from '../core/version.js'
import { choosePairs } from './choose-pairs.js'
import type { GlobalOptions } from './global-options.js'
import { redisLimitMs, withSession } from './session.js'
import { describeWindows, windowLine } from './windows-text.js'

export interface WindowsOptions {
  /** One state, `open` for all but completed, or `all`. */
  readonly status: WindowState | 'open' | 'all'
  readonly pair?: string
  readonly limit: number
}

export const windows = (options: WindowsOptions, global: GlobalOptions): Promise<number> =>
  withWindows(options, global, async (list, units) => {
    const { status, pair, limit } = options
    const found = await list.list({ states: statesOf(status), limit, ...(pair === undefined ? {} : { pair }) })
    if (global.json === true) for (const each of found.windows) process.stdout.write(`${windowLine(each)}\n`)
    else {
      const width = process.stdout.isTTY ? process.stdout.columns : undefined
      process.stdout.write(describeWindows(found, { units, width, now: new Date() }))
    }
    return exitCode.done
  })

const statesOf = (status: WindowsOptions['status']): readonly WindowState[] => {
  if (status === 'all') return windowStates
  return status === 'open' ? windowStates.filter((state) => state !== 'completed') : [status]
}

/** Opens the list. @param work gets the units of the pairs, too. Errors: CAES_USAGE, CAES_REDIS_DOWN */
export const withWindows = (
  { pair }: { readonly pair?: string },
  global: GlobalOptions,
  work: (list: WindowList, units: ReadonlyMap<string, Unit>) => Promise<number>,
): Promise<number> =>
  withSession(global, async ({ config, logger, releases }) => {
    choosePairs(config.pairs, pair)
    const link = openRedis(redisEndpoint(config.redis), 'producer', 'caes-sync windows', logger)
    releases.add('redis', () => link.close())
    await link.untilReadyOrRefused(redisLimitMs)
    const list = createWindowList(link, config.redis.prefix)
    releases.add('windows', () => list.close())
    return work(list, new Map(config.pairs.map(({ name, sync }) => [name, sync.unit])))
  })
