import { parseArgs } from 'node:util'
import { CaesError } from '../src/core/errors.js'

export type StackCommand =
  | { readonly verb: 'help' }
  | ((
      | { readonly verb: 'up'; readonly json: boolean }
      | { readonly verb: 'down'; readonly wipe: boolean }
      | { readonly verb: 'status'; readonly json: boolean }
      | { readonly verb: 'exec'; readonly command: string; readonly args: readonly string[] }
    ) & { readonly secure: boolean })

export const usage = `npm run stack -- VERB

  up [--json]          start Elasticsearch, Cassandra and Redis on 127.0.0.1 and wait until each answers
  down [--wipe]        stop them; --wipe also removes their data
  status [--json]      what runs where; exit code 0 when all three are up, 1 otherwise
  exec -- CMD ARGS...  start a fresh stack on free ports, run CMD against it, stop it, exit like CMD

With --secure, each of them is about a stack of its own beside the plain one: TLS with client certificates, users and
passwords. Its addresses, certificates and accounts stand in secure/secure.json of the stack's folder.

Environment                    default with --secure in brackets
  ES_VERSION                   Elasticsearch version (9.5.0; 8.19.0 is the other tested one)
  CAES_ES_PORT                 9200 (9243)   CAES_ES_TRANSPORT_PORT       9300 (9343)
  CAES_CASSANDRA_PORT          9042 (9142)   CAES_CASSANDRA_STORAGE_PORT  7000 (7001)
  CAES_REDIS_PORT              6379 (6380)
  CAES_STACK_DIR               where data, downloads and logs are kept (.stack)
  CAES_STACK_ENGINE            docker or native; by default Docker where an engine is reachable
  ES_JAVA_HOME                 Java for Elasticsearch (21 or newer for version 9, 17 or newer for version 8)
  CAES_CASSANDRA_JAVA_HOME     Java 17 for Cassandra

exec gives CMD the variables CAES_TEST_ES_URL, CAES_TEST_CASSANDRA (host:port) and CAES_TEST_REDIS_URL.
When all three are set already it starts nothing and runs CMD against those servers. With --secure it is one variable,
CAES_TEST_SECURE, with the path of secure.json.
`

/** Reads the command line. Throws CAES_USAGE. */
export function parseCommand(argv: readonly string[]): StackCommand {
  const split = argv.indexOf('--')
  const own = split === -1 ? argv : argv.slice(0, split)
  const [command, ...args] = split === -1 ? [] : argv.slice(split + 1)
  const { values, positionals } = parseOwn(own)
  if (values.help === true || (own.length === 0 && command === undefined)) return { verb: 'help' }

  const [verb, extra] = positionals
  if (extra !== undefined) throw wrong(`"${extra}" is one word too many`)
  if (command !== undefined && verb !== 'exec') throw wrong('only exec takes a command after --')
  if (values.wipe === true && verb !== 'down') throw wrong('--wipe belongs to down')
  if (values.json === true && verb !== 'up' && verb !== 'status') throw wrong('--json belongs to up and status')

  const secure = values.secure === true
  switch (verb) {
    case 'up':
    case 'status':
      return { verb, json: values.json === true, secure }
    case 'down':
      return { verb, wipe: values.wipe === true, secure }
    case 'exec':
      if (command === undefined) throw wrong('exec needs a command after --')
      return { verb, command, args, secure }
    case undefined:
      throw wrong('there is no verb')
    default:
      throw wrong(`"${verb}" is not a verb`)
  }
}

function parseOwn(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        json: { type: 'boolean' },
        wipe: { type: 'boolean' },
        secure: { type: 'boolean' },
      },
    })
  } catch (cause) {
    throw wrong(cause instanceof Error ? cause.message : String(cause))
  }
}

function wrong(what: string): CaesError {
  return new CaesError('CAES_USAGE', what, { hint: 'use up, down, status or exec; --help tells more' })
}
