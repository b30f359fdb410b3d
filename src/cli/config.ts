/** `caes-sync config show` and `config schema`. Neither connects anywhere. */
import { basename } from 'node:path'
import { effectiveValues, type EffectiveValue } from '../config/effective.js'
import { configJsonSchema } from '../config/json-schema.js'
import { loadConfigWithOrigins } from '../config/load.js'
import { formatPath } from '../config/nodes.js'
import { exitCode } from '../core/errors.js'
import { configSource } from './config-source.js'
import { configYaml } from './config-text.js'
import type { GlobalOptions } from './global-options.js'

export const showConfig = async (global: GlobalOptions): Promise<number> => {
  const loaded = await loadConfigWithOrigins(configSource(global))
  const { source, warnings } = loaded.config
  const values = effectiveValues(loaded)
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`)
  if (global.json === true) {
    const flat = values.map(({ path, ...rest }) => ({ key: formatPath(path), ...rest }))
    process.stdout.write(`${JSON.stringify({ source, values: flat, warnings })}\n`)
  } else {
    process.stdout.write(`# ${source}\n${configYaml(values, (value) => shortOrigin(value, source))}`)
  }
  return exitCode.done
}

/** `caes-sync.yaml:3:5`, with variables where there are any: the folder is named once, above. */
const shortOrigin = ({ where, variables }: EffectiveValue, source: string): string => {
  if (where === undefined) return 'default'
  const place = where.startsWith(`${source}:`) ? basename(source) + where.slice(source.length) : where
  return [place, ...(variables ?? []).map((name) => `\${${name}}`)].join(', ')
}

export const printSchema = async (): Promise<number> => {
  process.stdout.write(`${JSON.stringify(configJsonSchema(), null, 2)}\n`)
  return exitCode.done
}
