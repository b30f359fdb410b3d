import type { Command } from 'commander'
import type { GlobalOptions } from '../global-options.js'
import type { PurgeOptions } from '../purge.js'

export const addPurge = (program: Command): void => {
  program
    .command('purge')
    .description('remove from both stores for good what was deleted long ago')
    .option('--pair <name>', 'only this pair')
    .option('--dry-run', 'say how many records would be removed, remove nothing')
    .addHelpText(
      'after',
      `
Needs sync.deletes: { field, purgeAfter } in the configuration. Removes a record that both stores hold with that field
true and equal content, where neither was written within purgeAfter. Run it now and then, for instance by cron.

Examples:
  caes-sync purge --dry-run
  caes-sync purge --pair default --json`,
    )
    .action(async (options: PurgeOptions, command: Command) => {
      const { purge } = await import('../purge.js')
      process.exitCode = await purge(options, command.optsWithGlobals<GlobalOptions>())
    })
}
