import { statSync } from 'node:fs'
import type { Config } from '../config/config.js'

/** Changes with every value of the configuration, and with every file that it names, such as a certificate. */
export const fingerprintOf = (config: Config): string => JSON.stringify([config, filesIn(config)])

const filesIn = (value: unknown, key = ''): unknown[] => {
  if (typeof value === 'string') return key.endsWith('File') ? [versionOf(value)] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => filesIn(inner, name))
}

const versionOf = (path: string): unknown => {
  const found = statSync(path, { throwIfNoEntry: false })
  return found === undefined ? 'none' : [found.ino, found.size, found.mtimeMs]
}
