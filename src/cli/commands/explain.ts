import type { Command } from 'commander'
import type { ExplainOptions } from '../explain.js'
import type { GlobalOptions } from '../global-options.js'

export const addExplain = (program: Command): void => {
  program
    .command('explain')
    .description("tell one record's story: both sides, its window, and what a sync would do by which rule")
    .argument('<id>', 'the id of the record, a UUID')
    .option('--pair <name>', 'only in this pair')
    .addHelpText(
      'after',
      `
Reads only. The rules are those of SPEC.md; the decision is made by the code that syncs, without its writes.

Examples:
  caes-sync explain ed31ee76-d49a-4c05-8f0a-6a856a94de8e
  caes-sync explain ed31ee76-d49a-4c05-8f0a-6a856a94de8e --pair orders --json

Exit codes: 0 explained, 1 no pair knows the record, 69 a store is down.`,
    )
    .action(async (id: string, _: unknown, command: Command) => {
      const { explain } = await import('../explain.js')
      const options = command.optsWithGlobals<ExplainOptions & GlobalOptions>()
      process.exitCode = await explain(id, options, options)
    })
}
