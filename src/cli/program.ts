/**
 * The command line. Each verb declares its options in commands/; its code, and with it every driver, is loaded when it
 * is used.
 */
import { Command, CommanderError } from 'commander'
import { CaesError, exitCode } from '../core/errors.js'
import { addCompletion } from './commands/completion.js'
import { addConfig } from './commands/config.js'
import { addBackfill } from './commands/backfill.js'
import { addBackground } from './commands/background.js'
import { addDemo } from './commands/demo.js'
import { addInit } from './commands/init.js'
import { addPause } from './commands/pause.js'
import { addDoctor } from './commands/doctor.js'
import { addExplain } from './commands/explain.js'
import { addPurge } from './commands/purge.js'
import { addRejects } from './commands/rejects.js'
import { addRetarget } from './commands/retarget.js'
import { addRetry } from './commands/retry.js'
import { addHashPassword } from './commands/hash-password.js'
import { addRun } from './commands/run.js'
import { addStatus } from './commands/status.js'
import { addSync } from './commands/sync.js'
import { addValidate } from './commands/validate.js'
import { addVerify } from './commands/verify.js'
import { addWindows } from './commands/windows.js'
import { describeFailure } from './failure.js'
import { version } from './version.js'

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value]

/** @param json leaves it to the caller to say what is wrong with a command line */
export const createProgram = ({ json = false } = {}): Command => {
  const program = new Command('caes-sync')
    .description('Keeps an Elasticsearch index and a Cassandra table equal, in both directions.')
    .version(version)
    .option(
      '-c, --config <file>',
      'configuration file (default: $CAES_CONFIG, ./caes-sync.yaml, ~/.caes/config.yaml, /etc/caes/config.yaml)',
    )
    .option('--set <key=value>', 'override one configuration key; may be repeated', collect)
    .option('--json', 'machine-readable output')
    .option('-q, --quiet', 'errors only')
    .option('-v, --verbose', 'more of what happens')
    .option('--no-color', 'no colours')
    .showSuggestionAfterError()
    .configureOutput(json ? { outputError: () => undefined } : {})
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .addHelpText(
      'after',
      `
Examples:
  caes-sync run                                          everything in one process, in the foreground
  caes-sync run --role worker                            one more worker
  caes-sync status --watch                               whether it is in sync, and how far behind
  caes-sync sync --from 2026-01-31T10:00:00Z --to 2026-01-31T11:00:00Z --dry-run
  caes-sync verify --repair                              compare everything, mend what differs
  caes-sync demo                                         the whole system on local stores

Exit codes: 0 done, 1 failed, 2 usage, 3 differences, or a lag over the limit, 4 some records rejected or windows failed,
69 a store is down, 75 already running, 78 bad configuration, 130 and 143 ended by a signal.`,
    )

  const verbs = [
    addRun,
    addHashPassword,
    addStatus,
    addWindows,
    addRetry,
    addRejects,
    addPause,
    addSync,
    addPurge,
    addInit,
    addVerify,
    addBackfill,
    addRetarget,
    addValidate,
    addExplain,
    addDoctor,
    addConfig,
    addCompletion,
    addBackground,
    addDemo,
  ]
  for (const add of verbs) add(program)
  return program
}

const wantsJson = (args: readonly string[]): boolean => args.includes('--json')

/** The parser has said what is wrong in words, unless a program is listening. */
const usageCode = ({ exitCode: code, message }: CommanderError, args: readonly string[]): number => {
  if (code === 0) return exitCode.done
  const what = message.replace(/^error: /, '').trim()
  // Without a verb its message is a note to itself, and the help was printed.
  if (wantsJson(args) && !what.startsWith('(')) {
    process.stderr.write(`${describeFailure(new CaesError('CAES_USAGE', what), true).text}\n`)
  }
  return exitCode.usage
}

/** Runs one command line; resolves to the exit code. */
export const main = async (args: readonly string[]): Promise<number> => {
  try {
    await createProgram({ json: wantsJson(args) }).parseAsync([...args], { from: 'user' })
    return Number(process.exitCode ?? exitCode.done)
  } catch (error) {
    if (error instanceof CommanderError) return usageCode(error, args)
    const { text, exit } = describeFailure(error, wantsJson(args))
    process.stderr.write(`${text}\n`)
    if (process.env['CAES_DEBUG'] === '1' && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`)
    return exit
  }
}
