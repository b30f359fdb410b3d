import type { Command } from 'commander'
import type { GlobalOptions } from '../global-options.js'
import type { PauseOptions } from '../pause.js'

export const addPause = (program: Command): void => {
  program
    .command('pause')
    .description('let pairs stand still, through restarts, until they are resumed')
    .option('--pair <name>', 'only this pair')
    .addHelpText(
      'after',
      `
No window is handed out or started any more; those that are under way end. Every worker knows within a second or two.
A pause longer than CassandraConfig.ttl outlives the entries of rows that are written meanwhile: compare both stores in
full after it.

Exit codes: 0 done, 69 Cassandra is down.`,
    )
    .action(async (options: PauseOptions, command: Command) => {
      const { pause } = await import('../pause.js')
      process.exitCode = await pause(options, command.optsWithGlobals<GlobalOptions>())
    })
  program
    .command('resume')
    .description('let paused pairs go on from their watermarks')
    .option('--pair <name>', 'only this pair')
    .action(async (options: PauseOptions, command: Command) => {
      const { resume } = await import('../pause.js')
      process.exitCode = await resume(options, command.optsWithGlobals<GlobalOptions>())
    })
}
