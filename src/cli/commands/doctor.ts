import type { Command } from 'commander'
import type { GlobalOptions } from '../global-options.js'

export const addDoctor = (program: Command): void => {
  program
    .command('doctor')
    .description('look at stores, tables, mapping, documents and clocks, and say what to mend and how')
    .addHelpText(
      'after',
      `
Changes nothing. Each finding says what it is, why it matters, and the statement or request that mends it.
Exit codes: 0 fine, or warnings alone; 1 something is broken; 69 a store is down, whatever else was found; 78 the configuration is wrong.`,
    )
    .action(async (_: unknown, command: Command) => {
      const { doctor } = await import('../doctor.js')
      process.exitCode = await doctor(command.optsWithGlobals<GlobalOptions>())
    })
}
