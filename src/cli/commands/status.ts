import { Option, type Command } from 'commander'
import { milliseconds } from '../arguments.js'
import type { GlobalOptions } from '../global-options.js'
import type { StatusOptions } from '../status.js'

export const addStatus = (program: Command): void => {
  program
    .command('status')
    .description('say how every pair is: in sync, catching up, stalled or paused, and how far behind')
    .option('--pair <name>', 'only this pair')
    .option('--watch', 'go on saying it until Ctrl-C')
    .addOption(
      new Option('--max-lag <duration>', 'end with 3 when a lag is over it, or not known').argParser(milliseconds),
    )
    .addHelpText(
      'after',
      `
Examples:
  caes-sync status
  caes-sync status --watch
  caes-sync status --max-lag 60s --json                  for a script or a monitor

Exit codes: 0 done, 3 a lag is over the limit, 4 windows failed, 69 a store is down (what is known is shown all the same).`,
    )
    .action(async (options: StatusOptions, command: Command) => {
      const { status } = await import('../status.js')
      process.exitCode = await status(options, command.optsWithGlobals<GlobalOptions>())
    })
}
