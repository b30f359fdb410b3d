/**
 * Every failure that reaches a user is a CaesError: a stable code, what happened, where, and what to try.
 * Anything else that surfaces is a bug and is reported as CAES_INTERNAL.
 */

/** Process exit codes; scripts depend on them. */
export const exitCode = {
  done: 0,
  failed: 1,
  usage: 2,
  different: 3,
  rejected: 4,
  storeDown: 69,
  alreadyRunning: 75,
  badConfig: 78,
} as const

/** Each code, the exit code it leads to, and what it means. The table is the only place where codes are made. */
export const errorCodes = {
  CAES_INTERNAL: { exit: exitCode.failed, meaning: 'a bug in caes-sync' },
  CAES_USAGE: { exit: exitCode.usage, meaning: 'the command line is wrong' },
  CAES_CONFIG_NOT_FOUND: { exit: exitCode.badConfig, meaning: 'no configuration file was found' },
  CAES_CONFIG_SYNTAX: { exit: exitCode.badConfig, meaning: 'the configuration file is not valid YAML' },
  CAES_CONFIG_INVALID: {
    exit: exitCode.badConfig,
    meaning: 'a configuration key is unknown, missing or has a bad value',
  },
  CAES_SCHEMA_MISMATCH: {
    exit: exitCode.badConfig,
    meaning: 'a table or index does not have the shape the pair needs',
  },
  CAES_CERTIFICATE_REFUSED: {
    exit: exitCode.badConfig,
    meaning: 'a certificate is missing, not trusted, not valid now, or for another host',
  },
  CAES_ELASTICSEARCH_DOWN: { exit: exitCode.storeDown, meaning: 'Elasticsearch cannot be reached' },
  CAES_ELASTICSEARCH_REFUSED: { exit: exitCode.failed, meaning: 'Elasticsearch refused a request' },
  CAES_ELASTICSEARCH_DENIED: {
    exit: exitCode.badConfig,
    meaning: 'Elasticsearch does not accept the credentials, or the user may not do this',
  },
  CAES_ELASTICSEARCH_BLOCKED: {
    exit: exitCode.failed,
    meaning: 'the index is closed or read-only, perhaps because a disk is full',
  },
  CAES_ELASTICSEARCH_INCOMPLETE: {
    exit: exitCode.failed,
    meaning:
      'Elasticsearch cannot answer for all shards of the index, or gave a partial answer; nothing was concluded from it',
  },
  CAES_ELASTICSEARCH_OVERLOADED: {
    exit: exitCode.failed,
    meaning: 'Elasticsearch kept refusing work because it is overloaded',
  },
  CAES_CASSANDRA_DOWN: { exit: exitCode.storeDown, meaning: 'Cassandra cannot be reached, or too few replicas answer' },
  CAES_CASSANDRA_DENIED: {
    exit: exitCode.badConfig,
    meaning: 'Cassandra does not accept the credentials, or the user may not do this',
  },
  CAES_CASSANDRA_REFUSED: { exit: exitCode.failed, meaning: 'Cassandra refused a statement' },
  CAES_CASSANDRA_TIMEOUT: {
    exit: exitCode.failed,
    meaning: 'Cassandra did not acknowledge in time; the statement may still land',
  },
  CAES_REDIS_DOWN: { exit: exitCode.storeDown, meaning: 'Redis cannot be reached' },
  CAES_REDIS_DENIED: {
    exit: exitCode.badConfig,
    meaning: 'Redis does not accept the credentials, or the user may not do this',
  },
  CAES_RUN_UNDER_WAY: {
    exit: exitCode.alreadyRunning,
    meaning: 'another copy of everything of this pair is not finished',
  },
  CAES_PARTS_FAILED: { exit: exitCode.failed, meaning: 'parts of a run over everything failed for good' },
  CAES_CHECKPOINT: { exit: exitCode.failed, meaning: 'the progress of a pair could not be recorded' },
  CAES_WINDOW_TOO_SLOW: {
    exit: exitCode.failed,
    meaning: 'the stores were too slow to read, decide and write within sync.freshness',
  },
  CAES_RETRY_WAITS: { exit: exitCode.failed, meaning: 'no worker finished a retry in time' },
  CAES_STUCK: { exit: exitCode.failed, meaning: 'work did not move for a while; the process ended to be started anew' },
  CAES_CANCELLED: { exit: exitCode.failed, meaning: 'the work was cancelled; somebody else continues it' },
  CAES_ALREADY_RUNNING: { exit: exitCode.alreadyRunning, meaning: 'the service runs in the background already' },
  CAES_NOT_RUNNING: { exit: exitCode.failed, meaning: 'no service runs in the background' },
  CAES_NOT_STARTED: { exit: exitCode.failed, meaning: 'the service ended right after its start' },
  CAES_PORT_TAKEN: { exit: exitCode.failed, meaning: 'a port is in use by another program' },
  CAES_STACK: { exit: exitCode.failed, meaning: 'the local stack could not be started' },
} as const satisfies Record<string, { exit: number; meaning: string }>

export type ErrorCode = keyof typeof errorCodes

export interface ErrorDetails {
  /** What could be done about it, as an instruction. */
  readonly hint?: string
  /** Where it happened: a file:line:column, a store, a window. */
  readonly where?: string
  readonly cause?: unknown
}

export class CaesError extends Error {
  override readonly name = 'CaesError'
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly where: string | undefined

  constructor(code: ErrorCode, what: string, details: ErrorDetails = {}) {
    super(what, details.cause === undefined ? {} : { cause: details.cause })
    this.code = code
    this.hint = details.hint
    this.where = details.where
  }

  get exitCode(): number {
    return errorCodes[this.code].exit
  }
}
