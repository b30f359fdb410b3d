/** The command line: verbs and options. Each verb's code, and with it every driver, is loaded when it is used. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { exitCode } from '../core/errors.js'
import { describeFailure } from './failure.js'
import type { DemoOptions } from './demo.js'
import type { GlobalOptions } from './global-options.js'
import type { RejectChoice, RejectsOptions, RetryOptions } from './rejects.js'
import type { RunOptions } from './run.js'
import type { SyncOptions } from './sync.js'
import { version } from './version.js'

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value]

const roles = ['all', 'scheduler', 'worker', 'dashboard'] as const

export const createProgram = (): Command => {
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
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .addHelpText(
      'after',
      `
Examples:
  caes-sync run                                          everything in one process, in the foreground
  caes-sync run --role worker                            one more worker
  caes-sync sync --from 2026-01-31T10:00:00Z --to 2026-01-31T11:00:00Z --dry-run
  caes-sync demo                                         the whole system on local stores

Exit codes: 0 done, 1 failed, 2 usage, 4 some records rejected, 69 a store is down,
75 already running, 78 bad configuration.`,
    )

  program
    .command('run')
    .description('run the service in the foreground')
    .addOption(new Option('--role <role>', 'what this process does').choices(roles).default('all'))
    .option('--listen <host:port>', 'where this process serves health and metrics, and the dashboard')
    .action(async (options: RunOptions, command: Command) => {
      const { run } = await import('./run.js')
      process.exitCode = await run(options, command.optsWithGlobals<GlobalOptions>())
    })

  program
    .command('sync')
    .description('sync one window now, in this process, without Redis')
    .requiredOption('--from <version>', 'start of the window: a version or an ISO-8601 time')
    .requiredOption('--to <version>', 'end of the window, not included')
    .option('--pair <name>', 'only this pair')
    .option('--dry-run', 'say what would be written, write nothing')
    .addHelpText(
      'after',
      `
Examples:
  caes-sync sync --from 1427254200 --to 1427254260
  caes-sync sync --from 2026-01-31T10:00:00Z --to 2026-01-31T11:00:00Z --dry-run --json`,
    )
    .action(async (options: SyncOptions, command: Command) => {
      const { sync } = await import('./sync.js')
      process.exitCode = await sync(options, command.optsWithGlobals<GlobalOptions>())
    })

  addRejects(program)

  program
    .command('validate')
    .description('check the configuration file')
    .action(async (_: unknown, command: Command) => {
      const { validate } = await import('./validate.js')
      process.exitCode = await validate(command.optsWithGlobals<GlobalOptions>())
    })

  for (const verb of ['start', 'stop', 'restart'] as const) {
    program
      .command(verb)
      .description(`${verb} the service in the background`)
      .action(async (_: unknown, command: Command) => {
        const { background } = await import('./background.js')
        process.exitCode = await background(verb, command.optsWithGlobals<GlobalOptions>())
      })
  }

  program
    .command('demo')
    .description('the whole system on local stores, with a writer on both sides')
    .option('--once', 'end after at most a minute, with a comparison of both stores')
    .addOption(
      new Option('--seconds <n>', 'how long the writers write with --once')
        .argParser(wholeSeconds)
        .default(20)
        .implies({ once: true }),
    )
    .action(async (options: DemoOptions, command: Command) => {
      const { demo } = await import('./demo.js')
      process.exitCode = await demo(options, command.optsWithGlobals<GlobalOptions>())
    })

  return program
}

const addRejects = (program: Command): void => {
  const rejects = program
    .command('rejects')
    .description('list the records that were set aside, retry or drop them')
    .option('--pair <name>', 'only those of this pair')
    .addHelpText(
      'after',
      `
Examples:
  caes-sync rejects                                      what was set aside, why, and what to try
  caes-sync rejects --pair default --json                one object a line
  caes-sync rejects retry default.5j0c8v2n1q7e4k3m       sync that record again, after it was mended
  caes-sync rejects retry --all
  caes-sync rejects drop default.5j0c8v2n1q7e4k3m        forget it; the record itself stays as it is

Exit codes: 0 done, 4 some are still rejected after the retry, 69 Redis is down.`,
    )
    .action(async (_: RejectsOptions, command: Command) => {
      const { listRejects } = await import('./rejects.js')
      const options = command.optsWithGlobals<RejectsOptions & GlobalOptions>()
      process.exitCode = await listRejects(options, options)
    })
  rejects
    .command('retry [ids...]')
    .description('sync these records again and wait for the outcome; a worker has to run')
    .option('--all', 'all of them')
    .addOption(
      new Option('--wait <seconds>', 'give up after so long without progress; 0 does not wait')
        .argParser(seconds)
        .default(60),
    )
    .action(async (ids: string[], _: unknown, command: Command) => {
      const { retryRejects } = await import('./rejects.js')
      const options = command.optsWithGlobals<RetryOptions & GlobalOptions>()
      process.exitCode = await retryRejects(ids, options, options)
    })
  rejects
    .command('drop [ids...]')
    .description('forget these rejects; a window that meets one again lists it again')
    .option('--all', 'all of them')
    .action(async (ids: string[], _: unknown, command: Command) => {
      const { dropRejects } = await import('./rejects.js')
      const options = command.optsWithGlobals<RejectChoice & GlobalOptions>()
      process.exitCode = await dropRejects(ids, options, options)
    })
}

const seconds = (text: string): number => {
  const number = text.trim() === '' ? Number.NaN : Number(text)
  if (!Number.isFinite(number) || number < 0) throw new InvalidArgumentError('It must be a number of seconds.')
  return number
}

const wholeSeconds = (text: string): number => {
  const seconds = Number(text)
  if (!Number.isInteger(seconds) || seconds < 1) throw new InvalidArgumentError('It must be a whole number of seconds.')
  return seconds
}

/** Runs one command line; resolves to the exit code. */
export const main = async (args: readonly string[]): Promise<number> => {
  try {
    await createProgram().parseAsync([...args], { from: 'user' })
    return Number(process.exitCode ?? exitCode.done)
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage
    const { text, exit } = describeFailure(error, args.includes('--json'))
    process.stderr.write(`${text}\n`)
    if (process.env['CAES_DEBUG'] === '1' && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`)
    return exit
  }
}
