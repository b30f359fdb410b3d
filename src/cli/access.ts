/** Who may reach this process, from the configuration and the command line. */
import type { Config } from '../config/config.js'
import { CaesError } from '../core/errors.js'
import { createAccess, type Access } from '../http/access.js'
import { isLoopback } from '../http/guard.js'
import type { ListenOptions } from '../http/server.js'
import type { Logger } from '../ports/logger.js'

export interface AccessChoice {
  /** Whether the process has a page on which something can be done. */
  readonly hasPage: boolean
  readonly insecure: boolean
}

/** Errors: CAES_CONFIG_INVALID where anybody who reaches the address could do everything. */
export const accessOf = async (
  { http }: Pick<Config, 'http'>,
  { host, key }: ListenOptions,
  { hasPage, insecure }: AccessChoice,
  logger: Logger,
): Promise<Access> => {
  const users = http.users ?? []
  const isOutside = !isLoopback(host)
  if (hasPage && isOutside && users.length === 0) {
    if (!insecure) throw nobodyLogsIn(host, key)
    logger.warn({ host }, 'the dashboard has no login and can be reached from outside, as --insecure allows')
  }
  if (!hasPage && isOutside && users.length === 0 && http.metrics !== 'open' && !insecure) {
    logger.warn({ host }, 'nobody can read /metrics: set http.users, or http.metrics to open')
  }
  return createAccess({
    users,
    behindProxy: http.behindProxy,
    openMetrics: http.metrics === 'open' || (insecure && users.length === 0),
    host,
    logger,
  })
}

const nobodyLogsIn = (host: string, key: string): CaesError =>
  new CaesError('CAES_CONFIG_INVALID', `the dashboard would be open to everybody who can reach ${host}`, {
    where: key,
    hint: 'set http.users, listen on 127.0.0.1, or say --insecure where something in front of it asks for a login',
  })
