/** Which failures mean that Redis cannot be reached, as opposed to a command that it refused. */
import { CaesError } from '../../core/errors.js'

/** Socket and resolver codes, each with its reason. */
const connectionCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED', // nothing listens there
  'ECONNRESET', // cut while in use
  'EPIPE', // written to after it was cut
  'ETIMEDOUT', // no answer to the connection attempt
  'EHOSTUNREACH', // no route
  'ENETUNREACH', // no route
  'ENOTFOUND', // the name does not resolve
  'EAI_AGAIN', // the resolver does not answer
])

/** The client gives these no code; the texts are whole and fixed in its source. */
const connectionTexts: ReadonlySet<string> = new Set([
  'Connection is closed.', // ended or between two attempts
  "Stream isn't writeable and enableOfflineQueue options is false", // not connected, and told not to queue
  'Command timed out', // commandTimeout: the server hangs or the line is dead
])

const connectionNames: ReadonlySet<string> = new Set([
  'MaxRetriesPerRequestError', // gave a command up after reconnecting
  'ConnectionClosedError', // the same as the first text above, from BullMQ
])

export const isConnectionFault = (error: unknown): boolean =>
  error instanceof Error &&
  (connectionNames.has(error.name) ||
    connectionTexts.has(error.message) ||
    ('code' in error && typeof error.code === 'string' && connectionCodes.has(error.code)))

export const redisDown = (where: string, cause: unknown): CaesError => {
  const why = cause instanceof Error && cause.message !== '' ? `: ${cause.message}` : ''
  return new CaesError('CAES_REDIS_DOWN', `Redis at ${where} cannot be reached${why}`, {
    where,
    hint: 'start Redis there, or set redis.url',
    cause,
  })
}

/** Runs one operation on Redis. Errors: CAES_REDIS_DOWN where it cannot be reached; anything else as it is. */
export const onRedis = async <T>(where: string, operation: () => Promise<T>): Promise<T> => {
  try {
    return await operation()
  } catch (error) {
    throw isConnectionFault(error) ? redisDown(where, error) : error
  }
}
