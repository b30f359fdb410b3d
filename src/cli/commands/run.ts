import { Option, type Command } from 'commander'
import type { GlobalOptions } from '../global-options.js'
import type { RunOptions } from '../run.js'

const roles = ['all', 'scheduler', 'worker', 'dashboard'] as const

export const addRun = (program: Command): void => {
  program
    .command('run')
    .description('run the service in the foreground')
    .addOption(new Option('--role <role>', 'what this process does').choices(roles).default('all'))
    .option('--listen <host:port>', 'where this process serves health and metrics, and the dashboard')
    .option('--insecure', 'let everybody in who can reach the dashboard, where http.users names nobody')
    .option('--fail-fast', 'end when a store or Redis is away at the start (69) instead of waiting for it')
    .addHelpText(
      'after',
      `
Examples:
  caes-sync run                                          scheduler, worker and dashboard in one process
  caes-sync run --role worker                            one more worker
  caes-sync run --role dashboard --listen 0.0.0.0:9464   where http.users names who may log in

Ends by SIGINT or SIGTERM, after its windows have ended; a second one ends it at once. SIGHUP takes a changed configuration.
Exit codes: 0 stopped, 1 failed, 69 a store is down (with --fail-fast), 78 bad configuration, schema or credentials.`,
    )
    .action(async (options: RunOptions, command: Command) => {
      const { run } = await import('../run.js')
      process.exitCode = await run(options, command.optsWithGlobals<GlobalOptions>())
    })
}
