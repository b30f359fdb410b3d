/** Who may reach what of a process's address. */
import type { MiddlewareHandler } from 'hono'
import type { Logger } from '../ports/logger.js'
import { createAuth, type Auth } from './auth.js'
import { createUsers, type UserRecord } from './auth-users.js'
import { isLoopback } from './guard.js'

export interface Access {
  readonly auth: Auth
  /** Before /metrics, which processes without a page serve too. */
  readonly metrics: MiddlewareHandler
}

export interface AccessOptions {
  readonly users: readonly UserRecord[]
  readonly behindProxy: boolean
  /** Whether /metrics needs no login, wherever it is reached from. */
  readonly openMetrics: boolean
  /** The address that is listened on. */
  readonly host: string
  readonly logger: Logger
}

const pass: MiddlewareHandler = (_, next) => next()

const closed: MiddlewareHandler = async (context) =>
  context.text('Metrics need a login here, and there are no users: set http.users, or http.metrics to open.\n', 401)

/** Health stays open everywhere. Metrics are open on this machine, to who logs in, and where the configuration says so. */
export const createAccess = async (options: AccessOptions): Promise<Access> => {
  const { users, behindProxy, openMetrics, host, logger } = options
  const known = users.length === 0 ? undefined : await createUsers(users)
  const auth = createAuth({ users: known, behindProxy, logger })
  if (openMetrics || isLoopback(host)) return { auth, metrics: pass }
  return { auth, metrics: known === undefined ? closed : auth.check }
}
