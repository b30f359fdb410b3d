/** Where the configuration is looked for. */
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { CaesError } from '../core/errors.js'
import type { Environment } from './interpolate.js'

export interface Places {
  /** The value of --config. */
  readonly path?: string | undefined
  readonly env: Environment
  readonly cwd: string
  readonly home: string
}

/** One file if it was named, else the usual places in their order. */
export const candidates = ({ path, env, cwd, home }: Places): string[] => {
  const named = path ?? (env['CAES_CONFIG'] || undefined)
  if (named !== undefined) return [resolve(cwd, named)]
  return [join(cwd, 'caes-sync.yaml'), join(home, '.caes', 'config.yaml'), '/etc/caes/config.yaml']
}

const reasons: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is not a directory',
}

/**
 * The first file that exists.
 * Errors: CAES_CONFIG_NOT_FOUND when none does, or when the one that does cannot be read.
 */
export const findConfig = async (places: Places): Promise<{ file: string; bytes: Buffer }> => {
  const tried = candidates(places)
  for (const file of tried) {
    try {
      return { file, bytes: await readFile(file) }
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      if (code === 'ENOENT') continue
      throw new CaesError(
        'CAES_CONFIG_NOT_FOUND',
        `${file} cannot be read: ${reasons[code] ?? (code || String(error))}`,
        {
          where: file,
          hint: 'make it readable for this user, or name another file with --config',
          cause: error,
        },
      )
    }
  }
  const named = places.path !== undefined ? ' (from --config)' : tried.length === 1 ? ' (from CAES_CONFIG)' : ''
  throw new CaesError('CAES_CONFIG_NOT_FOUND', `no configuration found; looked at ${tried.join(', ')}${named}`, {
    hint: 'create one of these, or name a file with --config FILE',
  })
}
