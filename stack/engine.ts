import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { CaesError } from '../src/core/errors.js'
import { dockerStack, isDockerReachable } from './docker.js'
import { nativeStack } from './native-stack.js'
import { liveRecords } from './server-record.js'
import type { StackSettings } from './settings.js'
import type { Stack } from './stack.js'

/** Docker where an engine is reachable, unless the user says otherwise or the folder's servers run without it already. */
export async function useDocker(settings: StackSettings, home: string): Promise<boolean> {
  if (settings.engine === 'native') return false
  if (settings.engine === 'detect' && liveRecords(home).length > 0) return false
  if (await isDockerReachable()) return true
  if (settings.engine === 'detect') return false
  throw new CaesError('CAES_STACK', 'CAES_STACK_ENGINE is docker, but no Docker engine with "docker compose" answers', {
    hint: 'start Docker, or unset CAES_STACK_ENGINE to run the servers without it',
  })
}

/** Where a standing stack keeps its things: the secure one has a folder beside the plain one's. */
export const homeOf = ({ secure }: Pick<StackSettings, 'secure'>, folder: string): string =>
  secure ? join(folder, 'secure') : folder

/** The stack that `up`, `down` and `status` share. */
export async function standingStack(settings: StackSettings, folder: string): Promise<Stack> {
  return (await useDocker(settings, folder))
    ? dockerStack(settings, `caes-sync-stack-${shortHash(folder)}`)
    : nativeStack(settings, { home: homeOf(settings, folder), dist: join(folder, 'dist') })
}

/** Two clones on one machine have stacks of their own. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}
