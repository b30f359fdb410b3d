import { Option, type Command } from 'commander'
import { wholeSeconds } from '../arguments.js'
import type { DemoOptions } from '../demo.js'
import type { GlobalOptions } from '../global-options.js'

export const addDemo = (program: Command): void => {
  program
    .command('demo')
    .description('the whole system on local stores, with a writer on both sides')
    .option('--once', 'end after at most a minute, with a comparison of both stores')
    .addOption(
      new Option('--seconds <n>', 'how long the writers write with --once')
        .argParser(wholeSeconds)
        .default(20)
        .implies({ once: true }),
    )
    .action(async (options: DemoOptions, command: Command) => {
      const { demo } = await import('../demo.js')
      process.exitCode = await demo(options, command.optsWithGlobals<GlobalOptions>())
    })
}
