import type { Access } from '../../src/http/access.js'
import { createAuth } from '../../src/http/auth.js'
import { keepingLogger } from './keeping-logger.js'

/** As on a loopback address without users. */
export const openAccess: Access = {
  auth: createAuth({ users: undefined, behindProxy: false, logger: keepingLogger() }),
  metrics: (_, next) => next(),
}
