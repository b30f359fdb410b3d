import type { Command } from 'commander'
import type { GlobalOptions } from '../global-options.js'

export const addConfig = (program: Command): void => {
  const config = program.command('config').description('show the configuration in force, or describe the file')
  config
    .command('show')
    .description('every value that is in force, with where it comes from; secrets are masked')
    .addHelpText(
      'after',
      `
The output is YAML that could be used as a file, but for the masked secrets. Values are taken from, in this order:
the command line (--set sync.overlap=30s), the environment (CAES__SYNC__OVERLAP=30s), the file, the defaults.

Examples:
  caes-sync config show
  caes-sync config show --json | jq '.values[] | select(.origin != "default")'`,
    )
    .action(async (_: unknown, command: Command) => {
      const { showConfig } = await import('../config.js')
      process.exitCode = await showConfig(command.optsWithGlobals<GlobalOptions>())
    })
  config
    .command('schema')
    .description('the JSON Schema (draft-07) of the file, for editors')
    .addHelpText(
      'after',
      `
Example, for editors that use the YAML language server:
  caes-sync config schema > caes-sync.schema.json
Then, as the first line of caes-sync.yaml: # yaml-language-server: $schema=caes-sync.schema.json`,
    )
    .action(async () => {
      const { printSchema } = await import('../config.js')
      process.exitCode = await printSchema()
    })
}
