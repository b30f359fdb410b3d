/** How Redis fails: it cannot be reached, it cannot do it now, it does not let us in, or it refused a command. */
import { CaesError } from '../../core/errors.js'
import { tlsFaultOf, type TlsFault } from '../../runtime/tls-faults.js'

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

/** Those that are known at once, and that a moment of patience seldom changes. */
const nobodyThere: ReadonlySet<string> = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND'])

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

/**
 * The first word of an answer that Redis gives instead of a result. These pass by themselves: it is reached, and cannot
 * do what it is asked for now.
 */
const passingRefusals: ReadonlySet<string> = new Set([
  'LOADING', // reads its data after a start
  'READONLY', // a replica, or a primary that has just become one
  'MASTERDOWN', // a replica that has lost its primary
  'CLUSTERDOWN', // some of the slots are served by nobody
  'TRYAGAIN', // slots are on their way to another node
  'NOREPLICAS', // fewer replicas than a write needs
  'MISCONF', // could not save to disk, so takes no writes
  'OOM', // maxmemory is reached, and nothing may be evicted
])

/** And these do not, until somebody changes the configuration, or the user. */
const denials: ReadonlySet<string> = new Set([
  'WRONGPASS', // user or password are wrong
  'NOAUTH', // there is no password in the configuration
  'NOPERM', // the user may not run a command, or not touch our keys
])

const firstWord = (error: unknown): string =>
  error instanceof Error && error.name === 'ReplyError' ? (error.message.split(' ', 1)[0] ?? '') : ''

const isDenial = (error: unknown): boolean => denials.has(firstWord(error))

const isPassingRefusal = (error: unknown): boolean => passingRefusals.has(firstWord(error))

export const isConnectionFault = (error: unknown): boolean =>
  error instanceof Error &&
  (connectionNames.has(error.name) ||
    connectionTexts.has(error.message) ||
    ('code' in error && typeof error.code === 'string' && connectionCodes.has(error.code)))

/** A cluster says that it has no nodes, and hides what the last of them said. */
const innermost = (error: unknown): unknown =>
  error instanceof Error && 'lastNodeError' in error && error.lastNodeError instanceof Error
    ? error.lastNodeError
    : error

/** Whether nothing listens where we look for Redis. */
export const isNobodyThere = (error: unknown): boolean => {
  const cause = innermost(error)
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' && nobodyThere.has(cause.code)
}

/** Whether the same attempt would meet the same answer until somebody changes something. */
export const staysRefused = (error: unknown): boolean => {
  const cause = innermost(error)
  return isDenial(cause) || tlsFaultOf(cause) !== undefined
}

// Without the client's error as the cause: it carries its command, and that of a login has the password in it.
const redisDenied = (where: string, error: unknown): CaesError =>
  new CaesError('CAES_REDIS_DENIED', `Redis at ${where} does not let us in: ${(error as Error).message}`, {
    where,
    hint: 'Check redis.username and redis.password, or those in redis.url, and what the user may do: see docs/security.md',
  })

const certificateRefused = (where: string, { what, hint }: TlsFault, code: string): CaesError =>
  new CaesError('CAES_CERTIFICATE_REFUSED', `Redis at ${where} ${what} (${code})`, { where, hint })

const redisDown = (where: string, cause: unknown): CaesError => {
  const why = cause instanceof Error && cause.message !== '' ? `: ${cause.message}` : ''
  const what = isPassingRefusal(cause) ? 'cannot do that now' : 'cannot be reached'
  return new CaesError('CAES_REDIS_DOWN', `Redis at ${where} ${what}${why}`, {
    where,
    hint: isPassingRefusal(cause) ? 'look at its log and at INFO' : 'start Redis there, or set redis.url',
    cause,
  })
}

/** What a user is told of an error that kept a connection from standing, or of none. */
export const linkFault = (where: string, error: unknown): CaesError => {
  const cause = innermost(error)
  const tls = tlsFaultOf(cause)
  if (tls !== undefined) return certificateRefused(where, tls, String((cause as NodeJS.ErrnoException).code))
  return isDenial(cause) ? redisDenied(where, cause) : redisDown(where, cause)
}

/**
 * Errors: CAES_REDIS_DOWN where it cannot be reached or cannot do it now, CAES_REDIS_DENIED, CAES_CERTIFICATE_REFUSED;
 * others as they are.
 */
export const onRedis = async <T>(where: string, operation: () => Promise<T>): Promise<T> => {
  try {
    return await operation()
  } catch (error) {
    const known = isConnectionFault(error) || isPassingRefusal(error) || staysRefused(error)
    throw known ? linkFault(where, error) : error
  }
}
