import { parseConfig } from '../../../src/config/load.js'
import { InvalidConfig } from '../../../src/config/problems.js'
import type { Config } from '../../../src/config/schema.js'

export interface Given {
  readonly env?: Record<string, string>
  readonly set?: readonly string[]
  readonly baseDir?: string
}

export const parse = (text: string, { env = {}, set, baseDir = '/etc/caes' }: Given = {}): Promise<Config> =>
  parseConfig({ text, source: 'caes.yaml', env, set, baseDir, home: '/home/someone' })

/** The lines of the message, one a problem; an error when the text is accepted. */
export const problemsOf = async (text: string, given: Given = {}): Promise<string[]> => {
  try {
    await parse(text, given)
  } catch (error) {
    if (error instanceof InvalidConfig) return error.message.split('\n')
    throw error
  }
  throw new Error('the configuration was accepted')
}

/** The smallest file there is, with more lines after it. */
export const minimal = (...more: string[]): string =>
  [
    'interval: 60',
    'ElasticSearchConfig:',
    '  index: stream',
    'CassandraConfig:',
    '  keyspace: logs',
    '  dataColumnFamily: data',
    ...more,
    '',
  ].join('\n')

export const firstPair = (config: Config) => {
  const [pair] = config.pairs
  if (!pair) throw new Error('the configuration has no pair')
  return pair
}
