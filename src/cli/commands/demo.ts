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
    .option('--listen <host:port>', 'where the dashboard listens (default: 127.0.0.1:9464, or a free port)')
    .option('--insecure', 'let everybody in who can reach the dashboard')
    .addHelpText(
      'after',
      `
Its stores are those of CAES_TEST_ES_URL, CAES_TEST_CASSANDRA and CAES_TEST_REDIS_URL, or local ones on their usual ports;
"npm run demo" starts some first. What it makes there it removes at its end.

Examples:
  caes-sync demo
  caes-sync demo --once                                  ends by itself; 0 only if both stores are equal
  caes-sync demo --listen 0.0.0.0:9464 --insecure        in a container whose port is only for this machine

Exit codes: 0 equal, or ended by Ctrl-C; 1 they differ; 69 a store is down.`,
    )
    .action(async (options: DemoOptions, command: Command) => {
      const { demo } = await import('../demo.js')
      process.exitCode = await demo(options, command.optsWithGlobals<GlobalOptions>())
    })
}
