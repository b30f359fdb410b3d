import type { Command } from 'commander'
import { needs, wholeNumber } from '../arguments.js'
import type { GlobalOptions } from '../global-options.js'
import type { RetargetCommand } from '../retarget.js'

export const addRetarget = (program: Command): void => {
  program
    .command('retarget')
    .description('move a pair to a new index behind its alias, while applications write')
    .option('--index <name>', 'the new index (required); it has to exist, with the mapping that you want')
    .option('--switch', 'let the alias stand for it, once it is filled and no difference was found')
    .option('--rate <count>', 'fill it with at most so many documents a second', wholeNumber)
    .option('--pair <name>', 'the pair, where there are several')
    .addHelpText(
      'after',
      `
Examples:
  caes-sync retarget --index things-2                    fill it, follow what is written, and compare it with the table
  caes-sync retarget --index things-2 --switch           the same, and switch if nothing differs

ElasticSearchConfig.index has to be an alias of one index, and applications have to use it. The old index refuses writes afterwards, and can be deleted.
After a crash, or Ctrl-C, the same command goes on. It needs neither Redis nor a worker, but the service has to run: what it has not synced yet is a difference.
Exit codes: 0 done, 3 the new index and the table differ and nothing was switched, 4 done but for records that cannot be synced as they are, 69 a store is down, 78 there is no such alias, or the new index does not fit.`,
    )
    .action(async (options: RetargetCommand, command: Command) => {
      needs(command, 'index')
      const { retarget } = await import('../retarget.js')
      process.exitCode = await retarget(options, command.optsWithGlobals<GlobalOptions>())
    })
}
