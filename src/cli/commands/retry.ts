import { Option, type Command } from 'commander'
import { seconds } from '../arguments.js'
import type { GlobalOptions } from '../global-options.js'
import type { RetryOptions } from '../retry.js'

export const addRetry = (program: Command): void => {
  program
    .command('retry [ids...]')
    .description('begin windows anew with all their attempts; one that waits for its next attempt starts now')
    .option('--all-failed', 'all that failed')
    .option('--pair <name>', 'with --all-failed: only those of this pair')
    .addOption(
      new Option('--wait [seconds]', 'wait for the outcome, and give up after so long without progress (60)')
        .argParser(seconds)
        .preset('60'),
    )
    .addHelpText(
      'after',
      `
Examples:
  caes-sync retry default.1427254200-1427254260 --wait
  caes-sync retry --all-failed

Exit codes: 0 done, 4 some failed again, 69 Redis is down.`,
    )
    .action(async (ids: string[], options: RetryOptions, command: Command) => {
      const { retry } = await import('../retry.js')
      process.exitCode = await retry(ids, options, command.optsWithGlobals<GlobalOptions>())
    })
}
