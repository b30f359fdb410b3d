import type { Command } from 'commander'
import { needs } from '../arguments.js'
import type { GlobalOptions } from '../global-options.js'
import type { SyncOptions } from '../sync.js'

export const addSync = (program: Command): void => {
  program
    .command('sync')
    .description('sync one window now, in this process, without Redis')
    .option('--from <version>', 'start of the window: a version or an ISO-8601 time (required)')
    .option('--to <version>', 'end of the window, not included (required)')
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
      needs(command, 'from', 'to')
      const { sync } = await import('../sync.js')
      process.exitCode = await sync(options, command.optsWithGlobals<GlobalOptions>())
    })
}
