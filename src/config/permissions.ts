/** Whether others on this machine can read a file that holds secrets. */
import { stat } from 'node:fs/promises'
import type { Config } from './config.js'
import { secretsOf } from './redact.js'

/**
 * Who else can read it, in words; undefined where nobody can. That a group may read what another user owns is how a
 * service that is not root gets to read its configuration at all.
 */
export const otherReaders = (mode: number, isOwn: boolean): string | undefined => {
  if ((mode & 0o004) !== 0) return 'every user of this machine'
  return isOwn && (mode & 0o040) !== 0 ? 'its group' : undefined
}

/** A warning where the text of the file itself has one of the secrets in it. */
export const secretsInTheOpen = async (file: string, text: string, config: Config): Promise<string[]> => {
  // Windows has no such modes.
  if (process.getuid === undefined || !secretsOf(config).some((secret) => text.includes(secret))) return []
  const { mode, uid } = await stat(file)
  const readers = otherReaders(mode, uid === process.getuid())
  if (readers === undefined) return []
  return [`${file}: ${readers} can read the secrets in it; try chmod 600, or name files with { file: path } instead`]
}
