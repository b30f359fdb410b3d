/** `caes-sync validate`: reads the configuration as the service would, tries what it names, and says all that it found. */
import type { Config, PairConfig } from '../config/config.js'
import { loadConfig } from '../config/load.js'
import { exitCode, type CaesError } from '../core/errors.js'
import { createLogger } from '../runtime/logger.js'
import { configSource } from './config-source.js'
import { describeFailure } from './failure.js'
import { logOptions, useColor, type GlobalOptions } from './global-options.js'
import { styles } from './style.js'

export interface ValidateOptions {
  /** Only what can be told from the file. */
  readonly offline?: boolean
}

/** What was tried, and how it failed if it did. */
interface Check {
  /** A pair's name, or `redis`. */
  readonly part: 'pair' | 'redis'
  readonly name: string
  readonly what: string
  readonly failure?: CaesError
}

export const validate = async ({ offline = false }: ValidateOptions, global: GlobalOptions): Promise<number> => {
  const config = await loadConfig(configSource(global))
  for (const warning of config.warnings) process.stderr.write(`warning: ${warning}\n`)
  const checks = offline
    ? config.pairs.map(pairCheck)
    : await (
        await import('./try-stores.js')
      )
        .tryStores(config, createLogger(logOptions(global, 'warn')))
        .then(({ pairs, redis }) => [
          ...config.pairs.map((pair) => ({ ...pairCheck(pair), ...failed(pairs.get(pair.name)) })),
          { part: 'redis' as const, name: 'redis', what: redis.where, ...failed(redis.failure) },
        ])
  if (global.json === true) process.stdout.write(`${JSON.stringify(asJson(config, checks, offline))}\n`)
  else print(config, checks, offline, global)
  return worst(checks)
}

const pairCheck = ({ name, elasticsearch, cassandra }: PairConfig): Check => ({
  part: 'pair',
  name,
  what: `${elasticsearch.index} ⇄ ${cassandra.keyspace}.${cassandra.dataTable}`,
})

const failed = (failure: CaesError | undefined): Pick<Check, 'failure'> => (failure === undefined ? {} : { failure })

/** A configuration that does not fit counts for more than a store that may come back. */
const worst = (checks: readonly Check[]): number => {
  const codes = checks.flatMap(({ failure }) => failure?.exitCode ?? [])
  return codes.includes(exitCode.badConfig) ? exitCode.badConfig : (codes[0] ?? exitCode.done)
}

const asJson = ({ source, pairs, warnings }: Config, checks: readonly Check[], offline: boolean) => ({
  valid: checks.every(({ failure }) => failure === undefined),
  source,
  offline,
  pairs: pairs.map(({ name, elasticsearch, cassandra }) => ({
    name,
    index: elasticsearch.index,
    table: `${cassandra.keyspace}.${cassandra.dataTable}`,
  })),
  problems: checks.flatMap(({ part, name, failure }) => {
    if (failure === undefined) return []
    const { code, message, where, hint } = failure
    return [{ part, name, code, message, where, hint }]
  }),
  warnings,
})

const print = ({ source }: Config, checks: readonly Check[], offline: boolean, global: GlobalOptions): void => {
  const { green, red, dim } = styles(useColor(global, process.stdout))
  const whole = checks.every(({ failure }) => failure === undefined)
  const lines = [whole ? `${source} is valid` : `${source}: the file itself is valid`]
  for (const { name, what, failure } of checks) {
    const verdict = failure === undefined ? green(offline ? ' ' : '✓') : red('✗')
    lines.push(`${verdict} ${name}: ${what}`)
    if (failure !== undefined)
      lines.push(
        ...describeFailure(failure, false)
          .text.split('\n')
          .map((line) => `    ${line}`),
      )
  }
  if (offline) lines.push(dim('nothing was connected to (--offline)'))
  process.stdout.write(`${lines.join('\n')}\n`)
}
