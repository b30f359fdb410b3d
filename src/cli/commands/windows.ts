import { Option, type Command } from 'commander'
import { wholeNumber } from '../arguments.js'
import type { GlobalOptions } from '../global-options.js'
import type { WindowsOptions } from '../windows.js'

const states = ['failed', 'active', 'delayed', 'waiting', 'completed', 'open', 'all'] as const

export const addWindows = (program: Command): void => {
  program
    .command('windows')
    .description('list the windows of the queue, the newest first')
    .addOption(
      new Option('--status <state>', 'only those in this state; open is all but completed')
        .choices(states)
        .default('all'),
    )
    .option('--pair <name>', 'only those of this pair')
    .addOption(new Option('--limit <n>', 'at most so many').argParser(wholeNumber).default(50))
    .addHelpText(
      'after',
      `
Examples:
  caes-sync windows --status failed                      what failed, and why
  caes-sync windows --status open --pair orders --json   one object a line

Exit codes: 0 done, 69 Redis is down.`,
    )
    .action(async (options: WindowsOptions, command: Command) => {
      const { windows } = await import('../windows.js')
      process.exitCode = await windows(options, command.optsWithGlobals<GlobalOptions>())
    })
}
