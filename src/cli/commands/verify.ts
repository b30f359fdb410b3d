import type { Command } from 'commander'
import { wholeNumber } from '../arguments.js'
import type { GlobalOptions } from '../global-options.js'
import type { VerifyOptions } from '../verify.js'

export const addVerify = (program: Command): void => {
  program
    .command('verify')
    .description('compare both stores, in full or in part, and repair what differs')
    .option('--from <version>', 'only records with a version from here on: a version or an ISO-8601 time')
    .option('--to <version>', 'end of that range, not included')
    .option('--sample <count>', 'only so many records, chosen at random', wholeNumber)
    .option('--full', 'compare every record by its content, not by a digest of it; slower')
    .option('--repair', 'write the winner of every difference to the other side, and look again')
    .option('--pair <name>', 'only this pair')
    .addHelpText(
      'after',
      `
Examples:
  caes-sync verify                                       everything, each record read once
  caes-sync verify --repair --json > differences.jsonl
  caes-sync verify --from 2026-01-31T10:00:00Z --to 2026-01-31T11:00:00Z

Clients and windows may go on meanwhile: what is only on its way is not told.
Exit codes: 0 equal, or repaired; 3 differences; 4 no difference, but records that cannot be synced as they are; 69 a store is down.`,
    )
    .action(async (options: VerifyOptions, command: Command) => {
      const { verify } = await import('../verify.js')
      process.exitCode = await verify(options, command.optsWithGlobals<GlobalOptions>())
    })
}
