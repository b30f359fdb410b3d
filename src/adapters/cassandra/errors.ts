/** From what the driver throws to what a user is told. The table is in faults.ts. */
import { errors, types } from 'cassandra-driver'
import { CaesError } from '../../core/errors.js'
import { tlsFaultOf } from '../../runtime/tls-faults.js'
import { faultOf, isSocketError } from './faults.js'

/** For messages: what was being done, and where. */
export interface Attempt {
  /** `reading entries`: goes on from "Cassandra … while". */
  readonly doing: string
  /** `table logs.data at Cassandra 10.0.0.1:9042` */
  readonly where: string
}

const { responseErrorCodes: response } = types

/** Whether the fault may lie with the values of one statement. A batch then has to be sent again singly to find out. */
export const isRecordFault = (error: unknown): boolean => faultOf(error)?.ofRecord === true

/** Whether nobody can tell if the statement was or will be applied. */
export const isAmbiguous = (error: unknown): boolean => {
  const fault = faultOf(error)
  return fault?.code === 'CAES_CASSANDRA_TIMEOUT' || isSocketError(error)
}

/** Whether fewer requests should be under way. */
export const isOverload = (error: unknown): boolean => faultOf(mostTelling(error))?.code === 'CAES_CASSANDRA_TIMEOUT'

/** Whether the same request may pass a moment later. */
export const isBriefOverload = (error: unknown): boolean => faultOf(mostTelling(error))?.brief === true

const refusals: ReadonlySet<number> = new Set([response.invalid, response.unprepared])

/** Whether the server refused a statement in the way that it does when a table or column is not there (any more). */
export const isRefusedStatement = (error: unknown): boolean => {
  const telling = mostTelling(error instanceof CaesError ? error.cause : error)
  return telling instanceof errors.ResponseError && refusals.has(telling.code)
}

/** A CaesError as it is; any other error by the table; a bug (CAES_INTERNAL) where the table does not know it. */
export const classify = (error: unknown, { doing, where }: Attempt): CaesError => {
  if (error instanceof CaesError) return error
  const telling = mostTelling(error)
  const fault = faultOf(telling)
  const code = fault?.code ?? 'CAES_INTERNAL'
  const what = `Cassandra ${fault?.what ?? 'failed in an unknown way'} while ${doing}: ${reasonOf(telling)}`
  return new CaesError(code, what, { where, cause: error, ...(fault === undefined ? {} : { hint: fault.hint }) })
}

/** Runs one request; whatever it throws is classified. */
export const attempt = async <T>(what: Attempt, request: () => Promise<T>): Promise<T> => {
  try {
    return await request()
  } catch (error) {
    throw classify(error, what)
  }
}

/** What connecting can meet besides: a data center or keyspace that is not there. */
export const connectFault = (error: unknown, where: string, keyspace: string | undefined): CaesError => {
  const telling = mostTelling(error)
  if (telling instanceof errors.ArgumentError) {
    return new CaesError('CAES_CONFIG_INVALID', `Cassandra was not asked for what it has: ${firstLine(telling)}`, {
      where,
      cause: error,
      hint: 'Correct local_dc in CassandraConfig.driver, or leave it out to take that of the first contact point.',
    })
  }
  if (keyspace !== undefined && isRefusedStatement(error)) {
    return new CaesError('CAES_SCHEMA_MISMATCH', `keyspace "${keyspace}" cannot be used: ${firstLine(telling)}`, {
      where,
      cause: error,
      hint: 'Create the keyspace, or correct CassandraConfig.keyspace. Its spelling counts.',
    })
  }
  return classify(error, { doing: 'connecting', where })
}

/** "No host available" hides one error a host. A refusal tells more than a host that is merely down. */
const mostTelling = (error: unknown): unknown => {
  if (!(error instanceof errors.NoHostAvailableError)) return error
  const inner: unknown = error.innerErrors
  const causes: unknown[] = typeof inner === 'object' && inner !== null ? Object.values(inner) : []
  const answers = [errors.AuthenticationError, errors.ArgumentError, errors.ResponseError]
  return (
    causes.find((cause) => answers.some((kind) => cause instanceof kind)) ??
    causes.find((cause) => tlsFaultOf(cause) !== undefined) ??
    causes.find((cause) => cause instanceof Error && !isSocketError(cause) && faultOf(cause) !== undefined) ??
    causes.find((cause) => isSocketError(cause)) ??
    error
  )
}

/** The driver's own words about a value quote it, and values do not belong into logs. */
const reasonOf = (error: unknown): string => {
  if (error instanceof TypeError || error instanceof RangeError) return error.name
  // The words of OpenSSL are places in its source.
  return tlsFaultOf(error) === undefined ? firstLine(error) : String((error as NodeJS.ErrnoException).code)
}

/** The rest of a message is a stack or a list of hosts, which `cause` keeps. */
export const firstLine = (error: unknown): string => {
  const text = error instanceof Error ? error.message : String(error)
  const [line = ''] = text.split('\n', 1)
  return line.length > 300 ? `${line.slice(0, 300)}…` : line
}
