/** `caes-sync validate`: reads the configuration as the service would, and says what it found. */
import { loadConfig } from '../config/load.js'
import { exitCode } from '../core/errors.js'
import { configSource } from './config-source.js'
import type { GlobalOptions } from './global-options.js'

export const validate = async (global: GlobalOptions): Promise<number> => {
  const config = await loadConfig(configSource(global))
  const pairs = config.pairs.map(({ name, elasticsearch, cassandra }) => ({
    name,
    index: elasticsearch.index,
    table: `${cassandra.keyspace}.${cassandra.dataTable}`,
  }))
  for (const warning of config.warnings) process.stderr.write(`warning: ${warning}\n`)
  if (global.json === true) {
    process.stdout.write(
      `${JSON.stringify({ valid: true, source: config.source, pairs, warnings: config.warnings })}\n`,
    )
  } else {
    process.stdout.write(`${config.source} is valid\n`)
    for (const { name, index, table } of pairs) process.stdout.write(`  ${name}: ${index} ⇄ ${table}\n`)
  }
  return exitCode.done
}
