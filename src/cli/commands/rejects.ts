import { Option, type Command } from 'commander'
import { seconds } from '../arguments.js'
import type { GlobalOptions } from '../global-options.js'
import type { RejectChoice, RejectsOptions, RetryOptions } from '../rejects.js'

export const addRejects = (program: Command): void => {
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
      const { listRejects } = await import('../rejects.js')
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
      const { retryRejects } = await import('../rejects.js')
      const options = command.optsWithGlobals<RetryOptions & GlobalOptions>()
      process.exitCode = await retryRejects(ids, options, options)
    })
  rejects
    .command('drop [ids...]')
    .description('forget these rejects; a window that meets one again lists it again')
    .option('--all', 'all of them')
    .action(async (ids: string[], _: unknown, command: Command) => {
      const { dropRejects } = await import('../rejects.js')
      const options = command.optsWithGlobals<RejectChoice & GlobalOptions>()
      process.exitCode = await dropRejects(ids, options, options)
    })
}
