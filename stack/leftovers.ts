import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dockerStack } from './docker.js'
import { takeLock } from './lock.js'
import { nativeStack } from './native-stack.js'
import { isAlive, identityOf, type ProcessIdentity } from '../src/runtime/process-identity.js'
import { say } from './progress.js'
import { readSettings } from './settings.js'
import type { Stack } from './stack.js'

/** Who uses a passing stack's folder, and how its servers run. */
export interface PassingOwner extends ProcessIdentity {
  /** The compose project when its servers are containers. */
  readonly project: string | undefined
}

const prefix = 'exec-'

/** Makes the folder of a passing stack. It appears with its owner's name in it, so that nobody takes it for left over. */
export function makePassingFolder(folder: string, project: string | undefined): string {
  const owner: PassingOwner = { ...identityOf(process.pid), project }
  const draft = join(folder, `draft-${process.pid}`)
  const home = join(folder, `${prefix}${process.pid}`)
  mkdirSync(draft, { recursive: true })
  writeFileSync(join(draft, 'owner.json'), JSON.stringify(owner))
  rmSync(home, { recursive: true, force: true })
  renameSync(draft, home)
  return home
}

/** Stops and removes the passing stacks whose owners were killed before they could do it themselves. */
export async function clearLeftovers(folder: string, signal: AbortSignal): Promise<void> {
  const release = await takeLock(join(folder, 'leftovers.lock'), signal, (pid) => say(`waiting for pid ${pid}`))
  try {
    for (const entry of readdirSync(folder).filter((name) => name.startsWith(prefix))) {
      const home = join(folder, entry)
      const owner = readOwner(home)
      if (owner !== undefined && isAlive(owner)) continue
      const stopped = await passingStack(home, folder, owner?.project).stop({ wipe: true })
      if (stopped.length > 0) say(`stopped what an earlier run left behind: ${stopped.join(', ')}`)
      rmSync(home, { recursive: true, force: true })
    }
  } finally {
    release()
  }
}

/** Ports and versions play no part in stopping: the defaults serve. */
function passingStack(home: string, folder: string, project: string | undefined): Stack {
  const settings = readSettings({})
  return project === undefined
    ? nativeStack(settings, { home, dist: join(folder, 'dist') })
    : dockerStack(settings, project)
}

function readOwner(home: string): PassingOwner | undefined {
  const file = join(home, 'owner.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as PassingOwner) : undefined
}
