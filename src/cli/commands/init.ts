import type { Command } from 'commander'
import type { GlobalOptions } from '../global-options.js'
import type { InitOptions } from '../init.js'

export const addInit = (program: Command): void => {
  program
    .command('init')
    .description('write a commented configuration, and show or make the tables and the index that it names')
    .option('--output <file>', 'where to write it', 'caes-sync.yaml')
    .option('--elasticsearch <url>', 'address of Elasticsearch', 'http://127.0.0.1:9200')
    .option('--cassandra <host:port>', 'address of Cassandra', '127.0.0.1:9042')
    .option('--redis <url>', 'address of Redis', 'redis://127.0.0.1:6379')
    .option('--index <name>', 'the index', 'stream')
    .option('--keyspace <name>', 'the keyspace', 'logs')
    .option('--table <name>', 'the data table', 'data')
    .option('--timeseries <name>', 'the timeseries table', 'ts')
    .option('--apply', 'make what is missing, instead of only showing it')
    .option('--force', 'overwrite the file')
    .addHelpText(
      'after',
      `
Where the table exists and the index does not, the mapping follows the columns; where the index exists and the table
does not, the columns follow the mapping. Nothing that exists is changed. It asks no questions.

Examples:
  caes-sync init --index orders --keyspace shop --table orders           writes caes-sync.yaml, shows the rest
  caes-sync init --index orders --keyspace shop --table orders --apply   makes it as well`,
    )
    .action(async (options: InitOptions, command: Command) => {
      const { init } = await import('../init.js')
      process.exitCode = await init(options, command.optsWithGlobals<GlobalOptions>())
    })
}
