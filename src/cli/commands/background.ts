import type { Command } from 'commander'
import type { GlobalOptions } from '../global-options.js'

export const addBackground = (program: Command): void => {
  for (const verb of ['start', 'stop', 'restart', 'reload'] as const) {
    program
      .command(verb)
      .description(
        verb === 'reload'
          ? 'have the service in the background read its configuration again'
          : `${verb} the service in the background`,
      )
      .action(async (_: unknown, command: Command) => {
        const { background } = await import('../background.js')
        process.exitCode = await background(verb, command.optsWithGlobals<GlobalOptions>())
      })
  }
}
