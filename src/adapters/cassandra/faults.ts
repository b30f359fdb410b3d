/**
 * How Cassandra fails, in one table. Matched by the driver's error class and the server's code, never by the words of
 * a message.
 */
import { errors, types } from 'cassandra-driver'
import type { ErrorCode } from '../../core/errors.js'
import { tlsFaultOf } from '../../runtime/tls-faults.js'

export interface Fault {
  readonly code: ErrorCode
  readonly what: string
  readonly hint: string
  /** The statement's own values may be at fault; another record may still pass. */
  readonly ofRecord?: true
  /** The server said so itself and has the next request answered: worth sending again within the window. */
  readonly brief?: true
}

const again = 'The window will be tried again.'

const badCredentials: Fault = {
  code: 'CAES_CASSANDRA_DENIED',
  what: 'does not accept the credentials',
  hint: 'Check auth_provider (user and password) in CassandraConfig.driver.',
}

const { responseErrorCodes: response } = types

const byResponse: ReadonlyMap<number, Fault> = new Map<number, Fault>([
  // Nothing was written: the coordinator knew beforehand that too few replicas are up.
  [
    response.unavailableException,
    {
      code: 'CAES_CASSANDRA_DOWN',
      what: 'has too few replicas up for LOCAL_QUORUM',
      hint: `Look at nodetool status. ${again}`,
    },
  ],
  [
    response.isBootstrapping,
    { code: 'CAES_CASSANDRA_DOWN', what: 'is still starting', hint: `Wait until the node is up. ${again}` },
  ],
  // The coordinator refused or dropped it under load; a write may have reached some replicas.
  [
    response.overloaded,
    { code: 'CAES_CASSANDRA_TIMEOUT', what: 'is overloaded', hint: `Lower worker.concurrency. ${again}`, brief: true },
  ],
  // Ambiguous by nature: the write may be applied by now, later or never. Writing it again is harmless.
  [
    response.writeTimeout,
    {
      code: 'CAES_CASSANDRA_TIMEOUT',
      what: 'did not acknowledge the write in time',
      hint: `Look at its load. ${again}`,
      brief: true,
    },
  ],
  [
    response.readTimeout,
    { code: 'CAES_CASSANDRA_TIMEOUT', what: 'did not read in time', hint: `Look at its load. ${again}`, brief: true },
  ],
  // A replica threw: tombstones beyond the limit, a broken file. Waiting does not mend it, so it is not a time-out.
  [
    response.readFailure,
    {
      code: 'CAES_CASSANDRA_REFUSED',
      what: 'failed to read on a replica',
      hint: 'Its log says why; a usual cause is too many tombstones in the partition.',
    },
  ],
  [
    response.writeFailure,
    { code: 'CAES_CASSANDRA_REFUSED', what: 'failed to write on a replica', hint: 'Its log says why.' },
  ],
  [
    response.functionFailure,
    { code: 'CAES_CASSANDRA_REFUSED', what: 'failed in a function', hint: 'Check the functions used in insertQuery.' },
  ],
  [response.truncateError, { code: 'CAES_CASSANDRA_REFUSED', what: 'failed to truncate', hint: 'Its log says why.' }],
  // A prepared statement could not be prepared anew: what it names was dropped or altered.
  [
    response.unprepared,
    {
      code: 'CAES_CASSANDRA_REFUSED',
      what: 'no longer takes a prepared statement',
      hint: 'A table may have been dropped or altered: restart or reload caes-sync.',
    },
  ],
  // Checked when a statement is executed: a bound value, or the sizes of a batch or a mutation.
  [
    response.invalid,
    {
      code: 'CAES_CASSANDRA_REFUSED',
      what: 'refused a statement as invalid',
      hint: 'Compare the tables with CassandraConfig.',
      ofRecord: true,
    },
  ],
  // Ours are tested, so the text comes from insertQuery.
  [
    response.syntaxError,
    {
      code: 'CAES_CONFIG_INVALID',
      what: 'does not understand a statement',
      hint: 'Check CassandraConfig.insertQuery: whole CQL statements with %(name)s placeholders.',
    },
  ],
  [
    response.unauthorized,
    {
      code: 'CAES_CASSANDRA_DENIED',
      what: 'does not permit this',
      hint: 'The user needs SELECT and MODIFY on the keyspace; see docs/security.md.',
    },
  ],
  [response.badCredentials, badCredentials],
  [
    response.configError,
    {
      code: 'CAES_CASSANDRA_REFUSED',
      what: 'refused a definition',
      hint: 'Check the options of the keyspace and tables.',
    },
  ],
  // Only DDL can meet it, and ours says IF NOT EXISTS: somebody made the same name as something else.
  [
    response.alreadyExists,
    { code: 'CAES_SCHEMA_MISMATCH', what: 'has something else of this name', hint: 'Look at DESCRIBE KEYSPACE.' },
  ],
  [
    response.serverError,
    { code: 'CAES_CASSANDRA_REFUSED', what: 'failed internally', hint: `Its log says why. ${again}` },
  ],
  [
    response.protocolError,
    { code: 'CAES_CASSANDRA_REFUSED', what: 'does not speak this protocol', hint: 'Set protocol_version lower.' },
  ],
])

const refusedOtherwise: Fault = {
  code: 'CAES_CASSANDRA_REFUSED',
  what: 'answered with an error',
  hint: 'Its log may say more.',
}

const down: Fault = {
  code: 'CAES_CASSANDRA_DOWN',
  what: 'cannot be reached',
  hint: 'Check that it runs, and contact_points, port and TLS settings in CassandraConfig.driver.',
}

type DriverErrorClass = abstract new (...args: never[]) => Error

/** In this order: the first class that fits counts. */
const byClass: readonly (readonly [DriverErrorClass, Fault])[] = [
  [errors.AuthenticationError, badCredentials],
  // Our side gave up waiting. Like a write time-out of the server: it may still land.
  [
    errors.OperationTimedOutError,
    {
      code: 'CAES_CASSANDRA_TIMEOUT',
      what: 'did not answer in time',
      hint: `Look at its load, or raise the request timeout in CassandraConfig.driver. ${again}`,
    },
  ],
  // Every connection has its fill of unanswered requests; this one was not sent.
  [
    errors.BusyConnectionError,
    {
      code: 'CAES_CASSANDRA_TIMEOUT',
      what: 'has too many requests open',
      hint: `Lower worker.concurrency. ${again}`,
      brief: true,
    },
  ],
  // Each host's own reason is looked at before this row.
  [errors.NoHostAvailableError, down],
  [
    errors.NotSupportedError,
    { code: 'CAES_CASSANDRA_REFUSED', what: 'is too old for this', hint: 'Cassandra 4.0 or later is needed.' },
  ],
  [errors.DriverInternalError, refusedOtherwise],
  // The driver refuses to encode a value: TypeError for its kind, RangeError for its size. Nothing was sent.
  [
    TypeError,
    {
      code: 'CAES_CASSANDRA_REFUSED',
      what: 'cannot be sent a value',
      hint: 'A value does not fit its column or parameter.',
      ofRecord: true,
    },
  ],
  [
    RangeError,
    {
      code: 'CAES_CASSANDRA_REFUSED',
      what: 'cannot be sent a number',
      hint: 'A number is beyond the range of its column or parameter.',
      ofRecord: true,
    },
  ],
]

/** undefined for what the table does not know: a bug. */
export const faultOf = (error: unknown): Fault | undefined => {
  if (error instanceof errors.ResponseError) return byResponse.get(error.code) ?? refusedOtherwise
  const tls = tlsFaultOf(error)
  if (tls !== undefined) return { code: 'CAES_CERTIFICATE_REFUSED', ...tls }
  if (isSocketError(error)) return down
  return byClass.find(([kind]) => error instanceof kind)?.[1]
}

/** A connection that broke or never stood: the driver marks it, node gives it a code. */
export const isSocketError = (error: unknown): boolean =>
  error instanceof Error && ('isSocketError' in error || 'syscall' in error)
