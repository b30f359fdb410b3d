/** What the verbs that look at a running service have in common: the configuration, a quiet log, and releases. */
import type { Config } from '../config/config.js'
import { loadConfig } from '../config/load.js'
import type { Logger } from '../ports/logger.js'
import { createLogger } from '../runtime/logger.js'
import { createReleases, type Releases } from '../runtime/releases.js'
import { configSource } from './config-source.js'
import { logOptions, type GlobalOptions } from './global-options.js'
import { jsonLine } from './json-line.js'

export interface Session {
  readonly config: Config
  readonly logger: Logger
  readonly releases: Releases
}

/** How long a verb waits for Redis to answer, where something listens. */
export const redisLimitMs = 5_000

/** Whatever the work opened is released at its end, however it ends. Resolves to the work's exit code. */
export const withSession = async (
  global: GlobalOptions,
  work: (session: Session) => Promise<number>,
): Promise<number> => {
  const config = await loadConfig(configSource(global))
  const logger = createLogger(logOptions(global, 'error'))
  const releases = createReleases(logger)
  try {
    return await work({ config, logger, releases })
  } finally {
    await releases.run()
  }
}

/** Data for programs, or a text for people; neither of the texts with --quiet. */
export const answer = (global: GlobalOptions, data: object, text: string): void => {
  if (global.json === true) process.stdout.write(`${jsonLine(data)}\n`)
  else if (global.quiet !== true) process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}
