import { Option, type Command } from 'commander'
import { wholeNumber } from '../arguments.js'
import type { BackfillCommand } from '../backfill.js'
import type { GlobalOptions } from '../global-options.js'
import { needs } from '../arguments.js'

export const addBackfill = (program: Command): void => {
  program
    .command('backfill')
    .description('copy what was there before the first start; goes on where it stopped')
    .addOption(
      new Option('--from <side>', 'whose records to copy (required)').choices(['cassandra', 'elasticsearch', 'both']),
    )
    .option('--rate <count>', 'at most so many records a second, by all workers together', wholeNumber)
    .option('--local', 'in this process, without Redis and workers')
    .option('--dry-run', 'read and decide, write nothing, and remember nothing')
    .option('--pair <name>', 'only this pair')
    .addHelpText(
      'after',
      `
Examples:
  caes-sync backfill --from cassandra
  caes-sync backfill --from both --rate 5000

The workers of the service share the parts, and go on after Ctrl-C; the same command shows them again. Where none runs, this process does it.
Clients and windows may go on meanwhile; nothing newer is overwritten. Which parts are done is kept in Cassandra: after a crash or an outage it goes on with the others.
Exit codes: 0 done, 4 done but for records that cannot be synced as they are, 69 a store is down, 75 another backfill is not finished.`,
    )
    .action(async (options: BackfillCommand, command: Command) => {
      needs(command, 'from')
      const { backfill } = await import('../backfill.js')
      process.exitCode = await backfill(options, command.optsWithGlobals<GlobalOptions>())
    })
}
