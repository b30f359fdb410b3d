import type { Command } from 'commander'
import type { GlobalOptions } from '../global-options.js'

export const addValidate = (program: Command): void => {
  program
    .command('validate')
    .description('check the configuration file')
    .action(async (_: unknown, command: Command) => {
      const { validate } = await import('../validate.js')
      process.exitCode = await validate(command.optsWithGlobals<GlobalOptions>())
    })
}
