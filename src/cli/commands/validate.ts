import type { Command } from 'commander'
import type { GlobalOptions } from '../global-options.js'
import type { ValidateOptions } from '../validate.js'

export const addValidate = (program: Command): void => {
  program
    .command('validate')
    .description('check the configuration file, and whether index, tables and stores are as it says')
    .option('--offline', 'check the file alone, connect to nothing')
    .addHelpText(
      'after',
      `
Nothing is changed. "caes-sync doctor" looks closer.
Exit codes: 0 valid, 69 a store is down, 78 the file is wrong, or index or tables do not fit it.`,
    )
    .action(async (options: ValidateOptions, command: Command) => {
      const { validate } = await import('../validate.js')
      process.exitCode = await validate(options, command.optsWithGlobals<GlobalOptions>())
    })
}
