/** `caes-sync pause` and `resume`: a pair stands still until somebody says otherwise. They need Cassandra alone. */
import { hostname, userInfo } from 'node:os'
import { connections, pauseStores } from '../compose.js'
import { exitCode } from '../core/errors.js'
import type { PauseStore } from '../ports/pause.js'
import { choosePairs } from './choose-pairs.js'
import type { GlobalOptions } from './global-options.js'
import { localTime } from './local-time.js'
import { answer, withSession } from './session.js'

export interface PauseOptions {
  readonly pair?: string
}

export const pause = (options: PauseOptions, global: GlobalOptions): Promise<number> =>
  eachPair(options, global, async (name, pauses) => {
    const { since, who } = await pauses.pause(name, { since: Date.now(), who: whoami() })
    return {
      data: { name, paused: true, since: new Date(since).toISOString(), who },
      text: `${name} is paused since ${localTime(since, new Date())} by ${who}; windows that are under way end, no other starts`,
    }
  })

export const resume = (options: PauseOptions, global: GlobalOptions): Promise<number> =>
  eachPair(options, global, async (name, pauses) => ({
    text: (await pauses.resume(name)) ? `${name} goes on from its watermark` : `${name} was not paused`,
    data: { name, paused: false },
  }))

const eachPair = (
  options: PauseOptions,
  global: GlobalOptions,
  change: (name: string, pauses: PauseStore) => Promise<{ readonly data: object; readonly text: string }>,
): Promise<number> =>
  withSession(global, async ({ config, logger, releases }) => {
    const pairs = choosePairs(config.pairs, options.pair)
    const pauses = pauseStores(pairs, connections(logger, releases))
    const changed: { readonly data: object; readonly text: string }[] = []
    for (const { name } of pairs) changed.push(await change(name, pauses))
    answer(global, { pairs: changed.map(({ data }) => data) }, changed.map(({ text }) => text).join('\n'))
    return exitCode.done
  })

/** A service account may have no name. */
const whoami = (): string => {
  try {
    return `${userInfo().username}@${hostname()}`
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SYSTEM_ERROR') return hostname()
    throw error
  }
}
