import type { Command } from 'commander'
import type { GlobalOptions } from '../global-options.js'

const descriptions = {
  start: 'start the service in the background',
  stop: 'stop the service in the background, after its windows have ended',
  restart: 'stop the service in the background, and start it again with the configuration as it is now',
  reload: 'have the service in the background take a changed configuration; a bad one is refused and the old one stays',
} as const

const helps = {
  start: `
Examples:
  caes-sync start
  caes-sync start -c /etc/caes/config.yaml --set worker.concurrency=8

Pid file and log are in ~/.caes, or in the folder that CAES_HOME names.
Exit codes: 0 it runs; 75 it ran already; 69, 78 and 1 as the service itself would end.`,
  stop: `
Exit codes: 0 it does not run any more, or did not.`,
  restart: `
A configuration that is wrong leaves the service as it is.
Exit codes: 0 it runs; 78 the configuration is wrong; 69 and 1 as the service itself would end.`,
  reload: `
In the foreground the same is done by the signal SIGHUP. Log files are opened anew.
Exit codes: 0 taken, or unchanged; 78 refused; 69 a store is down; 1 it does not run.`,
} as const

export const addBackground = (program: Command): void => {
  for (const verb of ['start', 'stop', 'restart', 'reload'] as const) {
    program
      .command(verb)
      .description(descriptions[verb])
      .addHelpText('after', helps[verb])
      .action(async (_: unknown, command: Command) => {
        const { background } = await import('../background.js')
        process.exitCode = await background(verb, command.optsWithGlobals<GlobalOptions>())
      })
  }
}
